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
    const struct iperf3_stream *stream = &session->streams[index];
    const struct iperf3_loss *loss = &stream->loss;

    result->id = stream->report->id;
    result->retransmits = -1; // lwIP does not count all of them
    result->bytes = (int64_t)iperf3_counter_total(&stream->bytes);
    result->jitter_us = iperf3_loss_jitter_us(loss);
    result->errors = (int64_t)loss->lost.all;
    result->omitted_errors = (int64_t)loss->lost.omitted;
    result->packets = (int64_t)loss->packets.all;
    result->omitted_packets = (int64_t)loss->packets.omitted;
    result->end_us = (int64_t)(session->ended - session->started);
}

void iperf3_exchange_write_results(struct iperf3 *session, struct iperf3_json_writer *writer) {
    const struct iperf3_results results = {
        .sender_has_retransmits = iperf3_session_sends(session) ? 0 : -1, // lwIP does not count all of them
        .congestion = session->report.test.protocol == IPERF3_TCP ? IPERF3_CONGESTION : NULL,
        .server_output = session->report.role == IPERF3_SERVER && session->report.test.get_server_output
            ? session->server_output : NULL,
        .stream_count = session->report.stream_count,
        .stream = get_stream,
        .context = session,
    };

    iperf3_results_write(writer, &results);
}

static uint64_t difference(int64_t all, int64_t omitted) {
    return all > omitted ? (uint64_t)(all - omitted) : 0;
}

static void keep_stream(void *context, const struct iperf3_stream_result *result) {
    struct iperf3 *session = context;

    FOR_EACH_STREAM(session, stream) {
        struct iperf3_stream_report *report = stream->report;

        if (report->id == result->id) {
            report->remote.bytes = (uint64_t)result->bytes;
            report->remote.packets = difference(result->packets, result->omitted_packets);
            report->remote.lost = result->errors - result->omitted_errors;
            report->remote.jitter_us = (uint32_t)LWIP_MIN(result->jitter_us, UINT32_MAX);
            report->remote.retransmits = (int32_t)result->retransmits;
            report->remote_us = difference(result->end_us, result->start_us);
            return;
        }
    }
}

enum iperf3_json_status iperf3_exchange_take_results(
    struct iperf3 *session, const char *text, size_t size) {
    struct iperf3_results_reader *reader = &session->reading.results;
    enum iperf3_json_status status = iperf3_results_reader_feed(reader, text, size);

    if (reader->output_size > 0 && status != JSON_BAD
        && session->report.role == IPERF3_CLIENT && session->report.test.get_server_output) {
        iperf3_session_report(session, IPERF3_SERVER_OUTPUT);
    }
    return status;
}

uint32_t iperf3_exchange_expect_results(struct iperf3 *session) {
    iperf3_results_reader_init(&session->reading.results, keep_stream, session);
    return IPERF3_MAX_JSON_SIZE;
}

enum iperf3_event iperf3_exchange_judge_results(struct iperf3 *session, bool good) {
    if (!good) {
        return EVENT_RESULTS_BAD;
    }
    memcpy(session->report.remote_cpu_millipercent, session->reading.results.cpu_millipercent,
        sizeof(session->report.remote_cpu_millipercent));
    return EVENT_RESULTS;
}
