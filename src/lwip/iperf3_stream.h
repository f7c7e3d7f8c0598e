// iperf3_stream.h - one data stream
// SPDX-License-Identifier: MIT

#ifndef IPERF3_STREAM_H
#define IPERF3_STREAM_H

#include <stdbool.h>
#include <stdint.h>

#include "iperf3_counter.h"
#include "iperf3_report.h"
#include "lwip/tcp.h"

struct iperf3;

enum iperf3_stream_state {
    STREAM_CLOSED,
    STREAM_CONNECTING, // client: waits for the TCP handshake
    STREAM_CONNECTED,  // client: the cookie is still to be sent
    STREAM_OPEN,
    STREAM_FAILED, // client: did not open, or broke
};

// Starts zeroed. Changed by lwIP's callbacks: read it where lwIP may be called.
struct iperf3_stream {
    struct iperf3 *session;
    struct iperf3_stream_report *report; // this stream's; changed by iperf3_poll() only
    struct tcp_pcb *pcb;
    struct iperf3_counter bytes; // sent or received
    uint32_t in_flight;          // payload and cookie that lwIP still holds
    uint32_t rest;               // bytes to send although not running: the end of a block
    enum iperf3_stream_state state;
    bool sender;
    bool running;  // sends all it can
    bool shut;     // our FIN is out
    bool fin_seen; // the peer's FIN is in
};

// Client: connects to the server's data port. Does not fail: the state tells.
void iperf3_stream_connect(struct iperf3_stream *stream, const ip_addr_t *server, u16_t port);

// Client: sends the cookie once the connection stands; then the stream is open.
void iperf3_stream_greet(struct iperf3_stream *stream);

// Server: takes over a connection whose cookie was right. input: payload that
// came with the cookie, or NULL; is freed.
void iperf3_stream_adopt(struct iperf3_stream *stream, struct tcp_pcb *pcb, struct pbuf *input);

// Begins to send. From now on each acknowledgement makes room for more.
void iperf3_stream_start(struct iperf3_stream *stream);

// Goes on after a shortage of memory with nothing under way, when no
// acknowledgement will come. Cheap when there is nothing to do.
void iperf3_stream_revive(struct iperf3_stream *stream);

// Sends no more than what completes the block that was begun (complete), or
// nothing more at all.
void iperf3_stream_stop(struct iperf3_stream *stream, bool complete);

// Sends FIN after what was sent. Data that still come are dropped.
void iperf3_stream_shutdown(struct iperf3_stream *stream);

// Closes; lwIP no longer refers to the stream or the payload. With payload still
// under way this resets the connection.
void iperf3_stream_close(struct iperf3_stream *stream);

#endif // IPERF3_STREAM_H
