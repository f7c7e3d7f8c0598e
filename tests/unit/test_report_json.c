// test_report_json.c - a report's JSON has the form of the real iperf3 3.12's document
// SPDX-License-Identifier: MIT
//
// The form of whole documents is in tests/vectors/json: the keys in their order, the
// kinds of their values, and the bools.

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "iperf3_json_read.h"
#include "iperf3_report.h"

#define MAX_STREAMS 4
#define MAX_TEXT 8192

/// Printing ///

struct output {
    char text[MAX_TEXT];
    size_t length;
};

static void print(void *context, const char *text, size_t size) {
    struct output *output = context;

    assert_true(output->length + size < sizeof(output->text));
    memcpy(&output->text[output->length], text, size);
    output->length += size;
    output->text[output->length] = '\0';
}

static void add(struct output *output, const char *text) {
    print(output, text, strlen(text));
}

static void add_report(
    struct output *output, struct iperf3_report *report, enum iperf3_report_type type) {
    const struct iperf3_printer printer = {print, output};

    report->type = type;
    iperf3_report_json(&printer, report);
}

static void assert_json(struct iperf3_report *report, const char *expected) {
    struct output output = {.length = 0};

    add_report(&output, report, report->type);
    assert_string_equal(output.text, expected);
}

// What of it is from `start` on, up to before `end`.
static void assert_part(
    struct iperf3_report *report, const char *start, const char *end, const char *expected) {
    struct output output = {.length = 0};
    char part[MAX_TEXT];

    add_report(&output, report, report->type);
    const char *first = strstr(output.text, start);
    assert_non_null(first);
    const char *last = strstr(first, end);
    assert_non_null(last);
    snprintf(part, sizeof(part), "%.*s", (int)(last - first), first);
    assert_string_equal(part, expected);
}

/// Reports ///

struct mode {
    enum iperf3_role role;
    enum iperf3_protocol protocol;
    enum iperf3_direction direction;
    uint8_t parallel;
};

struct scene {
    struct iperf3_report report;
    struct iperf3_stream_report streams[MAX_STREAMS];
};

static struct iperf3_counts some_counts(const struct mode *mode, bool sends, bool known) {
    struct iperf3_counts counts = {.bytes = 1000, .retransmits = known && sends ? 2 : -1};

    if (mode->protocol == IPERF3_UDP) {
        counts.packets = 10;
    }
    if (mode->protocol == IPERF3_UDP && !sends) {
        counts.lost = 1;
        counts.jitter_us = 12;
        counts.out_of_order = 3;
    }
    return counts;
}

static void fill(struct scene *scene, const struct mode *mode) {
    struct iperf3_report *report = &scene->report;

    *scene = (struct scene) {
        .report = {
            .role = mode->role,
            .local_host = "10.0.0.1",
            .remote_host = "10.0.0.2",
            .local_port = 40000,
            .remote_port = 5201,
            .mss = 1460,
            .cookie = "abcdefghijklmnopqrstuvwxyz234567abcd",
            .remote_cpu_millipercent = {12345, 345, 12000},
            .end_us = 1000000,
            .test = {
                .protocol = mode->protocol,
                .direction = mode->direction,
                .parallel = mode->parallel,
                .length = 131072,
                .duration_s = 10,
            },
        },
    };
    report->stream_count = iperf3_test_streams(&report->test);
    report->streams = scene->streams;
    for (unsigned i = 0; i < report->stream_count; i++) {
        struct iperf3_stream_report *stream = &scene->streams[i];
        bool from_client = mode->direction != IPERF3_REVERSE && i < mode->parallel;
        bool is_client = mode->role == IPERF3_CLIENT;

        stream->sender = from_client == is_client;
        stream->local_port = (uint16_t)(40001 + i);
        stream->remote_port = 5201;
        stream->cwnd = 2920;
        stream->counts = some_counts(mode, stream->sender, true);
        stream->remote = some_counts(mode, !stream->sender, is_client); // a server is not told
        stream->remote_us = 2000000;
    }
}

