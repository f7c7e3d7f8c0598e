// test_report_text.c - a report's text is what the real iperf3 3.12 prints
// SPDX-License-Identifier: MIT
//
// Most of it is in tests/vectors/text: what iperf3 printed, and the numbers it
// printed it for. The rest is what iperf3 does not do on Linux.

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "iperf3_report.h"

#define VECTORS VECTORS_DIR "/text"
#define MAX_STREAMS 8
#define MAX_PATH 400
#define MAX_TEXT 8192

/// Printing ///

struct output {
    char text[MAX_TEXT];
    size_t length;
};

static void print(void *context, const char *text, size_t size) {
    struct output *output = context;

    assert_true(size > 0);
    assert_true(output->length + size < sizeof(output->text));
    memcpy(&output->text[output->length], text, size);
    output->length += size;
    output->text[output->length] = '\0';
}

static void print_report(const struct iperf3_report *report, struct output *output) {
    const struct iperf3_printer printer = {print, output};

    output->length = 0;
    output->text[0] = '\0';
    iperf3_report_text(&printer, report);
}

static void assert_text(const struct iperf3_report *report, const char *expected) {
    struct output output;

    print_report(report, &output);
    assert_string_equal(output.text, expected);
}

/// Vectors ///

// A vector is a file of words that say how to fill a report, of lines between
// bars that say what must be printed for it, and of comments.
struct vector {
    const char *name;
    struct iperf3_report report;
    struct iperf3_stream_report streams[MAX_STREAMS];
    bool filled; // the report has not been printed yet
    struct output expected;
    unsigned reports;
};

// cmocka cuts long messages, so this shows only the first line that differs.
static void fail_at_difference(const char *name, const char *printed, const char *expected) {
    size_t start = 0;

    for (size_t i = 0; printed[i] == expected[i]; i++) {
        if (printed[i] == '\n') {
            start = i + 1;
        }
    }
    printed += start;
    expected += start;
    fail_msg(
        "%s:\n\"%.*s\" instead of\n\"%.*s\"", name, (int)strcspn(printed, "\n"), printed,
        (int)strcspn(expected, "\n"), expected);
}

static void check_report(struct vector *vector) {
    struct output output;

    if (vector->filled) {
        print_report(&vector->report, &output);
        if (strcmp(output.text, vector->expected.text) != 0) {
            fail_at_difference(vector->name, output.text, vector->expected.text);
        }
        vector->reports++;
    }
    vector->filled = false;
}

static void start_report(struct vector *vector, enum iperf3_report_type type) {
    check_report(vector);
    vector->report.type = type;
    vector->filled = true;
    vector->expected.length = 0;
    vector->expected.text[0] = '\0';
}

static void expect_line(struct vector *vector, const char *line) {
    size_t length = strlen(line);

    assert_true(length >= 2 && line[length - 1] == '|');
    struct output *expected = &vector->expected;
    int size = snprintf(
        &expected->text[expected->length], sizeof(expected->text) - expected->length, "%.*s\n",
        (int)length - 2, &line[1]);
    expected->length += (size_t)size;
}

static void read_test(struct vector *vector, const char *values) {
    char role[10];
    char protocol[10];
    char direction[10];
    unsigned parallel;
    struct iperf3_report *report = &vector->report;

    assert_int_equal(sscanf(values, "%9s %9s %9s %u", role, protocol, direction, &parallel), 4);
    report->role = strcmp(role, "client") == 0 ? IPERF3_CLIENT : IPERF3_SERVER;
    report->test.protocol = strcmp(protocol, "tcp") == 0 ? IPERF3_TCP : IPERF3_UDP;
    report->test.direction = strcmp(direction, "forward") == 0   ? IPERF3_FORWARD
                             : strcmp(direction, "reverse") == 0 ? IPERF3_REVERSE
                                                                 : IPERF3_BIDIR;
    report->test.parallel = (uint8_t)parallel;
    report->test_number = 1;
    report->streams = vector->streams;
}

static void read_peer(struct vector *vector, const char *values) {
    struct iperf3_report *report = &vector->report;
    int count = sscanf(
        values, "%45s %" SCNu16 " %" SCNu16, report->remote_host, &report->remote_port,
        &report->local_port);

    assert_int_equal(count, 3);
}

