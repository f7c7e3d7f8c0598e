// iperf3_stream.c - what TCP and UDP streams have in common
// SPDX-License-Identifier: MIT

#include "iperf3_stream.h"

#include "iperf3_goal.h"
#include "iperf3_session.h"

const struct iperf3_stream_kind *iperf3_stream_kind(enum iperf3_protocol protocol) {
    #if IPERF3_WITH_UDP
    if (protocol == IPERF3_UDP) {
        return &iperf3_stream_udp;
    }
    #endif
    return protocol == IPERF3_TCP ? &iperf3_stream_tcp : NULL;
}

u16_t iperf3_stream_local_port(const struct iperf3_stream *stream) {
    u16_t first = stream->session->config.local_port;

    return (u16_t)(first == 0 ? 0 : first + (stream - stream->session->streams));
}

static uint64_t left(uint64_t limit, uint64_t used) {
    return limit > used ? limit - used : 0;
}

uint32_t iperf3_stream_allowance(const struct iperf3_stream *stream) {
    const struct iperf3 *session = stream->session;
    uint64_t allowance = left(session->goal_to_send, session->sent);

    if (!stream->running) {
        return stream->rest;
    }
    allowance = LWIP_MIN(allowance, left(stream->allowed, stream->bytes.all));
    return allowance < UINT32_MAX ? (uint32_t)allowance : UINT32_MAX;
}

void iperf3_stream_count_sent(struct iperf3_stream *stream, uint32_t size) {
    stream->bytes.all += size;
    stream->session->sent += size;
    if (!stream->running) {
        stream->rest -= size;
    }
}

void iperf3_stream_start(struct iperf3_stream *stream) {
    stream->running = stream->sender && stream->state == STREAM_OPEN;
    stream->allowed = iperf3_pacer_allowed(&stream->session->report.test, 0);
    if (stream->running) {
        stream->session->kind->send(stream); // not only when the cookie is acknowledged
    }
}

void iperf3_stream_poll(struct iperf3_stream *stream) {
    bool nobody_calls = stream->in_flight == 0 || stream->allowed != IPERF3_UNPACED;

    if (nobody_calls && (stream->running || stream->rest > 0)) {
        stream->session->kind->send(stream);
    }
}

void iperf3_stream_stop(struct iperf3_stream *stream, bool complete) {
    if (!stream->running) {
        return;
    }
    stream->running = false;
    if (complete && stream->pcb != NULL) {
        stream->rest = iperf3_goal_rest_of_block(
            stream->bytes.all, stream->session->report.test.length);
        tcp_nagle_disable(stream->pcb); // nothing will follow the last segment
    }
    iperf3_stream_poll(stream);
}
