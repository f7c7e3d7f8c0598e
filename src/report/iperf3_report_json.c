// iperf3_report_json.c - a report as the piece of iperf3's -J document that it is
// SPDX-License-Identifier: MIT
//
// The keys and their order are iperf3 3.12's. iperf3 prints all the digits that a
// double has; here quotients are rounded to what can be measured.

#include "iperf3_report.h"

#include <stddef.h>

#include "iperf3_figures.h"
#include "iperf3_json_write.h"
#include "iperf3_results.h"
#include "iperf3_units.h"

#define MICROSECONDS 6 // decimals of a time in seconds
#define MILLIPERCENT 3
#define COOKIE_LENGTH 36

#define WINDOW_SIZE 64

struct writer {
    struct iperf3_json_writer json; // first, so that print_window() finds the rest
    const struct iperf3_printer *printer;
    const struct iperf3_report *report;
    char window[WINDOW_SIZE];
};

static void print_window(struct iperf3_json_writer *json) {
    const struct writer *writer = (const void *)json;

    writer->printer->print(writer->printer->context, writer->window, iperf3_json_written(json));
}

/// Values ///

static void add_decimal(
    struct writer *writer, const char *key, uint64_t value, unsigned decimals) {
    iperf3_json_decimal(&writer->json, key, (int64_t)value, decimals);
}

static void add_integer(struct writer *writer, const char *key, uint64_t value) {
    add_decimal(writer, key, value, 0);
}

/// The start ///

static bool is_udp(const struct writer *writer) {
    return writer->report->test.protocol == IPERF3_UDP;
}

// iperf3 has the stream's file descriptor here.
static void add_socket(struct writer *writer, unsigned index) {
    add_integer(writer, "socket", 5 + 2 * index);
}

static void add_connected(struct writer *writer) {
    const struct iperf3_report *report = writer->report;

    iperf3_json_open_array(&writer->json, "connected");
    for (unsigned i = 0; i < report->stream_count; i++) {
        iperf3_json_open_object(&writer->json, NULL);
        add_socket(writer, i);
        iperf3_json_string(&writer->json, "local_host", report->local_host);
        add_integer(writer, "local_port", report->streams[i].local_port);
        iperf3_json_string(&writer->json, "remote_host", report->remote_host);
        add_integer(writer, "remote_port", report->streams[i].remote_port);
        iperf3_json_close_object(&writer->json);
    }
    iperf3_json_close_array(&writer->json);
}

// What a client sends for one need not be text.
static void add_cookie(struct writer *writer) {
    const char *cookie = writer->report->cookie;
    char text[COOKIE_LENGTH + 1];
    unsigned length = 0;

    for (; length < COOKIE_LENGTH && cookie[length] != '\0'; length++) {
        bool printable = cookie[length] >= ' ' && cookie[length] <= '~';
        text[length] = printable ? cookie[length] : '?';
    }
    text[length] = '\0';
    iperf3_json_string(&writer->json, "cookie", text);
}

static void add_peer(struct writer *writer) {
    const struct iperf3_report *report = writer->report;

    iperf3_json_open_object(&writer->json, report->role == IPERF3_CLIENT ? "connecting_to" : "accepted_connection");
    iperf3_json_string(&writer->json, "host", report->remote_host);
    add_integer(writer, "port", report->remote_port);
    iperf3_json_close_object(&writer->json);
    add_cookie(writer);
    if (!is_udp(writer)) {
        bool asked = report->test.mss > 0;
        add_integer(writer, asked ? "tcp_mss" : "tcp_mss_default", asked ? report->test.mss : report->mss);
    }
}

static void add_test(struct writer *writer) {
    const struct iperf3_test *test = &writer->report->test;

    iperf3_json_open_object(&writer->json, "test_start");
    iperf3_json_string(&writer->json, "protocol", is_udp(writer) ? "UDP" : "TCP");
    add_integer(writer, "num_streams", test->parallel);
    add_integer(writer, "blksize", test->length);
    add_integer(writer, "omit", test->omit_s);
    add_integer(writer, "duration", test->duration_s);
    add_integer(writer, "bytes", test->bytes);
    add_integer(writer, "blocks", test->blocks);
    add_integer(writer, "reverse", test->direction == IPERF3_REVERSE);
    add_integer(writer, "tos", test->tos);
    add_integer(writer, "target_bitrate", test->bits_per_s);
    iperf3_json_close_object(&writer->json);
}

