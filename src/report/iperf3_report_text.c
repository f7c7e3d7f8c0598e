// iperf3_report_text.c - a report as the lines that the iperf3 program prints
// SPDX-License-Identifier: MIT

#include "iperf3_report.h"

#include <stddef.h>
#include <string.h>

#include "iperf3_figures.h"
#include "iperf3_units.h"

#define US_PER_SECOND 1000000

struct writer {
    struct iperf3_line line;
    const struct iperf3_printer *printer;
    const struct iperf3_report *report;
};

static void add(struct writer *writer, const char *text) {
    iperf3_line_text(&writer->line, text);
}

static void print_raw(struct writer *writer, const char *text, size_t size) {
    writer->printer->print(writer->printer->context, text, size);
}

static void print_title(struct writer *writer) {
    const char *title = writer->report->test.title;

    if (title != NULL && writer->report->role == IPERF3_CLIENT) {
        print_raw(writer, title, strlen(title));
        print_raw(writer, ":  ", 3);
    }
}

static void end_line(struct writer *writer) {
    struct iperf3_line *line = &writer->line;

    print_title(writer);
    line->text[line->length] = '\n';
    print_raw(writer, line->text, line->length + 1);
    line->length = 0;
}

static void print_text(struct writer *writer, const char *text) {
    add(writer, text);
    end_line(writer);
}

static bool is_bidir(const struct writer *writer) {
    return writer->report->test.direction == IPERF3_BIDIR;
}

static bool is_udp(const struct writer *writer) {
    return writer->report->test.protocol == IPERF3_UDP;
}

static bool is_client(const struct writer *writer) {
    return writer->report->role == IPERF3_CLIENT;
}

/// Before the data ///

static void add_address(
    struct writer *writer, const char *before, const char *host, const char *between,
    uint16_t port) {
    add(writer, before);
    add(writer, host);
    add(writer, between);
    iperf3_line_integer(&writer->line, port, 0);
}

static void print_connecting(struct writer *writer) {
    const struct iperf3_report *report = writer->report;

    add_address(
        writer, "Connecting to host ", report->remote_host, ", port ", report->remote_port);
    end_line(writer);
    if (report->test.direction == IPERF3_REVERSE) {
        add(writer, "Reverse mode, remote host ");
        add(writer, report->remote_host);
        print_text(writer, " is sending");
    }
}

static void print_rule(struct writer *writer) {
    iperf3_line_repeat(&writer->line, "-", 59);
    end_line(writer);
}

static void print_listening(struct writer *writer) {
    print_rule(writer);
    add_address(writer, "Server listening on ", "", "", writer->report->local_port);
    add(writer, " (test #");
    iperf3_line_integer(&writer->line, writer->report->test_number, 0);
    print_text(writer, ")");
    print_rule(writer);
}

static void print_accepted(struct writer *writer) {
    const struct iperf3_report *report = writer->report;

    add_address(
        writer, "Accepted connection from ", report->remote_host, ", port ", report->remote_port);
    end_line(writer);
}

// iperf3 shows the stream's file descriptor; these are what a client of it has.
static void add_stream_number(struct writer *writer, unsigned index) {
    add(writer, "[");
    iperf3_line_integer(&writer->line, 5 + 2 * index, 3);
    add(writer, "]");
}

static void print_streams(struct writer *writer) {
    const struct iperf3_report *report = writer->report;

    for (unsigned i = 0; i < report->stream_count; i++) {
        const struct iperf3_stream_report *stream = &report->streams[i];

        add_stream_number(writer, i);
        add_address(writer, " local ", report->local_host, " port ", stream->local_port);
        add_address(
            writer, " connected to ", report->remote_host, " port ", stream->remote_port);
        end_line(writer);
    }
}

/// Rows ///

static bool is_interval(const struct writer *writer) {
    return writer->report->type == IPERF3_INTERVAL;
}

static void add_role(struct writer *writer, bool sender) {
    if (is_bidir(writer)) {
        add(writer, sender ? "[TX-" : "[RX-");
        add(writer, is_client(writer) ? "C]" : "S]");
    }
}

