// iperf3_exchange.c - see iperf3_exchange.h
// SPDX-License-Identifier: MIT

#include "iperf3_exchange.h"

#include <string.h>

#include "iperf3_session.h"

void iperf3_exchange_write_params(struct iperf3 *session, struct iperf3_json_writer *writer) {
    iperf3_params_write(writer, &session->report.test);
}

static void get_stream(void *context, unsigned index, struct iperf3_stream_result *result) {
    const struct iperf3 *session = context;
    const struct iperf3_stream_report *stream = &session->stream_reports[index];

    memset(result, 0, sizeof(*result));
    result->id = stream->id;
    result->retransmits = stream->total.retransmits;
    result->bytes = stream->total.bytes;
    result->end_us = session->ended - session->started;
}

void iperf3_exchange_write_results(struct iperf3 *session, struct iperf3_json_writer *writer) {
    bool sends = session->report.test.direction == IPERF3_BIDIR
        || (session->report.role == IPERF3_CLIENT)
        == (session->report.test.direction == IPERF3_FORWARD);
    const struct iperf3_results results = {
        .sender_has_retransmits = sends ? 0 : -1, // lwIP does not count all of them
        .congestion = "reno",
        .stream_count = session->report.stream_count,
        .stream = get_stream,
        .context = session,
    };

    iperf3_results_write(writer, &results);
}

static void keep_stream(void *context, const struct iperf3_stream_result *result) {
    struct iperf3 *session = context;

    for (unsigned i = 0; i < session->report.stream_count; i++) {
        struct iperf3_stream_report *stream = &session->stream_reports[i];

        if (stream->id == result->id) {
            stream->remote.bytes = result->bytes;
            stream->remote.retransmits = result->retransmits;
            stream->remote_us = result->end_us - result->start_us;
            return;
        }
    }
}

void iperf3_exchange_expect_results(struct iperf3 *session) {
    iperf3_results_reader_init(&session->reading.results, keep_stream, session);
}