static void read_stream(struct vector *vector, const char *values) {
    struct iperf3_report *report = &vector->report;
    struct iperf3_stream_report *stream = &vector->streams[report->stream_count++];
    int sender;
    int count = sscanf(
        values, "%d %45s %" SCNu16 " %45s %" SCNu16, &sender, report->local_host,
        &stream->local_port, report->remote_host, &stream->remote_port);

    assert_int_equal(count, 5);
    assert_true(report->stream_count <= MAX_STREAMS);
    stream->sender = sender != 0;
}

static void read_counts(struct vector *vector, const char *word, const char *values) {
    unsigned index;
    uint32_t cwnd;
    struct iperf3_counts counts;
    int count = sscanf(
        values,
        "%u %" SCNu64 " %" SCNu64 " %" SCNd64 " %" SCNu64 " %" SCNu32 " %" SCNd32 " %" SCNu32,
        &index, &counts.bytes, &counts.packets, &counts.lost, &counts.out_of_order,
        &counts.jitter_us, &counts.retransmits, &cwnd);

    assert_int_equal(count, 8);
    assert_true(index < vector->report.stream_count);
    struct iperf3_stream_report *stream = &vector->streams[index];
    if (strcmp(word, "remote") == 0) {
        stream->remote = counts;
    } else {
        stream->counts = counts;
        stream->cwnd = cwnd;
    }
}

static void read_times(struct vector *vector, const char *values) {
    struct iperf3_report *report = &vector->report;
    int first = 0;
    int omitted = 0;
    int count = sscanf(
        values, "%" SCNu64 " %" SCNu64 " %d %d", &report->start_us, &report->end_us, &first,
        &omitted);

    assert_true(count == 2 || count == 4);
    report->first = first != 0;
    report->omitted = omitted != 0;
}

static void read_line(struct vector *vector, const char *line) {
    char word[20] = "";
    int used = 0;

    if (line[0] == '|') {
        expect_line(vector, line);
        return;
    }
    assert_int_equal(sscanf(line, "%19s%n", word, &used), 1);
    const char *values = &line[used];
    if (strcmp(word, "#") == 0) {
        return;
    } else if (strcmp(word, "test") == 0) {
        read_test(vector, values);
    } else if (strcmp(word, "peer") == 0) {
        check_report(vector);
        read_peer(vector, values);
    } else if (strcmp(word, "stream") == 0) {
        check_report(vector);
        read_stream(vector, values);
    } else if (strcmp(word, "connecting") == 0) {
        start_report(vector, IPERF3_CONNECTING);
    } else if (strcmp(word, "listening") == 0) {
        start_report(vector, IPERF3_LISTENING);
    } else if (strcmp(word, "accepted") == 0) {
        start_report(vector, IPERF3_ACCEPTED);
    } else if (strcmp(word, "started") == 0) {
        start_report(vector, IPERF3_STARTED);
    } else if (strcmp(word, "interval") == 0) {
        start_report(vector, IPERF3_INTERVAL);
        read_times(vector, values);
    } else if (strcmp(word, "finished") == 0) {
        bool is_client = vector->report.role == IPERF3_CLIENT;

        start_report(vector, is_client ? IPERF3_FINISHED : IPERF3_MEASURED);
        read_times(vector, values);
    } else if (strcmp(word, "failed") == 0) {
        start_report(vector, IPERF3_FAILED);
        read_times(vector, values);
        vector->report.error = IPERF3_ERR_STOPPED;
    } else if (strcmp(word, "remote_us") == 0) {
        unsigned index;
        uint64_t us;

        assert_int_equal(sscanf(values, "%u %" SCNu64, &index, &us), 2);
        assert_true(index < vector->report.stream_count);
        vector->streams[index].remote_us = us;
    } else {
        read_counts(vector, word, values);
    }
}

static void check_vector(const char *name) {
    char path[MAX_PATH];
    char line[200];
    struct vector vector = {.name = name};

    snprintf(path, sizeof(path), "%s/%s", VECTORS, name);
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    while (fgets(line, sizeof(line), file) != NULL) {
        line[strcspn(line, "\n")] = '\0';
        read_line(&vector, line);
    }
    fclose(file);
    check_report(&vector);
    assert_true(vector.reports >= 3);
}

static const char *const vectors[] = {
    #include "text_vectors.h" // made by CMake: the names of all files
};

static void every_recorded_run_of_iperf3_is_printed_in_its_words(void **state) {
    size_t count = sizeof(vectors) / sizeof(vectors[0]);

    (void)state;
    assert_true(count >= 50);
    for (size_t i = 0; i < count; i++) {
        check_vector(vectors[i]);
    }
}

/// What a run on Linux does not show ///