// The document that the pieces of a test make.
static void print_document(struct scene *scene, struct output *output) {
    output->length = 0;
    add(output, "{\"start\":");
    add_report(output, &scene->report, IPERF3_CONNECTING); // nothing, as the next
    add_report(output, &scene->report, IPERF3_LISTENING);
    add_report(output, &scene->report, IPERF3_ACCEPTED);
    add_report(output, &scene->report, IPERF3_STARTED);
    add(output, ",\"intervals\":[");
    add_report(output, &scene->report, IPERF3_INTERVAL);
    add(output, "],\"end\":");
    add_report(output, &scene->report, IPERF3_FINISHED);
    add(output, "}");
}

/// Forms ///

// A document as one line per value: its depth, key and kind, or its truth.
struct form {
    struct output output;
    const char *const *without; // keys that are left out
    unsigned hidden;            // depth of an object that is left out, 0: none
};

static bool is_among(const char *const *keys, const char *key) {
    while (*keys != NULL && strcmp(*keys, key) != 0) {
        keys++;
    }
    return *keys != NULL;
}

static const char *kind_of(enum iperf3_json_type type) {
    static const char *const kinds[] = {
        [JSON_OBJECT] = "object", [JSON_ARRAY] = "array", [JSON_STRING] = "string",
        [JSON_NUMBER] = "number", [JSON_TRUE] = "true",   [JSON_FALSE] = "false",
        [JSON_NULL] = "null",
    };
    return kinds[type];
}

static bool take_token(void *context, const struct iperf3_json_token *token) {
    struct form *form = context;
    bool ends = token->type == JSON_OBJECT_END || token->type == JSON_ARRAY_END;
    char line[100];

    if (form->hidden > 0) {
        form->hidden = ends && token->depth == form->hidden ? 0 : form->hidden;
        return true;
    }
    if (ends || !token->last) {
        return true;
    }
    if (is_among(form->without, token->key)) {
        form->hidden = token->type == JSON_OBJECT ? token->depth : 0;
        return true;
    }
    snprintf(line, sizeof(line), "%u %s %s\n", token->depth, token->key, kind_of(token->type));
    add(&form->output, line);
    return true;
}

static void find_form(struct form *form, const char *text) {
    struct iperf3_json_reader reader;

    form->output.length = 0;
    form->hidden = 0;
    iperf3_json_reader_init(&reader, take_token, form);
    assert_int_equal(iperf3_json_reader_feed(&reader, text, strlen(text)), JSON_DONE);
}

static void read_vector(char *text, size_t size, const char *name) {
    char path[400];

    snprintf(path, sizeof(path), VECTORS_DIR "/json/%s.json", name);
    FILE *file = fopen(path, "r");
    if (file == NULL || fgets(text, (int)size, file) == NULL) {
        fail_msg("cannot read %s", path);
    }
    fclose(file);
}

// cmocka cuts long messages, so this shows only the first line that differs.
static void assert_same_form(const char *name, const char *ours, const char *theirs) {
    size_t start = 0;

    for (size_t i = 0; ours[i] == theirs[i]; i++) {
        if (ours[i] == '\0') {
            return;
        }
        start = ours[i] == '\n' ? i + 1 : start;
    }
    ours += start;
    theirs += start;
    fail_msg(
        "%s: \"%.*s\" instead of \"%.*s\"", name, (int)strcspn(ours, "\n"), ours,
        (int)strcspn(theirs, "\n"), theirs);
}

static void check_mode(const char *name, const struct mode *mode) {
    // What is not known, see iperf3_report.h; and what the other side has not told.
    const char *without[] = {
        "timestamp", "sndbuf_actual", "rcvbuf_actual", "snd_wnd",  "rtt",
        "rttvar",    "pmtu",          "max_snd_cwnd",  "max_snd_wnd", "max_rtt",
        "min_rtt",   "mean_rtt",      NULL,            NULL,
    };
    static const char *const nothing[] = {NULL};
    struct form ours = {.without = nothing};
    struct form theirs = {.without = without};
    struct output output;
    struct scene scene;
    char text[MAX_TEXT];

    if (mode->role == IPERF3_CLIENT) {
        without[12] = mode->direction == IPERF3_REVERSE ? "sender_tcp_congestion"
                                                        : "receiver_tcp_congestion";
    }
    fill(&scene, mode);
    print_document(&scene, &output);
    read_vector(text, sizeof(text), name);
    find_form(&ours, output.text);
    find_form(&theirs, text);
    assert_same_form(name, ours.output.text, theirs.output.text);
}

