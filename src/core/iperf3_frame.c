// iperf3_frame.c - see iperf3_frame.h
// SPDX-License-Identifier: MIT

#include "iperf3_frame.h"

#include <stdbool.h>
#include <string.h>

void iperf3_frame_expect(
    struct iperf3_frame *frame, enum iperf3_frame_kind kind, uint32_t max_json) {
    frame->kind = kind;
    frame->have = 0;
    frame->left = 0;
    frame->error = 0;
    frame->max_json = max_json;
}

// Collects up to `whole` bytes. True when they are all there.
static bool collect(struct iperf3_frame *frame, size_t whole, const uint8_t *data, size_t size,
    size_t *used) {
    size_t take = whole - frame->have;

    if (take > size) {
        take = size;
    }
    memcpy(frame->bytes + frame->have, data, take);
    frame->have = (uint8_t)(frame->have + take);
    *used = take;
    return frame->have == whole;
}

static enum iperf3_frame_result take_state(
    struct iperf3_frame *frame, const uint8_t *data, size_t size, size_t *used) {
    uint8_t first = frame->have > 0 ? frame->bytes[0] : data[0];
    size_t whole = first == STATE_SERVER_ERROR ? 1 + IPERF3_SERVER_ERROR_SIZE : 1;

    if (!collect(frame, whole, data, size, used)) {
        return FRAME_MORE;
    }
    frame->state = first;
    if (first == STATE_SERVER_ERROR) {
        frame->error = (int32_t)iperf3_get_u32(frame->bytes + 1);
    }
    return FRAME_GOT_STATE;
}

static enum iperf3_frame_result take_prefix(
    struct iperf3_frame *frame, const uint8_t *data, size_t size, size_t *used) {
    if (frame->have == 0 && iperf3_chart_event(data[0]) != EVENT_UNKNOWN_STATE) {
        frame->kind = FRAME_STATE;
        return take_state(frame, data, size, used);
    }
    if (!collect(frame, IPERF3_JSON_PREFIX_SIZE, data, size, used)) {
        return FRAME_MORE;
    }
    frame->left = iperf3_get_u32(frame->bytes);
    return frame->left == 0 || frame->left > frame->max_json ? FRAME_BAD : FRAME_MORE;
}

static enum iperf3_frame_result take_json(
    struct iperf3_frame *frame, const uint8_t *data, size_t size, size_t *used) {
    (void)data;
    frame->piece = size < frame->left ? size : frame->left;
    frame->left -= (uint32_t)frame->piece;
    *used = frame->piece;
    return FRAME_GOT_JSON;
}

enum iperf3_frame_result iperf3_frame_feed(
    struct iperf3_frame *frame, const uint8_t *data, size_t size, size_t *used) {
    *used = 0;
    if (size == 0) {
        return FRAME_MORE;
    }

    switch (frame->kind) {
        case FRAME_STATE:
            return take_state(frame, data, size, used);
        case FRAME_COOKIE:
            return collect(frame, IPERF3_COOKIE_SIZE, data, size, used) ? FRAME_GOT_COOKIE : FRAME_MORE;
        case FRAME_JSON:
            return frame->left > 0 ? take_json(frame, data, size, used)
                                   : take_prefix(frame, data, size, used);
    }
    return FRAME_BAD;
}

enum iperf3_frame_result iperf3_frame_end(struct iperf3_frame *frame) {
    if (frame->kind != FRAME_STATE || frame->have == 0 || frame->bytes[0] != STATE_SERVER_ERROR) {
        return FRAME_MORE;
    }
    frame->state = STATE_SERVER_ERROR;
    if (frame->have > 4) {
        frame->error = (int32_t)iperf3_get_u32(frame->bytes + 1);
    }
    frame->have = 0;
    return FRAME_GOT_STATE;
}