static void print_start(struct writer *writer) {
    iperf3_json_open_object(&writer->json, NULL);
    add_connected(writer);
    iperf3_json_string(&writer->json, "version", "iperf3-lwip " IPERF3_VERSION);
    iperf3_json_string(&writer->json, "system_info", "lwIP");
    add_peer(writer);
    add_integer(writer, "target_bitrate", writer->report->test.bits_per_s);
    add_integer(writer, "sock_bufsize", 0); // -w, which a test cannot ask for
    add_test(writer);
    iperf3_json_close_object(&writer->json);
}

/// Figures ///

static struct iperf3_figures figures_of(
    const struct writer *writer, unsigned first, unsigned count, bool of_sender) {
    const struct iperf3_report *report = writer->report;

    return iperf3_figures(report, first, count, report->streams[first].sender == of_sender);
}

static void add_figures(struct writer *writer, const struct iperf3_figures *figures) {
    uint64_t start_us = writer->report->start_us;
    uint64_t bytes = figures->counts.bytes;
    uint64_t us = figures->us;

    add_decimal(writer, "start", start_us, MICROSECONDS);
    add_decimal(writer, "end", start_us + us, MICROSECONDS);
    add_decimal(writer, "seconds", us, MICROSECONDS);
    add_integer(writer, "bytes", bytes);
    // bits per microsecond are Mbit/s: three decimals remain
    add_decimal(writer, "bits_per_second", us > 0 ? iperf3_rounded(8 * bytes, us, 9) : 0, 3);
}

// The jitter of several streams is their mean.
static void add_loss(
    struct writer *writer, const struct iperf3_counts *counts, unsigned streams) {
    bool negative = counts->lost < 0;
    uint64_t lost = (uint64_t)counts->lost;
    uint64_t percent = 0;

    if (counts->packets > 0) {
        percent = iperf3_rounded(100 * (negative ? 0 - lost : lost), counts->packets, 6);
    }
    add_decimal(writer, "jitter_ms", iperf3_rounded(counts->jitter_us, streams, 3), 6);
    add_integer(writer, "lost_packets", lost);
    add_integer(writer, "packets", counts->packets);
    add_decimal(writer, "lost_percent", negative ? 0 - percent : percent, 6);
}

static void add_retransmits(struct writer *writer, const struct iperf3_figures *figures) {
    if (figures->counts.retransmits >= 0) {
        add_integer(writer, "retransmits", (uint32_t)figures->counts.retransmits);
    }
}

// What this side counted of a stream (alone), or of all those of a direction.
static void add_interval(struct writer *writer, unsigned first, unsigned count, bool alone) {
    const struct iperf3_stream_report *stream = &writer->report->streams[first];
    const struct iperf3_figures figures = iperf3_figures(writer->report, first, count, true);

    add_figures(writer, &figures);
    if (is_udp(writer) && stream->sender) {
        add_integer(writer, "packets", figures.counts.packets);
    } else if (is_udp(writer)) {
        add_loss(writer, &figures.counts, count);
    } else if (stream->sender) {
        add_retransmits(writer, &figures);
        if (alone) {
            add_integer(writer, "snd_cwnd", stream->cwnd);
        }
    }
    iperf3_json_boolean(&writer->json, "omitted", writer->report->omitted);
    iperf3_json_boolean(&writer->json, "sender", stream->sender);
}

// What one end of the streams counted. `sender` is for TCP whether this program
// sends, for UDP whether that end does: iperf3 has it so.
static void add_end(
    struct writer *writer, const char *key, unsigned first, unsigned count, bool of_sender,
    bool alone) {
    const struct iperf3_stream_report *stream = &writer->report->streams[first];
    const struct iperf3_figures figures = figures_of(writer, first, count, of_sender);

    iperf3_json_open_object(&writer->json, key);
    if (alone) {
        add_socket(writer, first);
    }
    add_figures(writer, &figures);
    if (is_udp(writer)) {
        add_loss(writer, &figures.counts, count);
    } else {
        add_retransmits(writer, &figures);
    }
    iperf3_json_boolean(&writer->json, "sender", is_udp(writer) ? of_sender : stream->sender);
    iperf3_json_close_object(&writer->json);
}

// UDP: what was sent and how much of it was lost.
static void add_transfer(
    struct writer *writer, const char *key, unsigned first, unsigned count, bool alone) {
    const struct iperf3_figures sent = figures_of(writer, first, count, true);
    const struct iperf3_figures received = figures_of(writer, first, count, false);

    iperf3_json_open_object(&writer->json, key);
    if (alone) {
        add_socket(writer, first);
    }
    add_figures(writer, &sent);
    add_loss(writer, &received.counts, count);
    if (alone) {
        add_integer(writer, "out_of_order", received.counts.out_of_order);
    }
    iperf3_json_boolean(&writer->json, "sender", writer->report->streams[first].sender);
    iperf3_json_close_object(&writer->json);
}

