// iperf3_client.c - see iperf3_client.h
// SPDX-License-Identifier: MIT

#include "iperf3_client.h"

#include "iperf3_cookie.h"
#include "iperf3_exchange.h"
#include "iperf3_session.h"

void iperf3_client_send_cookie(struct iperf3 *session) {
    iperf3_cookie_make(session->cookie, session->config.random);
    iperf3_control_send(session, session->cookie, sizeof(session->cookie));
}

// iperf3's default for a block: 128 KiB, or a datagram that is not fragmented.
static uint32_t default_length(const struct iperf3 *session) {
    const struct tcp_pcb *pcb = session->control.channel.pcb;
    uint32_t longest = (uint32_t)session->config.payload_size;

    if (session->report.test.protocol == IPERF3_TCP) {
        return IPERF3_DEFAULT_TCP_LENGTH;
    }
    return LWIP_MIN(longest, pcb != NULL ? tcp_mss(pcb) : TCP_MSS);
}

void iperf3_client_send_params(struct iperf3 *session) {
    if (session->report.test.length == 0) {
        session->report.test.length = default_length(session);
    }
    iperf3_session_report(session, IPERF3_CONNECTING);
    iperf3_control_send_json(session, iperf3_exchange_write_params);
}

void iperf3_client_open_streams(struct iperf3 *session) {
    iperf3_session_set_up_streams(session);
}

// The server says that all streams are open. Of a UDP stream's, its reply may
// have been lost; of a TCP stream's it can only be wrong.
void iperf3_client_prepare_test(struct iperf3 *session) {
    for (unsigned i = 0; i < session->report.stream_count; i++) {
        struct iperf3_stream *stream = &session->streams[i];

        if (stream->udp != NULL && stream->state == STREAM_CONNECTING) {
            stream->state = STREAM_OPEN;
        } else if (stream->state != STREAM_OPEN) {
            stream->state = STREAM_FAILED;
        }
    }
    iperf3_session_start_clock(session);
}

void iperf3_client_start_test(struct iperf3 *session) {
    iperf3_session_report(session, IPERF3_STARTED);
    iperf3_session_start_streams(session);
}

void iperf3_client_send_test_end(struct iperf3 *session) {
    const struct iperf3_test *test = &session->report.test;

    // A server may have sent more datagrams before it hears of the end. Those
    // that it has numbered would else be neither received nor lost.
    if (test->protocol == IPERF3_TCP || test->direction != IPERF3_REVERSE) {
        iperf3_session_end_counting(session, session->now);
    }
    iperf3_control_send_state(session, STATE_TEST_END);
}

void iperf3_client_send_results(struct iperf3 *session) {
    iperf3_session_end_counting(session, session->now);
    iperf3_control_send_json(session, iperf3_exchange_write_results);
}

void iperf3_client_finish(struct iperf3 *session) {
    iperf3_control_send_state(session, STATE_IPERF_DONE);
    iperf3_session_close(session);
    iperf3_session_report(session, IPERF3_FINISHED);
}

// The server numbers the streams in the order of their handshakes, so the next
// one begins when the one before stands.
void iperf3_client_poll(struct iperf3 *session) {
    while (session->phase == PHASE_OPENING_STREAMS) {
        struct iperf3_stream *stream = &session->streams[session->streams_open];

        if (stream->state == STREAM_CLOSED) {
            stream->kind->connect(stream, &session->peer, session->port);
        }
        if (stream->state == STREAM_CONNECTED) {
            stream->kind->greet(stream);
        }
        if (stream->state != STREAM_OPEN) {
            return;
        }
        session->streams_open++;
        if (session->streams_open == session->report.stream_count) {
            iperf3_session_event(session, EVENT_STREAMS_OPEN);
        }
    }
}