static struct iperf3_report report_of(
    enum iperf3_report_type type, struct iperf3_stream_report *streams, unsigned count) {
    struct iperf3_report report = {
        .type = type,
        .role = IPERF3_CLIENT,
        .local_host = "10.0.0.2",
        .remote_host = "10.0.0.1",
        .local_port = 50000,
        .remote_port = 5201,
        .first = true,
        .end_us = 1000000,
        .test = {.parallel = (uint8_t)count},
        .stream_count = count,
        .streams = streams,
    };

    for (unsigned i = 0; i < count; i++) {
        memset(&streams[i], 0, sizeof(streams[i]));
        streams[i].sender = true;
        streams[i].counts = (struct iperf3_counts) {.bytes = 1250000, .retransmits = -1};
        streams[i].remote = streams[i].counts;
    }
    return report;
}

static void a_sender_that_does_not_know_its_retransmits_has_no_columns_for_them(void **state) {
    struct iperf3_stream_report streams[2];
    struct iperf3_report report = report_of(IPERF3_INTERVAL, streams, 2);

    (void)state;
    assert_text(
        &report, "[ ID] Interval           Transfer     Bitrate\n"
        "[  5]   0.00-1.00   sec  1.19 MBytes  10.0 Mbits/sec                  \n"
        "[  7]   0.00-1.00   sec  1.19 MBytes  10.0 Mbits/sec                  \n"
        "[SUM]   0.00-1.00   sec  2.38 MBytes  20.0 Mbits/sec                  \n");
    report = report_of(IPERF3_FINISHED, streams, 1);
    streams[0].remote.retransmits = 0; // of no meaning: the remote side receives
    streams[0].remote_us = 1010000;
    assert_text(
        &report, "- - - - - - - - - - - - - - - - - - - - - - - - -\n"
        "[ ID] Interval           Transfer     Bitrate\n"
        "[  5]   0.00-1.00   sec  1.19 MBytes  10.0 Mbits/sec                  sender\n"
        "[  5]   0.00-1.01   sec  1.19 MBytes  9.90 Mbits/sec                  receiver\n"
        "\n"
        "iperf Done.\n");
}

static void a_sum_is_not_known_when_a_part_of_it_is_not(void **state) {
    struct iperf3_stream_report streams[2];
    struct iperf3_report report = report_of(IPERF3_INTERVAL, streams, 2);

    (void)state;
    streams[1].counts.retransmits = 3;
    streams[1].cwnd = 11680;
    assert_text(
        &report,
        "[ ID] Interval           Transfer     Bitrate         Retr  Cwnd\n"
        "[  5]   0.00-1.00   sec  1.19 MBytes  10.0 Mbits/sec                  \n"
        "[  7]   0.00-1.00   sec  1.19 MBytes  10.0 Mbits/sec    3   11.4 KBytes       \n"
        "[SUM]   0.00-1.00   sec  2.38 MBytes  20.0 Mbits/sec                  \n");
    report.first = false;
    streams[0].counts.retransmits = 9;
    streams[1].counts.retransmits = -1;
    assert_text(
        &report,
        "- - - - - - - - - - - - - - - - - - - - - - - - -\n"
        "[  5]   0.00-1.00   sec  1.19 MBytes  10.0 Mbits/sec    9   0.00 Bytes       \n"
        "[  7]   0.00-1.00   sec  1.19 MBytes  10.0 Mbits/sec                  \n"
        "[SUM]   0.00-1.00   sec  2.38 MBytes  20.0 Mbits/sec                  \n");
}

static void a_sum_of_retransmits_does_not_overflow(void **state) {
    struct iperf3_stream_report streams[2];
    struct iperf3_report report = report_of(IPERF3_MEASURED, streams, 2);

    (void)state;
    report.role = IPERF3_SERVER;
    streams[0].counts.retransmits = 2147483000;
    streams[1].counts.retransmits = 2147483000;
    assert_text(
        &report,
        "- - - - - - - - - - - - - - - - - - - - - - - - -\n"
        "[ ID] Interval           Transfer     Bitrate         Retr\n"
        "[  5]   0.00-1.00   sec  1.19 MBytes  10.0 Mbits/sec  2147483000             sender\n"
        "[  7]   0.00-1.00   sec  1.19 MBytes  10.0 Mbits/sec  2147483000             sender\n"
        "[SUM]   0.00-1.00   sec  2.38 MBytes  20.0 Mbits/sec  2147483000             sender\n");
}