/// Intervals ///

static void print_interval(struct writer *writer) {
    const struct iperf3_report *report = writer->report;
    unsigned count = iperf3_streams_of_direction(report);

    iperf3_json_open_object(&writer->json, NULL);
    iperf3_json_open_array(&writer->json, "streams");
    for (unsigned i = 0; i < report->stream_count; i++) {
        iperf3_json_open_object(&writer->json, NULL);
        add_socket(writer, i);
        add_interval(writer, i, 1, true);
        iperf3_json_close_object(&writer->json);
    }
    iperf3_json_close_array(&writer->json);
    for (unsigned first = 0; first < report->stream_count; first += count) {
        iperf3_json_open_object(&writer->json, first == 0 ? "sum" : "sum_bidir_reverse");
        add_interval(writer, first, count, false);
        iperf3_json_close_object(&writer->json);
    }
    iperf3_json_close_object(&writer->json);
}

/// The end ///

static void add_streams(struct writer *writer) {
    iperf3_json_open_array(&writer->json, "streams");
    for (unsigned i = 0; i < writer->report->stream_count; i++) {
        iperf3_json_open_object(&writer->json, NULL);
        if (is_udp(writer)) {
            add_transfer(writer, "udp", i, 1, true);
        } else {
            add_end(writer, "sender", i, 1, true, true);
            add_end(writer, "receiver", i, 1, false, true);
        }
        iperf3_json_close_object(&writer->json);
    }
    iperf3_json_close_array(&writer->json);
}

static void add_sums(struct writer *writer) {
    static const char *const keys[2][3] = {
        {"sum", "sum_sent", "sum_received"},
        {"sum_bidir_reverse", "sum_sent_bidir_reverse", "sum_received_bidir_reverse"},
    };
    const struct iperf3_report *report = writer->report;
    unsigned count = iperf3_streams_of_direction(report);

    for (unsigned first = 0; first < report->stream_count; first += count) {
        const char *const *key = keys[first > 0];

        if (is_udp(writer)) {
            add_transfer(writer, key[0], first, count, false);
        }
        add_end(writer, key[1], first, count, true, false);
        add_end(writer, key[2], first, count, false, false);
    }
}

static void add_cpu(struct writer *writer) {
    static const char *const keys[2][3] = {
        {"host_total", "host_user", "host_system"},
        {"remote_total", "remote_user", "remote_system"},
    };
    const struct iperf3_report *report = writer->report;

    iperf3_json_open_object(&writer->json, "cpu_utilization_percent");
    for (unsigned i = 0; i < 3; i++) {
        add_integer(writer, keys[0][i], 0); // not known
    }
    for (unsigned i = 0; i < 3; i++) {
        add_decimal(writer, keys[1][i], report->remote_cpu_millipercent[i], MILLIPERCENT);
    }
    iperf3_json_close_object(&writer->json);
}

static void add_congestion(struct writer *writer) {
    const struct iperf3_report *report = writer->report;
    bool sends = report->streams[0].sender || report->test.direction == IPERF3_BIDIR;

    iperf3_json_string(&writer->json, sends ? "sender_tcp_congestion" : "receiver_tcp_congestion", IPERF3_CONGESTION);
}

static void print_end(struct writer *writer) {
    iperf3_json_open_object(&writer->json, NULL);
    if (iperf3_has_totals(writer->report)) {
        add_streams(writer);
        add_sums(writer);
        add_cpu(writer);
        if (!is_udp(writer)) {
            add_congestion(writer);
        }
    }
    iperf3_json_close_object(&writer->json);
}

static void print(struct writer *writer) {
    switch (writer->report->type) {
        case IPERF3_CONNECTING:
        case IPERF3_LISTENING:
        case IPERF3_ACCEPTED:
        case IPERF3_MEASURED:
        case IPERF3_SERVER_OUTPUT:
            return;
        case IPERF3_STARTED:
            print_start(writer);
            return;
        case IPERF3_INTERVAL:
            print_interval(writer);
            return;
        case IPERF3_FINISHED:
        case IPERF3_FAILED:
            print_end(writer);
            return;
    }
}

void iperf3_report_json(const struct iperf3_printer *printer, const struct iperf3_report *report) {
    struct writer writer;

    writer.printer = printer;
    writer.report = report;
    iperf3_json_writer_init(&writer.json, writer.window, sizeof(writer.window), 0);
    writer.json.when_full = print_window;
    print(&writer);
    print_window(&writer.json);
}