static void each_document_has_the_form_of_iperf3s(void **state) {
    static const char *const protocols[] = {"tcp", "udp"};
    static const char *const directions[] = {"forward", "reverse", "bidir"};
    static const char *const roles[] = {"client", "server"};
    (void)state;

    for (unsigned i = 0; i < 2 * 3 * 2 * 2; i++) {
        const struct mode mode = {
            .role = (enum iperf3_role)(i % 2),
            .protocol = (enum iperf3_protocol)(i / 2 % 2),
            .direction = (enum iperf3_direction)(i / 4 % 3),
            .parallel = (uint8_t)(1 + i / 12),
        };
        char name[40];

        snprintf(
            name, sizeof(name), "%s-%s-%d.%s", protocols[mode.protocol],
            directions[mode.direction], mode.parallel, roles[mode.role]);
        check_mode(name, &mode);
    }
}

/// Values ///

static const struct mode tcp_client = {IPERF3_CLIENT, IPERF3_TCP, IPERF3_FORWARD, 1};
static const struct mode tcp_server = {IPERF3_SERVER, IPERF3_TCP, IPERF3_FORWARD, 1};
static const struct mode udp_client = {IPERF3_CLIENT, IPERF3_UDP, IPERF3_FORWARD, 1};
static const struct mode udp_receiver = {IPERF3_CLIENT, IPERF3_UDP, IPERF3_REVERSE, 2};

static void a_clients_start(void **state) {
    struct scene scene;
    (void)state;

    fill(&scene, &tcp_client);
    scene.report.type = IPERF3_STARTED;
    scene.report.test.bytes = UINT64_C(1) << 40;
    scene.report.test.blocks = 7;
    scene.report.test.omit_s = 3;
    scene.report.test.tos = 32;
    scene.report.test.bits_per_s = 1000000;
    assert_json(
        &scene.report,
        "{\"connected\":[{\"socket\":5,\"local_host\":\"10.0.0.1\",\"local_port\":40001,"
        "\"remote_host\":\"10.0.0.2\",\"remote_port\":5201}],"
        "\"version\":\"iperf3-lwip " IPERF3_VERSION "\",\"system_info\":\"lwIP\","
        "\"connecting_to\":{\"host\":\"10.0.0.2\",\"port\":5201},"
        "\"cookie\":\"abcdefghijklmnopqrstuvwxyz234567abcd\",\"tcp_mss_default\":1460,"
        "\"target_bitrate\":1000000,\"sock_bufsize\":0,"
        "\"test_start\":{\"protocol\":\"TCP\",\"num_streams\":1,\"blksize\":131072,\"omit\":3,"
        "\"duration\":10,\"bytes\":1099511627776,\"blocks\":7,\"reverse\":0,\"tos\":32,"
        "\"target_bitrate\":1000000}}");
}

static void a_reverse_test_over_two_streams(void **state) {
    struct scene scene;
    (void)state;

    fill(&scene, &udp_receiver);
    scene.report.type = IPERF3_STARTED;
    assert_part(
        &scene.report, "\"test_start\"", ",\"blksize",
        "\"test_start\":{\"protocol\":\"UDP\",\"num_streams\":2");
    assert_part(&scene.report, "\"reverse\"", ",\"tos", "\"reverse\":1");
    assert_part(&scene.report, "{\"socket\":7", ",\"local_host", "{\"socket\":7");
}

static void a_test_in_both_directions_is_not_reversed(void **state) {
    static const struct mode mode = {IPERF3_SERVER, IPERF3_TCP, IPERF3_BIDIR, 1};
    struct scene scene;
    (void)state;

    fill(&scene, &mode);
    scene.report.type = IPERF3_STARTED;
    assert_part(&scene.report, "\"reverse\"", ",\"tos", "\"reverse\":0");
}