// As iperf3 does for a server that says sender_has_retransmits 0.
static void a_remote_sender_that_does_not_know_its_retransmits_has_no_column(void **state) {
    struct iperf3_stream_report streams[2];
    struct iperf3_report report = report_of(IPERF3_FINISHED, streams, 1);

    (void)state;
    report.test.direction = IPERF3_REVERSE;
    streams[0].sender = false;
    streams[0].counts.retransmits = 0; // of no meaning: this side receives
    assert_text(
        &report, "- - - - - - - - - - - - - - - - - - - - - - - - -\n"
        "[ ID] Interval           Transfer     Bitrate\n"
        "[  5]   0.00-1.00   sec  1.19 MBytes  10.0 Mbits/sec                  sender\n"
        "[  5]   0.00-1.00   sec  1.19 MBytes  10.0 Mbits/sec                  receiver\n"
        "\n"
        "iperf Done.\n");
    report = report_of(IPERF3_FINISHED, streams, 2);
    report.test.direction = IPERF3_BIDIR;
    report.test.parallel = 1;
    streams[0].counts.retransmits = 0;
    streams[1].sender = false;
    assert_text(
        &report,
        "- - - - - - - - - - - - - - - - - - - - - - - - -\n"
        "[ ID][Role] Interval           Transfer     Bitrate         Retr\n"
        "[  5][TX-C]   0.00-1.00   sec  1.19 MBytes  10.0 Mbits/sec    0             sender\n"
        "[  5][TX-C]   0.00-1.00   sec  1.19 MBytes  10.0 Mbits/sec                  receiver\n"
        "[  7][RX-C]   0.00-1.00   sec  1.19 MBytes  10.0 Mbits/sec                  sender\n"
        "[  7][RX-C]   0.00-1.00   sec  1.19 MBytes  10.0 Mbits/sec                  receiver\n"
        "\n"
        "iperf Done.\n");
}

static void a_server_has_no_column_for_what_only_the_client_knows(void **state) {
    struct iperf3_stream_report streams[1];
    struct iperf3_report report = report_of(IPERF3_MEASURED, streams, 1);

    (void)state;
    report.role = IPERF3_SERVER;
    streams[0].sender = false;
    streams[0].remote.retransmits = 7;
    assert_text(
        &report, "- - - - - - - - - - - - - - - - - - - - - - - - -\n"
        "[ ID] Interval           Transfer     Bitrate\n"
        "[  5]   0.00-1.00   sec  1.19 MBytes  10.0 Mbits/sec                  receiver\n");
}

static void a_sender_of_datagrams_has_no_jitter_and_no_loss_whatever_it_told(void **state) {
    struct iperf3_stream_report streams[1];
    struct iperf3_report report = report_of(IPERF3_FINISHED, streams, 1);

    (void)state;
    report.test.protocol = IPERF3_UDP;
    report.test.direction = IPERF3_REVERSE;
    streams[0].sender = false;
    streams[0].counts.packets = 90;
    streams[0].counts.lost = 9;
    streams[0].counts.jitter_us = 23456;
    streams[0].counts.out_of_order = 1;
    streams[0].remote = streams[0].counts;
    assert_text(
        &report,
        "- - - - - - - - - - - - - - - - - - - - - - - - -\n"
        "[ ID] Interval           Transfer     Bitrate         Jitter    Lost/Total Datagrams\n"
        "[  5]   0.00-1.00   sec  1.19 MBytes  10.0 Mbits/sec  0.000 ms  0/90 (0%)  sender\n"
        "[SUM]  0.0- 1.0 sec  1 datagrams received out-of-order\n"
        "[  5]   0.00-1.00   sec  1.19 MBytes  10.0 Mbits/sec  23.456 ms  9/90 (10%)  receiver\n"
        "\n"
        "iperf Done.\n");
}

static void datagrams_that_came_late_are_a_negative_loss(void **state) {
    struct iperf3_stream_report streams[2];
    struct iperf3_report report = report_of(IPERF3_INTERVAL, streams, 2);

    (void)state;
    report.first = false;
    report.test.protocol = IPERF3_UDP;
    for (unsigned i = 0; i < 2; i++) {
        streams[i].sender = false;
        streams[i].counts.packets = 4;
        streams[i].counts.lost = -1;
        streams[i].counts.jitter_us = 1031 + 2 * i;
    }
    assert_text(
        &report,
        "- - - - - - - - - - - - - - - - - - - - - - - - -\n"
        "[  5]   0.00-1.00   sec  1.19 MBytes  10.0 Mbits/sec  1.031 ms  -1/4 (-25%)  \n"
        "[  7]   0.00-1.00   sec  1.19 MBytes  10.0 Mbits/sec  1.033 ms  -1/4 (-25%)  \n"
        "[SUM]   0.00-1.00   sec  2.38 MBytes  20.0 Mbits/sec  1.032 ms  -2/8 (-25%)  \n");
}

