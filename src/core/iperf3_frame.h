// iperf3_frame.h - cuts the bytes of the control connection into messages
// SPDX-License-Identifier: MIT
//
// TCP may deliver half a message or three at once. Feed what arrived; take each
// message, or piece of a long one, as it completes; say what kind comes next.

#ifndef IPERF3_FRAME_H
#define IPERF3_FRAME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "iperf3_chart.h"
#include "iperf3_wire.h"

// A JSON length below this starts with a zero byte, so that a state byte in its
// place (a peer that terminates while its results are awaited) is recognised.
#define IPERF3_MAX_JSON_SIZE 0x00ffffffu

enum iperf3_frame_result {
    FRAME_MORE,       // the message is not complete
    FRAME_GOT_STATE,  // frame->state; for STATE_SERVER_ERROR also frame->error
    FRAME_GOT_COOKIE, // frame->bytes, IPERF3_COOKIE_SIZE of them
    FRAME_GOT_JSON,   // a piece of JSON text lies at the end of what was used
    FRAME_BAD,        // a length of 0 or above the limit
};

struct iperf3_frame {
    enum iperf3_frame_kind kind;
    uint8_t state;
    int32_t error;       // iperf3's number that came with SERVER_ERROR, 0: none
    size_t piece;        // FRAME_GOT_JSON: size of the piece
    uint32_t left;       // JSON text that is still to come; 0: that was the last piece
    uint32_t max_json;   // longest JSON text accepted
    uint8_t have;        // bytes of the message taken into `bytes`
    uint8_t bytes[IPERF3_COOKIE_SIZE];
};

// Starts the next message. max_json: longest JSON text accepted, at most
// IPERF3_MAX_JSON_SIZE; FRAME_JSON only.
void iperf3_frame_expect(
    struct iperf3_frame *frame, enum iperf3_frame_kind kind, uint32_t max_json);

// Whether nothing of a message has been taken since iperf3_frame_expect(), so
// that another kind of message may still be expected instead.
static inline bool iperf3_frame_idle(const struct iperf3_frame *frame) {
    return frame->have == 0 && frame->left == 0;
}

// Takes bytes up to the end of one message or piece; *used (at least 1 for a
// size of at least 1) says how many. Where JSON was expected a state byte may
// come instead and is delivered as such.
enum iperf3_frame_result iperf3_frame_feed(
    struct iperf3_frame *frame, const uint8_t *data, size_t size, size_t *used);

// The connection has ended. A SERVER_ERROR whose numbers never came still
// counts: servers before 3.21 send only one of the two.
enum iperf3_frame_result iperf3_frame_end(struct iperf3_frame *frame);

#endif // IPERF3_FRAME_H