static void a_segment_size_that_was_asked_for(void **state) {
    struct scene scene;
    (void)state;

    fill(&scene, &tcp_client);
    scene.report.type = IPERF3_STARTED;
    scene.report.test.mss = 1000;
    assert_part(&scene.report, "\"tcp_mss", ",\"target", "\"tcp_mss\":1000");
}

static void a_cookie_of_any_bytes_is_text(void **state) {
    static const char bytes[IPERF3_HOST_SIZE] = "\xff\x01\x7f ~\"\\ ends here: \0 not here";
    struct scene scene;
    (void)state;

    fill(&scene, &tcp_server);
    scene.report.type = IPERF3_STARTED;
    scene.report.cookie = bytes;
    assert_part(
        &scene.report, "\"cookie", ",\"tcp_mss", "\"cookie\":\"??? ~\\\"\\\\ ends here: \"");
}

static void the_longest_texts_fit(void **state) {
    static const char host[] = "fe80:1111:2222:3333:4444:5555:6666:7777%abcde";
    char cookie[38];
    char expected[200] = "\"cookie\":\"";
    struct scene scene;
    (void)state;

    memset(cookie, '"', sizeof(cookie)); // no NUL
    for (unsigned i = 0; i < 36; i++) {
        strcat(expected, "\\\"");
    }
    strcat(expected, "\"");
    fill(&scene, &tcp_client);
    scene.report.type = IPERF3_STARTED;
    scene.report.cookie = cookie;
    assert_int_equal(strlen(host), IPERF3_HOST_SIZE - 1);
    strcpy(scene.report.local_host, host);
    assert_part(&scene.report, "\"cookie", ",\"tcp_mss", expected);
    assert_part(
        &scene.report, "\"local_host", ",\"local_port",
        "\"local_host\":\"fe80:1111:2222:3333:4444:5555:6666:7777%abcde\"");
}

static void an_interval_of_a_tcp_sender(void **state) {
    struct scene scene;
    (void)state;

    fill(&scene, &tcp_client);
    scene.report.type = IPERF3_INTERVAL;
    scene.report.start_us = 1000123;
    scene.report.end_us = 2500123;
    scene.report.omitted = true;
    scene.streams[0].counts.bytes = 1234567;
    assert_json(
        &scene.report,
        "{\"streams\":[{\"socket\":5,\"start\":1.000123,\"end\":2.500123,\"seconds\":1.5,"
        "\"bytes\":1234567,\"bits_per_second\":6584357.333,\"retransmits\":2,"
        "\"snd_cwnd\":2920,\"omitted\":true,\"sender\":true}],"
        "\"sum\":{\"start\":1.000123,\"end\":2.500123,\"seconds\":1.5,"
        "\"bytes\":1234567,\"bits_per_second\":6584357.333,\"retransmits\":2,"
        "\"omitted\":true,\"sender\":true}}");
}

static void unknown_retransmits_are_left_out(void **state) {
    struct scene scene;
    (void)state;

    fill(&scene, &tcp_client);
    scene.report.type = IPERF3_INTERVAL;
    scene.streams[0].counts.retransmits = -1;
    assert_part(
        &scene.report, "\"bits_per_second", ",\"omitted",
        "\"bits_per_second\":8000,\"snd_cwnd\":2920");
    scene.report.type = IPERF3_FINISHED;
    scene.streams[0].counts.retransmits = -1;
    assert_part(
        &scene.report, "\"bits_per_second", "}", "\"bits_per_second\":8000,\"sender\":true");
}

static void an_interval_of_udp_receivers(void **state) {
    struct scene scene;
    (void)state;

    fill(&scene, &udp_receiver);
    scene.report.type = IPERF3_INTERVAL;
    scene.streams[1].counts.lost = -2;
    scene.streams[1].counts.jitter_us = 4501;
    scene.streams[1].counts.packets = 3;
    assert_part(
        &scene.report, "{\"socket\":7", "]",
        "{\"socket\":7,\"start\":0,\"end\":1,\"seconds\":1,\"bytes\":1000,"
        "\"bits_per_second\":8000,\"jitter_ms\":4.501,\"lost_packets\":-2,\"packets\":3,"
        "\"lost_percent\":-66.666667,\"omitted\":false,\"sender\":false}");
    assert_part(
        &scene.report, "\"sum\"", "}}",
        "\"sum\":{\"start\":0,\"end\":1,\"seconds\":1,\"bytes\":2000,"
        "\"bits_per_second\":16000,\"jitter_ms\":2.2565,\"lost_packets\":-1,\"packets\":13,"
        "\"lost_percent\":-7.692308,\"omitted\":false,\"sender\":false");
}