// So many microseconds from the report's start.
static void add_times(struct writer *writer, uint64_t us) {
    struct iperf3_line *line = &writer->line;
    uint64_t start_us = writer->report->start_us;

    add(writer, " ");
    iperf3_line_fixed(line, start_us, US_PER_SECOND, 2, 6);
    add(writer, "-");
    unsigned end_column = line->length + 6;
    iperf3_line_fixed(line, start_us + us, US_PER_SECOND, 2, 0);
    while (line->length < end_column) {
        add(writer, " ");
    }
    add(writer, " sec  ");
}

// cwnd is NULL where it is not shown.
static void add_tcp_columns(struct writer *writer, int32_t retransmits, const uint32_t *cwnd) {
    struct iperf3_line *line = &writer->line;

    if (retransmits < 0) {
        iperf3_line_spaces(line, 18);
        return;
    }
    add(writer, "  ");
    iperf3_line_integer(line, (uint32_t)retransmits, 3);
    if (cwnd == NULL) {
        iperf3_line_spaces(line, 13);
        return;
    }
    add(writer, "   ");
    iperf3_line_bytes(line, *cwnd);
    iperf3_line_spaces(line, 7);
}

static void add_udp_sender_columns(struct writer *writer, uint64_t packets) {
    iperf3_line_spaces(&writer->line, is_bidir(writer) ? 12 : 2);
    iperf3_line_integer(&writer->line, packets, 0);
    add(writer, "  ");
}

// The jitter of several streams is their mean.
static void add_udp_columns(
    struct writer *writer, const struct iperf3_counts *counts, unsigned streams) {
    struct iperf3_line *line = &writer->line;
    const char *sign = counts->lost < 0 ? "-" : "";
    uint64_t lost = counts->lost < 0 ? 0 - (uint64_t)counts->lost : (uint64_t)counts->lost;

    add(writer, "  ");
    iperf3_line_fixed(line, counts->jitter_us, 1000 * streams, 3, 0);
    add(writer, " ms  ");
    add(writer, sign);
    iperf3_line_integer(line, lost, 0);
    add(writer, "/");
    iperf3_line_integer(line, counts->packets, 0);
    add(writer, " (");
    add(writer, sign);
    iperf3_line_percent(line, lost, counts->packets);
    add(writer, "%)  ");
}

// The row of one stream, or the sum of several.
static void print_row(struct writer *writer, unsigned first, unsigned count, bool local) {
    const struct iperf3_report *report = writer->report;
    const struct iperf3_stream_report *stream = &report->streams[first];
    bool interval = is_interval(writer);
    bool of_sender = stream->sender == local;
    const struct iperf3_figures figures = iperf3_figures(report, first, count, local);
    const struct iperf3_counts *counts = &figures.counts;

    if (count == 1) {
        add_stream_number(writer, first);
    } else {
        add(writer, "[SUM]");
    }
    add_role(writer, stream->sender);
    add_times(writer, figures.us);
    iperf3_line_bytes(&writer->line, counts->bytes);
    add(writer, "  ");
    iperf3_line_rate(&writer->line, counts->bytes, figures.us);
    if (!is_udp(writer)) {
        add_tcp_columns(
            writer, counts->retransmits, interval && count == 1 ? &stream->cwnd : NULL);
    } else if (interval && of_sender) {
        add_udp_sender_columns(writer, counts->packets);
    } else {
        add_udp_columns(writer, counts, count);
    }
    if (!interval) {
        add(writer, of_sender ? "sender" : "receiver");
    } else if (report->omitted) {
        add(writer, "(omitted)");
    }
    end_line(writer);
}

static void print_out_of_order(struct writer *writer, const struct iperf3_stream_report *stream) {
    struct iperf3_line *line = &writer->line;

    add(writer, "[SUM]"); // as iperf3 has it, though it is one stream
    add_role(writer, stream->sender);
    add(writer, " ");
    iperf3_line_fixed(line, writer->report->start_us, US_PER_SECOND, 1, 4);
    add(writer, "-");
    iperf3_line_fixed(line, writer->report->end_us, US_PER_SECOND, 1, 4);
    add(writer, " sec  ");
    iperf3_line_integer(line, stream->counts.out_of_order, 0);
    print_text(writer, " datagrams received out-of-order");
}

// A client also shows what the server told; the sender comes first.
static bool shows_remote(const struct writer *writer) {
    return is_client(writer) && !is_interval(writer);
}

