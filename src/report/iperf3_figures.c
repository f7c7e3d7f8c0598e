// iperf3_figures.c - see iperf3_figures.h
// SPDX-License-Identifier: MIT

#include "iperf3_figures.h"

#include <stddef.h>

// NULL: the other side has told nothing, because the test failed.
static const struct iperf3_counts *counts_of(
    const struct iperf3_report *report, const struct iperf3_stream_report *stream, bool local) {
    if (local || report->type == IPERF3_INTERVAL) {
        return &stream->counts;
    }
    return report->type == IPERF3_FINISHED ? &stream->remote : NULL;
}

static void add_counts(struct iperf3_counts *sum, const struct iperf3_counts *counts) {
    if (counts == NULL) {
        sum->retransmits = -1;
        return;
    }
    sum->bytes += counts->bytes;
    sum->packets += counts->packets;
    sum->lost = (int64_t)((uint64_t)sum->lost + (uint64_t)counts->lost); // may wrap
    sum->out_of_order += counts->out_of_order;
    sum->jitter_us += counts->jitter_us;
    if (sum->retransmits < 0 || counts->retransmits < 0) {
        sum->retransmits = -1;
    } else if (counts->retransmits < INT32_MAX - sum->retransmits) {
        sum->retransmits += counts->retransmits;
    }
}

struct iperf3_figures iperf3_figures(
    const struct iperf3_report *report, unsigned first, unsigned count, bool local) {
    const struct iperf3_stream_report *stream = &report->streams[first];
    struct iperf3_figures figures = {.us = report->end_us - report->start_us};

    for (unsigned i = 0; i < count; i++) {
        add_counts(&figures.counts, counts_of(report, &stream[i], local));
    }
    if (stream->sender == local) {
        figures.counts.lost = 0; // even if it told what the receiver told it
        figures.counts.jitter_us = 0;
    } else {
        figures.counts.retransmits = -1;
    }
    if (!local && report->type == IPERF3_FINISHED && stream->remote_us > 0) {
        figures.us = stream->remote_us;
    }
    return figures;
}

bool iperf3_has_totals(const struct iperf3_report *report) {
    enum iperf3_error error = report->error;
    bool interrupted = error == IPERF3_ERR_STOPPED || error == IPERF3_ERR_SERVER_TERMINATED
        || error == IPERF3_ERR_CLIENT_TERMINATED;

    return report->type == IPERF3_FINISHED || (interrupted && report->stream_count > 0);
}

unsigned iperf3_streams_of_direction(const struct iperf3_report *report) {
    return report->stream_count / (report->test.direction == IPERF3_BIDIR ? 2 : 1);
}