static void only_an_interrupt_of_a_running_test_is_summed_up(void **state) {
    const struct {
        enum iperf3_error error;
        bool summed_up;
    } cases[] = {
        {IPERF3_ERR_STOPPED, true},
        {IPERF3_ERR_SERVER_TERMINATED, true},
        {IPERF3_ERR_CLIENT_TERMINATED, true},
        {IPERF3_ERR_REFUSED, false},
        {IPERF3_ERR_CLOSED, false},
        {IPERF3_ERR_TIMEOUT, false},
        {IPERF3_ERR_STREAM, false},
        {IPERF3_ERR_BUSY, false},
        {IPERF3_ERR_SERVER_ERROR, false},
    };
    struct iperf3_stream_report streams[1];

    (void)state;
    for (unsigned i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct iperf3_report report = report_of(IPERF3_FAILED, streams, 1);

        report.error = cases[i].error;
        streams[0].remote_us = 7000000; // of no meaning: nothing was told
        assert_text(
            &report,
            !cases[i].summed_up
                ? ""
                : "- - - - - - - - - - - - - - - - - - - - - - - - -\n"
            "[ ID] Interval           Transfer     Bitrate\n"
            "[  5]   0.00-1.00   sec  1.19 MBytes  10.0 Mbits/sec                  sender\n"
            "[  5]   0.00-1.00   sec  0.00 Bytes  0.00 bits/sec                  receiver\n");
        report.stream_count = 0;
        assert_text(&report, "");
    }
}

static void a_server_sums_up_once(void **state) {
    struct iperf3_stream_report streams[1];
    struct iperf3_report report = report_of(IPERF3_FINISHED, streams, 1);

    (void)state;
    report.role = IPERF3_SERVER;
    report.measured = true;
    assert_text(&report, "");
    report.type = IPERF3_FAILED;
    report.error = IPERF3_ERR_STOPPED;
    assert_text(&report, "");
}

// As iperf3 3.12 has it, blank lines and the server's own lines included.
static void a_title_begins_the_lines_and_server_output_follows_the_totals(void **state) {
    static const char output[] = "Accepted connection from ::1, port 7\nthe rest\n";
    struct iperf3_stream_report streams[1];
    struct iperf3_report report = report_of(IPERF3_FINISHED, streams, 1);

    (void)state;
    report.test.title = "mytitle";
    report.server_output = output;
    report.server_output_size = sizeof(output) - 1;
    assert_text(
        &report,
        "mytitle:  - - - - - - - - - - - - - - - - - - - - - - - - -\n"
        "mytitle:  [ ID] Interval           Transfer     Bitrate\n"
        "mytitle:  [  5]   0.00-1.00   sec  1.19 MBytes  10.0 Mbits/sec                  sender\n"
        "mytitle:  [  5]   0.00-1.00   sec  1.19 MBytes  10.0 Mbits/sec                  receiver\n"
        "mytitle:  \n"
        "Server output:\n"
        "Accepted connection from ::1, port 7\n"
        "the rest\n"
        "\n"
        "mytitle:  \n"
        "mytitle:  iperf Done.\n");
    report.test.title = NULL;
    report.server_output = "{}";
    report.server_output_size = 2;
    report.server_output_is_json = true;
    assert_text(
        &report,
        "- - - - - - - - - - - - - - - - - - - - - - - - -\n"
        "[ ID] Interval           Transfer     Bitrate\n"
        "[  5]   0.00-1.00   sec  1.19 MBytes  10.0 Mbits/sec                  sender\n"
        "[  5]   0.00-1.00   sec  1.19 MBytes  10.0 Mbits/sec                  receiver\n"
        "\n"
        "Server JSON output:\n"
        "{}\n"
        "\n"
        "iperf Done.\n");
    report.type = IPERF3_SERVER_OUTPUT;
    assert_text(&report, "");
}

static void a_server_counts_its_tests(void **state) {
    struct iperf3_report report = report_of(IPERF3_LISTENING, NULL, 0);

    (void)state;
    report.role = IPERF3_SERVER;
    report.local_port = 65535;
    report.test_number = 4294967295;
    assert_text(
        &report, "-----------------------------------------------------------\n"
        "Server listening on 65535 (test #4294967295)\n"
        "-----------------------------------------------------------\n");
}

