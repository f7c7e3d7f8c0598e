// iperf3_stream.h - one data stream
// SPDX-License-Identifier: MIT

#ifndef IPERF3_STREAM_H
#define IPERF3_STREAM_H

#include <stdbool.h>
#include <stdint.h>

#include "iperf3_counter.h"
#include "iperf3_loss.h"
#include "iperf3_report.h"
#include "lwip/tcp.h"
#include "lwip/udp.h"

struct iperf3;

enum iperf3_stream_state {
    STREAM_CLOSED,
    STREAM_CONNECTING, // client: waits for the TCP handshake, or the server's UDP reply
    STREAM_CONNECTED,  // client, TCP: the cookie is still to be sent
    STREAM_OPEN,
    STREAM_FAILED, // did not open, or broke
};

struct iperf3_stream;

// What TCP and UDP do each in their own way.
struct iperf3_stream_kind {
    // Server: prepares to be connected to, before there are streams. NULL: nothing to do.
    err_t (*listen)(struct iperf3 *session);

    // Client: begins to open the stream. Does not fail: the state tells.
    void (*connect)(struct iperf3_stream *stream, const ip_addr_t *server, u16_t port);

    // Client: the connection stands; whatever is still needed to open the stream.
    void (*greet)(struct iperf3_stream *stream);

    // Sends what it may and lwIP takes.
    void (*send)(struct iperf3_stream *stream);

    // Says that nothing more will be sent. Data that still come are dropped.
    void (*shutdown)(struct iperf3_stream *stream);

    // Closes; lwIP no longer refers to the stream.
    void (*close)(struct iperf3_stream *stream);
};

extern const struct iperf3_stream_kind iperf3_stream_tcp;
extern const struct iperf3_stream_kind iperf3_stream_udp;

// NULL: not built in (iperf3_opts.h).
const struct iperf3_stream_kind *iperf3_stream_kind(enum iperf3_protocol protocol);

// Starts zeroed. Changed by lwIP's callbacks: read it where lwIP may be called.
struct iperf3_stream {
    enum iperf3_stream_state state;
    bool sender;
    bool receives; // and counts it
    bool running;  // sends all it can
    bool shut;     // TCP: our FIN is out
    bool fin_seen; // TCP: the peer's FIN is in
    struct iperf3 *session;
    struct iperf3_stream_report *report; // this stream's; changed by iperf3_poll() only
    struct tcp_pcb *pcb;                 // TCP
    struct udp_pcb *udp;                 // UDP client; a server's streams share the session's
    uint32_t in_flight;                  // TCP: payload and cookie that lwIP still holds
    uint32_t rest; // bytes to send although not running: the end of a block
    uint64_t allowed;                    // sender: of bytes.all, as paced
    struct iperf3_counter bytes;         // sent or received
    struct iperf3_loss loss;             // UDP
};

// Server, TCP: takes over a connection whose cookie was right. input: payload
// that came with the cookie, or NULL; is freed.
void iperf3_stream_adopt(struct iperf3_stream *stream, struct tcp_pcb *pcb, struct pbuf *input);

/// What is the same for TCP and UDP ///

// Client: the local port that the stream is to have, 0: any.
u16_t iperf3_stream_local_port(const struct iperf3_stream *stream);

// Bytes the stream may send now.
uint32_t iperf3_stream_allowance(const struct iperf3_stream *stream);

// Counts bytes that lwIP has taken.
void iperf3_stream_count_sent(struct iperf3_stream *stream, uint32_t size);

// Begins to send.
void iperf3_stream_start(struct iperf3_stream *stream);

// Sends what no callback would send: what pacing newly allows, datagrams, and
// more after a shortage of memory with nothing under way. Cheap when there is
// nothing to do.
void iperf3_stream_poll(struct iperf3_stream *stream);

// Sends no more than what completes the block that was begun (complete), or
// nothing more at all.
void iperf3_stream_stop(struct iperf3_stream *stream, bool complete);

#endif // IPERF3_STREAM_H
