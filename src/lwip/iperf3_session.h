// iperf3_session.h - a session from the inside
// SPDX-License-Identifier: MIT

#ifndef IPERF3_SESSION_H
#define IPERF3_SESSION_H

#include <stdbool.h>
#include <stdint.h>

#include "iperf3.h"
#include "iperf3_channel.h"
#include "iperf3_chart.h"
#include "iperf3_clock.h"
#include "iperf3_control.h"
#include "iperf3_pacer.h"
#include "iperf3_params.h"
#include "iperf3_results.h"
#include "iperf3_stream.h"
#include "iperf3_wire.h"

// Connections to a server that have not yet been told from strangers.
#define IPERF3_GUESTS 4

// Reports that can wait for iperf3_poll(): the last interval, the end of the
// test, and the server listening again.
#define IPERF3_MAX_REPORTS 4

// What makes a session a client or a server: the actions of its chart, and what
// else only one of them does. Nothing else refers to the two, so the linker leaves
// out the one that a program does not use.
struct iperf3_side {
    enum iperf3_role role;

    // In the order of enum iperf3_action, from first_action on.
    enum iperf3_action first_action;
    void(*const *actions)(struct iperf3 *session);

    // What only this side has to see to from time to time.
    void (*poll)(struct iperf3 *session);

    // JSON comes next. Prepares for it; returns the longest accepted.
    uint32_t (*expect_json)(struct iperf3 *session);

    // A piece of it.
    enum iperf3_json_status (*take_json)(struct iperf3 *session, const char *text, size_t size);

    // It has come to its end, well-formed (good) or not.
    enum iperf3_event (*judge_json)(struct iperf3 *session, bool good);

    // A test has failed, and is closed and reported.
    void (*ended)(struct iperf3 *session);
};

struct iperf3_guest {
    struct iperf3_channel channel;
    uint64_t since;
};

// What is used most comes first: Thumb reaches it with shorter instructions.
struct iperf3 {
    enum iperf3_phase phase;
    bool accepted; // server: the parameters of this test were agreed to
    bool counting;
    bool omitting;
    bool interval_reported; // at least one
    uint8_t guest_count;
    uint8_t report_count;
    uint8_t reports[IPERF3_MAX_REPORTS]; // enum iperf3_report_type, in order
    u16_t port;

    const struct iperf3_side *side;        // set when it is started
    const struct iperf3_stream_kind *kind; // TCP's or UDP's
    struct iperf3_stream *streams;
    struct iperf3_stream *streams_end; // behind the last one of this test
    struct iperf3_stream *next_stream; // the first that is not open
    struct iperf3_stream_report *stream_reports;
    struct udp_pcb *udp;       // server: the streams of a UDP test
    struct tcp_pcb *listener;  // server
    const char *server_output; // server: NUL-terminated, or NULL

    // Microseconds of a clock that does not wrap.
    uint32_t last_clock;
    uint64_t now;
    uint64_t began;   // the test
    uint64_t started; // the test, or the end of its omitted seconds
    uint64_t ended;   // the counting; valid once `counting` is off
    uint64_t interval_started;
    uint64_t next_interval;
    uint64_t deadline;     // of the phase
    uint64_t moved;        // bytes received; of a side that only sends: acknowledged
    uint64_t changed;      // when `moved` last changed, or the phase began
    uint64_t acknowledged; // while draining: when there last was something under way
    uint64_t rate_since;   // server: the time and
    uint64_t rate_bytes;   //   the bytes from which on the mean rate is computed
    uint64_t broken;       // when a data stream was seen to have broken; 0: none has
    uint64_t goal_to_send; // bytes, IPERF3_NO_GOAL: none
    uint64_t sent;         // on all streams, compared with the goal

    // What iperf3_poll() returns; in between its role, test, streams and error
    // are the session's own.
    struct iperf3_report report;
    struct iperf3_config config;
    struct iperf3_control control;
    ip_addr_t peer; // the other host
    uint8_t cookie[IPERF3_COOKIE_SIZE];
    union {
        struct iperf3_params_reader params;
        struct iperf3_results_reader results;
    } reading; // what JSON the control connection brings
    struct iperf3_guest guests[IPERF3_GUESTS]; // in the order they came
};

// NOLINTBEGIN(bugprone-macro-parentheses): it declares a variable
#define FOR_EACH_STREAM(session, stream) \
    for (struct iperf3_stream *stream = (session)->streams; stream < (session)->streams_end; stream++)
// NOLINTEND(bugprone-macro-parentheses)

// A client or a server starts.
void iperf3_session_start(iperf3_t *session, const struct iperf3_side *side, uint16_t port);

// Does what the chart says about an event: the one place that changes the phase.
void iperf3_session_event(iperf3_t *session, enum iperf3_event event);

// Has the application call iperf3_poll(). context: the session; for lwIP's callbacks.
void iperf3_session_wake(void *context);

// Forgets the last test.
void iperf3_session_begin(iperf3_t *session);

// Has iperf3_poll() return a report of this type.
void iperf3_session_report(iperf3_t *session, enum iperf3_report_type type);

// Prepares report.test's streams, all closed. They must fit.
void iperf3_session_set_up_streams(iperf3_t *session);

// Whether this side sends, or receives, on any stream of report.test.
bool iperf3_session_sends(const iperf3_t *session);
bool iperf3_session_receives(const iperf3_t *session);

// Whether blocks of this test's length can be sent from the payload.
bool iperf3_session_length_fits(const iperf3_t *session, const struct iperf3_test *test);

// Whether datagrams to this peer are never fragmented, if the test asks for that.
bool iperf3_session_fits_packet(
    const struct iperf3_test *test, bool sends, const ip_addr_t *peer);

// Whether lwIP's buffers are as large as the test wants them.
bool iperf3_session_window_fits(const struct iperf3_test *test);

// Starts the clock of the test; counting begins.
void iperf3_session_start_clock(iperf3_t *session);

// Starts the streams that send.
void iperf3_session_start_streams(iperf3_t *session);

// Stops the streams that send; complete: at the end of a block.
void iperf3_session_stop_streams(iperf3_t *session, bool complete);

// Ends the counting, with a last interval. Does nothing when it has ended before.
void iperf3_session_end_counting(iperf3_t *session, uint64_t when);

// Puts the totals into the report and those of the streams.
void iperf3_session_sum_up(iperf3_t *session);

void iperf3_session_close_streams(iperf3_t *session);

// Closes the control connection and the data streams. lwIP holds nothing of the
// test any more.
void iperf3_session_close(iperf3_t *session);

#endif // IPERF3_SESSION_H
