// iperf3_report.h - what a session has to tell, and iperf3's text and JSON for it
// SPDX-License-Identifier: MIT
//
// Plain C99: no lwIP, no floating point. iperf3_poll() (iperf3.h) returns
// reports; iperf3_report_text() prints them as the iperf3 program does, and
// iperf3_report_json() as the program does with -J.

#ifndef IPERF3_REPORT_H
#define IPERF3_REPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "iperf3_test.h"

#ifdef __cplusplus
extern "C" {
#endif

enum iperf3_report_type {
    IPERF3_CONNECTING, // client: the server is there and takes the test
    IPERF3_LISTENING,  // server: waiting for a client
    IPERF3_ACCEPTED,   // server: a client has come
    IPERF3_STARTED,    // the streams are open, the data flow
    IPERF3_INTERVAL,   // one interval of the running test
    IPERF3_MEASURED,   // server: the data have come to their end; totals of this side
    IPERF3_SERVER_OUTPUT, // client: a piece of what the server has printed (get_server_output)
    IPERF3_FINISHED,   // totals of both sides; the test is over
    IPERF3_FAILED,     // the test ended early, `error` says why; totals of this side
};

// What was counted over some time. For a sender bytes and packets are those
// sent, for a receiver those received, headers of TCP/UDP and below excluded.
struct iperf3_counts {
    uint64_t bytes;
    uint64_t packets;      // UDP; for a receiver: sent to it as far as it knows
    int64_t lost;          // UDP receiver; negative where more came late than were missed
    uint64_t out_of_order; // UDP receiver
    uint32_t jitter_us;    // UDP receiver, RFC 1889
    int32_t retransmits;   // TCP sender: segments; -1: not known
};

struct iperf3_stream_report {
    uint16_t id; // as iperf3 numbers streams: 1, 3, 4, 5, ...
    uint16_t local_port;
    uint16_t remote_port;
    bool sender;                 // this side sends
    uint32_t cwnd;               // IPERF3_INTERVAL, TCP sender: congestion window, bytes
    struct iperf3_counts counts; // this side: in the interval (IPERF3_INTERVAL), or since the
                                 //   omitted seconds (IPERF3_MEASURED, _FINISHED, _FAILED)
    struct iperf3_counts remote; // IPERF3_FINISHED: the other side's totals as it told them
    uint64_t remote_us;          // IPERF3_FINISHED: duration as the other side measured it
};

// Large enough for any IPv6 address with a scope; lwIP's IPADDR_STRLEN_MAX.
#define IPERF3_HOST_SIZE 46

// Valid until the next call of iperf3_poll() or of a function that starts a
// session; only iperf3_poll() changes it, so it may be read where lwIP's lock
// is not held.
struct iperf3_report {
    enum iperf3_report_type type;
    enum iperf3_role role;
    enum iperf3_error error; // IPERF3_FAILED
    bool first;              // IPERF3_INTERVAL: no other came before in this test
    bool omitted;            // IPERF3_INTERVAL: not part of the totals
    bool measured;           // IPERF3_MEASURED has been reported of this test
    uint16_t local_port;     // of the control connection; server: the port listened on
    uint16_t remote_port;
    uint16_t mss;            // of the control connection, bytes
    int32_t server_error;    // IPERF3_ERR_SERVER_ERROR, IPERF3_ERR_UNWILLING: iperf3's number for why
    uint32_t test_number;    // server: 1 for the first test
    unsigned stream_count;   // STARTED and later: both directions together
    const struct iperf3_stream_report *streams;
    const char *cookie;      // STARTED and later: 36 characters, or fewer and a NUL; a
                             //   client may send any bytes for them
    uint64_t start_us;       // INTERVAL, MEASURED, FINISHED, FAILED: since the start of the
    uint64_t end_us;         //   test, or since the end of its omitted seconds
    struct iperf3_test test; // CONNECTING: as asked for; STARTED and later: as agreed
    const char *server_output; // SERVER_OUTPUT: the piece, UTF-8 or JSON, not terminated. FINISHED:
                               //   NULL; iperf3_report_text() of a copy with all of it prints it
    size_t server_output_size;
    bool server_output_is_json; // the server was run with -J
    uint32_t remote_cpu_millipercent[3]; // FINISHED: total, user, system; 1/1000 %
    char local_host[IPERF3_HOST_SIZE];
    char remote_host[IPERF3_HOST_SIZE];
};

/// Text ///

// Where text goes, a piece at a time; no terminator.
struct iperf3_printer {
    void (*print)(void *context, const char *text, size_t size);
    void *context;
};

// Prints the lines that the iperf3 program (3.12) prints for this report, line
// ends "\n" included; nothing for a report that iperf3 has no line for. Errors
// are left to the caller: iperf3 prints them on its standard error. Needs about
// 600 bytes of stack, no heap.
void iperf3_report_text(const struct iperf3_printer *printer, const struct iperf3_report *report);

/// JSON ///

// Prints the piece of iperf3's -J document that this report is: for STARTED the
// object `start`, for INTERVAL an element of the array `intervals`, for FINISHED
// and FAILED the object `end` ({} where iperf3 sums nothing up), nothing for the
// others. The same pieces are the `data` of iperf3's --json-stream. In a document
// of a failed test `error` is the fourth member: iperf3_strerror() or, for
// IPERF3_ERR_SERVER_ERROR, iperf3_server_error_text().
//
// Keys and their order are those of iperf3 3.12. What is not known is left out, as
// by iperf3 where it cannot know: timestamp, sndbuf_actual, rcvbuf_actual; of TCP
// senders retransmits (unless the other side told them), snd_wnd, rtt, rttvar, pmtu,
// max_snd_cwnd, max_snd_wnd, max_rtt, min_rtt and mean_rtt; the other side's TCP
// congestion algorithm. Always there, since scripts read them, but 0: host_total,
// host_user and host_system of the CPU; sock_bufsize. Unlike iperf3's, a server's
// document has the client's figures too, not 0, and `end`, `seconds` and
// `bits_per_second` of an object are about the same time.
//
// Needs about 500 bytes of stack, no heap.
void iperf3_report_json(const struct iperf3_printer *printer, const struct iperf3_report *report);

#ifdef __cplusplus
}
#endif

#endif // IPERF3_REPORT_H