#define LONG_HOST "fe80:1111:2222:3333:4444:5555:255.255.255.255"

static void the_longest_line_is_not_cut(void **state) {
    struct iperf3_stream_report streams[256];
    struct iperf3_report report = report_of(IPERF3_STARTED, streams, 128);
    struct output output;

    (void)state;
    memcpy(report.local_host, LONG_HOST, sizeof(LONG_HOST));
    memcpy(report.remote_host, LONG_HOST, sizeof(LONG_HOST));
    streams[0].local_port = 65535;
    streams[0].remote_port = 65535;
    report.stream_count = 1;
    assert_text(
        &report, "[  5] local " LONG_HOST " port 65535 connected to " LONG_HOST " port 65535\n");
    report = report_of(IPERF3_STARTED, streams, 48);
    print_report(&report, &output);
    assert_non_null(strstr(output.text, "\n[ 99] local 10.0.0.2 port 0 connected to 10.0.0.1 "));
}

static void a_test_of_a_day_keeps_its_columns_apart(void **state) {
    struct iperf3_stream_report streams[1];
    struct iperf3_report report = report_of(IPERF3_INTERVAL, streams, 1);

    (void)state;
    report.first = false;
    report.start_us = UINT64_C(86399000000);
    report.end_us = UINT64_C(86400000000);
    streams[0].counts.retransmits = 1000;
    assert_text(
        &report,
        "[  5] 86399.00-86400.00 sec  1.19 MBytes  10.0 Mbits/sec  1000   0.00 Bytes       \n");
    report.type = IPERF3_FAILED;
    report.error = IPERF3_ERR_STOPPED;
    report.role = IPERF3_SERVER;
    report.test.protocol = IPERF3_UDP;
    report.start_us = 12345678;
    streams[0].sender = false;
    streams[0].counts.out_of_order = 12345;
    assert_text(
        &report,
        "- - - - - - - - - - - - - - - - - - - - - - - - -\n"
        "[ ID] Interval           Transfer     Bitrate         Jitter    Lost/Total Datagrams\n"
        "[SUM] 12.3-86400.0 sec  12345 datagrams received out-of-order\n"
        "[  5]  12.35-86400.00 sec  1.19 MBytes   116 bits/sec  0.000 ms  0/0 (0%)  receiver\n");
}

// Numbers that only a hostile peer can bring.
static void a_line_that_is_too_long_is_still_a_line(void **state) {
    struct iperf3_stream_report streams[1];
    struct iperf3_report report = report_of(IPERF3_FINISHED, streams, 1);
    struct output output;

    (void)state;
    report.test.protocol = IPERF3_UDP;
    memset(&streams[0].remote, 0xff, sizeof(streams[0].remote));
    streams[0].remote.lost = INT64_MIN;
    for (unsigned bits = 1; bits <= 64; bits++) {
        streams[0].remote_us = UINT64_MAX >> (64 - bits);
        streams[0].remote.packets = UINT64_MAX >> (64 - bits);
        print_report(&report, &output);
        assert_true(output.length > 300);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_recorded_run_of_iperf3_is_printed_in_its_words),
        cmocka_unit_test(a_sender_that_does_not_know_its_retransmits_has_no_columns_for_them),
        cmocka_unit_test(a_sum_is_not_known_when_a_part_of_it_is_not),
        cmocka_unit_test(a_sum_of_retransmits_does_not_overflow),
        cmocka_unit_test(a_remote_sender_that_does_not_know_its_retransmits_has_no_column),
        cmocka_unit_test(a_server_has_no_column_for_what_only_the_client_knows),
        cmocka_unit_test(a_sender_of_datagrams_has_no_jitter_and_no_loss_whatever_it_told),
        cmocka_unit_test(datagrams_that_came_late_are_a_negative_loss),
        cmocka_unit_test(only_an_interrupt_of_a_running_test_is_summed_up),
        cmocka_unit_test(a_server_sums_up_once),
        cmocka_unit_test(a_title_begins_the_lines_and_server_output_follows_the_totals),
        cmocka_unit_test(a_server_counts_its_tests),
        cmocka_unit_test(the_longest_line_is_not_cut),
        cmocka_unit_test(a_test_of_a_day_keeps_its_columns_apart),
        cmocka_unit_test(a_line_that_is_too_long_is_still_a_line),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