static void the_end_of_a_tcp_client(void **state) {
    struct scene scene;
    (void)state;

    fill(&scene, &tcp_client);
    scene.report.type = IPERF3_FINISHED;
    scene.streams[0].remote.bytes = 900;
#define SENT \
    "\"start\":0,\"end\":1,\"seconds\":1,\"bytes\":1000,\"bits_per_second\":8000," \
    "\"retransmits\":2,\"sender\":true}"
#define RECEIVED \
    "\"start\":0,\"end\":2,\"seconds\":2,\"bytes\":900,\"bits_per_second\":3600," \
    "\"sender\":true}"
    assert_json(
        &scene.report,
        "{\"streams\":[{\"sender\":{\"socket\":5," SENT ",\"receiver\":{\"socket\":5," RECEIVED
        "}],\"sum_sent\":{" SENT ",\"sum_received\":{" RECEIVED
        ",\"cpu_utilization_percent\":{\"host_total\":0,\"host_user\":0,\"host_system\":0,"
        "\"remote_total\":12.345,\"remote_user\":0.345,\"remote_system\":12},"
        "\"sender_tcp_congestion\":\"reno\"}");
}

static void the_end_of_a_udp_client(void **state) {
    struct scene scene;
    (void)state;

    fill(&scene, &udp_client);
    scene.report.type = IPERF3_FINISHED;
    scene.streams[0].remote.bytes = 900;
    scene.streams[0].counts.packets = 11; // one more than the receiver knows of
#define TRANSFER \
    "\"start\":0,\"end\":1,\"seconds\":1,\"bytes\":1000,\"bits_per_second\":8000," \
    "\"jitter_ms\":0.012,\"lost_packets\":1,\"packets\":10,\"lost_percent\":10,"
    assert_part(
        &scene.report, "{\"streams", ",\"cpu",
        "{\"streams\":[{\"udp\":{\"socket\":5," TRANSFER "\"out_of_order\":3,\"sender\":true}}],"
        "\"sum\":{" TRANSFER "\"sender\":true},"
        "\"sum_sent\":{\"start\":0,\"end\":1,\"seconds\":1,\"bytes\":1000,"
        "\"bits_per_second\":8000,\"jitter_ms\":0,\"lost_packets\":0,\"packets\":11,"
        "\"lost_percent\":0,\"sender\":true},"
        "\"sum_received\":{\"start\":0,\"end\":2,\"seconds\":2,\"bytes\":900,"
        "\"bits_per_second\":3600,\"jitter_ms\":0.012,\"lost_packets\":1,\"packets\":10,"
        "\"lost_percent\":10,\"sender\":false}");
}

// Whatever it has been told by the receiver and tells again.
static void a_sender_knows_of_no_loss(void **state) {
    struct scene scene;
    (void)state;

    fill(&scene, &udp_receiver);
    scene.report.type = IPERF3_FINISHED;
    scene.streams[0].remote.lost = 5;
    scene.streams[1].remote.jitter_us = 6;
    assert_part(
        &scene.report, "\"sum_sent", ",\"sum_rec",
        "\"sum_sent\":{\"start\":0,\"end\":2,\"seconds\":2,\"bytes\":2000,"
        "\"bits_per_second\":8000,\"jitter_ms\":0,\"lost_packets\":0,\"packets\":20,"
        "\"lost_percent\":0,\"sender\":true}");
}

static void a_receiver_knows_of_no_retransmits(void **state) {
    struct scene scene;
    (void)state;

    fill(&scene, &tcp_client);
    scene.report.type = IPERF3_FINISHED;
    scene.streams[0].remote.retransmits = 0;
    assert_part(
        &scene.report, "\"sum_received", ",\"cpu",
        "\"sum_received\":{\"start\":0,\"end\":2,\"seconds\":2,\"bytes\":1000,"
        "\"bits_per_second\":4000,\"sender\":true}");
}