static void print_rows(struct writer *writer, unsigned first, unsigned count) {
    const struct iperf3_stream_report *stream = &writer->report->streams[first];

    if (shows_remote(writer) && !stream->sender) {
        print_row(writer, first, count, false);
    }
    if (!is_interval(writer) && count == 1 && !stream->sender && stream->counts.out_of_order > 0) {
        print_out_of_order(writer, stream);
    }
    print_row(writer, first, count, true);
    if (shows_remote(writer) && stream->sender) {
        print_row(writer, first, count, false);
    }
}

// The streams of one direction, then those of the other.
static void print_table(struct writer *writer) {
    unsigned count = iperf3_streams_of_direction(writer->report);

    for (unsigned first = 0; first < writer->report->stream_count; first += count) {
        for (unsigned i = 0; i < count; i++) {
            print_rows(writer, first + i, 1);
        }
        if (count > 1) {
            print_rows(writer, first, count);
        }
    }
}

/// Around the rows ///

static bool knows_retransmits(const struct writer *writer) {
    const struct iperf3_report *report = writer->report;

    for (unsigned i = 0; i < report->stream_count; i++) {
        bool sender = report->streams[i].sender;

        if ((sender || shows_remote(writer))
            && iperf3_figures(report, i, 1, sender).counts.retransmits >= 0) {
            return true;
        }
    }
    return false;
}

static const char *columns_of(const struct writer *writer) {
    bool interval = is_interval(writer);

    if (!is_udp(writer)) {
        if (!knows_retransmits(writer)) {
            return "";
        }
        return interval ? "         Retr  Cwnd" : "         Retr";
    }
    if (interval && !is_bidir(writer) && writer->report->streams[0].sender) {
        return "         Total Datagrams";
    }
    return "         Jitter    Lost/Total Datagrams";
}

static void print_separator(struct writer *writer) {
    iperf3_line_repeat(&writer->line, "- ", 24);
    print_text(writer, "-");
}

static void print_header(struct writer *writer) {
    add(writer, is_bidir(writer) ? "[ ID][Role]" : "[ ID]");
    add(writer, " Interval           Transfer     Bitrate");
    print_text(writer, columns_of(writer));
}

static void print_interval(struct writer *writer) {
    const struct iperf3_report *report = writer->report;

    if (report->first) {
        print_header(writer);
    } else if (report->test.parallel > 1) {
        print_separator(writer);
    }
    print_table(writer);
}

static void print_totals(struct writer *writer) {
    print_separator(writer);
    print_header(writer);
    print_table(writer);
}

// Where a client prints it that has collected it.
static void print_server_output(struct writer *writer) {
    const struct iperf3_report *report = writer->report;

    end_line(writer);
    print_raw(writer, "Server ", 7);
    if (report->server_output_is_json) {
        print_raw(writer, "JSON ", 5);
    }
    print_raw(writer, "output:\n", 8);
    print_raw(writer, report->server_output, report->server_output_size);
    print_raw(writer, "\n", 1);
}

static void print_finished(struct writer *writer) {
    if (!is_client(writer)) {
        return; // it has printed all it has when it had MEASURED
    }
    print_totals(writer);
    if (writer->report->server_output != NULL) {
        print_server_output(writer);
    }
    end_line(writer);
    print_text(writer, "iperf Done.");
}

static void print_failed(struct writer *writer) {
    if (iperf3_has_totals(writer->report) && !writer->report->measured) {
        print_totals(writer);
    }
}

void iperf3_report_text(const struct iperf3_printer *printer, const struct iperf3_report *report) {
    struct writer writer;

    writer.line.length = 0;
    writer.printer = printer;
    writer.report = report;
    switch (report->type) {
        case IPERF3_CONNECTING:
            print_connecting(&writer);
            return;
        case IPERF3_LISTENING:
            print_listening(&writer);
            return;
        case IPERF3_ACCEPTED:
            print_accepted(&writer);
            return;
        case IPERF3_STARTED:
            print_streams(&writer);
            return;
        case IPERF3_INTERVAL:
            print_interval(&writer);
            return;
        case IPERF3_MEASURED:
            print_totals(&writer);
            return;
        case IPERF3_SERVER_OUTPUT:
            return; // its place is behind the totals
        case IPERF3_FINISHED:
            print_finished(&writer);
            return;
        case IPERF3_FAILED:
            print_failed(&writer);
            return;
    }
}