// As iperf3 before 3.2.
static void the_other_side_has_not_told_its_time(void **state) {
    struct scene scene;
    (void)state;

    fill(&scene, &tcp_client);
    scene.report.type = IPERF3_FINISHED;
    scene.streams[0].remote_us = 0;
    assert_part(
        &scene.report, "\"sum_received", ",\"bytes",
        "\"sum_received\":{\"start\":0,\"end\":1,\"seconds\":1");
}

static void nothing_in_no_time(void **state) {
    struct scene scene;
    (void)state;

    fill(&scene, &udp_client);
    scene.report.type = IPERF3_INTERVAL;
    scene.report.end_us = 0;
    assert_part(&scene.report, "\"bits_per_second", ",\"packets", "\"bits_per_second\":0");
    scene.report.type = IPERF3_FINISHED;
    scene.streams[0].remote.packets = 0;
    assert_part(&scene.report, "\"lost_percent", ",\"out", "\"lost_percent\":0");
}

static void large_numbers(void **state) {
    struct scene scene;
    (void)state;

    fill(&scene, &tcp_client);
    scene.report.type = IPERF3_INTERVAL;
    scene.report.start_us = UINT64_C(86400000001);
    scene.report.end_us = UINT64_C(172800000001);
    scene.streams[0].counts.bytes = UINT64_C(1) << 60;
    assert_part(
        &scene.report, "\"start", ",\"retransmits",
        "\"start\":86400.000001,\"end\":172800.000001,\"seconds\":86400,"
        "\"bytes\":1152921504606846976,\"bits_per_second\":106751991167300.646");
}

static void a_failed_test_has_an_empty_end(void **state) {
    struct scene scene;
    (void)state;

    fill(&scene, &tcp_client);
    scene.report.type = IPERF3_FAILED;
    scene.report.error = IPERF3_ERR_CLOSED;
    assert_json(&scene.report, "{}");
    scene.report.error = IPERF3_ERR_STOPPED;
    scene.report.stream_count = 0;
    assert_json(&scene.report, "{}");
}

static void an_interrupted_test_has_this_sides_figures(void **state) {
    static const enum iperf3_error errors[] = {
        IPERF3_ERR_STOPPED, IPERF3_ERR_SERVER_TERMINATED, IPERF3_ERR_CLIENT_TERMINATED
    };
    struct scene scene;
    (void)state;

    fill(&scene, &tcp_client);
    scene.report.type = IPERF3_FAILED;
    for (unsigned i = 0; i < 3; i++) {
        scene.report.error = errors[i];
        assert_part(
            &scene.report, "\"sum_sent", ",\"cpu",
            "\"sum_sent\":{" SENT ",\"sum_received\":{\"start\":0,\"end\":1,\"seconds\":1,"
            "\"bytes\":0,\"bits_per_second\":0,\"sender\":true}");
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_document_has_the_form_of_iperf3s),
        cmocka_unit_test(a_clients_start),
        cmocka_unit_test(a_reverse_test_over_two_streams),
        cmocka_unit_test(a_test_in_both_directions_is_not_reversed),
        cmocka_unit_test(a_segment_size_that_was_asked_for),
        cmocka_unit_test(a_cookie_of_any_bytes_is_text),
        cmocka_unit_test(the_longest_texts_fit),
        cmocka_unit_test(an_interval_of_a_tcp_sender),
        cmocka_unit_test(unknown_retransmits_are_left_out),
        cmocka_unit_test(an_interval_of_udp_receivers),
        cmocka_unit_test(the_end_of_a_tcp_client),
        cmocka_unit_test(the_end_of_a_udp_client),
        cmocka_unit_test(a_sender_knows_of_no_loss),
        cmocka_unit_test(a_receiver_knows_of_no_retransmits),
        cmocka_unit_test(the_other_side_has_not_told_its_time),
        cmocka_unit_test(nothing_in_no_time),
        cmocka_unit_test(large_numbers),
        cmocka_unit_test(a_failed_test_has_an_empty_end),
        cmocka_unit_test(an_interrupted_test_has_this_sides_figures),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
