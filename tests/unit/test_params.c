// test_params.c - parameters are what real iperf3 sends and understands
// SPDX-License-Identifier: MIT

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>

#include "iperf3_params.h"
#include "vectors.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define MEGA 1000000u

static const struct iperf3_test defaults = { .parallel = 1, .duration_s = 10, .length = 131072 };

// The tests that tools/capture_vectors.py runs, as we say them.
static const struct captured {
    const char *name;
    struct iperf3_test test;
} captured[] = {
    { "tcp", { .parallel = 1, .duration_s = 1, .length = 131072 } },
    { "tcp_reverse",
      { .parallel = 1, .duration_s = 1, .length = 131072, .direction = IPERF3_REVERSE } },
    { "tcp_bidir_2",
      { .parallel = 2, .duration_s = 1, .length = 131072, .direction = IPERF3_BIDIR } },
    { "tcp_parallel_4", { .parallel = 4, .duration_s = 1, .length = 131072 } },
    { "tcp_bytes", { .parallel = 1, .length = 131072, .bytes = 1048576 } },
    { "tcp_blocks", { .parallel = 1, .length = 131072, .blocks = 20 } },
    { "tcp_burst",
      { .parallel = 1, .duration_s = 1, .length = 131072, .bits_per_s = 10 * MEGA, .burst = 4 } },
    { "tcp_omit", { .parallel = 1, .duration_s = 1, .length = 131072, .omit_s = 1 } },
    { "tcp_socket_options",
      { .parallel = 1, .duration_s = 1, .length = 1000, .no_delay = true, .mss = 1000,
        .tos = 32 } },
    { "tcp_repeating",
      { .parallel = 1, .duration_s = 1, .length = 131072, .repeating_payload = true } },
    { "tcp_server_output",
      { .parallel = 1, .duration_s = 1, .length = 131072, .get_server_output = true } },
    { "tcp_many",
      { .parallel = 2, .duration_s = 1, .length = 1000, .direction = IPERF3_REVERSE, .omit_s = 1,
        .no_delay = true, .mss = 1000, .tos = 32, .bits_per_s = 10 * MEGA, .burst = 4,
        .repeating_payload = true, .get_server_output = true } },
    { "udp",
      { .protocol = IPERF3_UDP, .parallel = 1, .duration_s = 1, .length = 32768,
        .bits_per_s = MEGA } },
    { "udp_reverse",
      { .protocol = IPERF3_UDP, .parallel = 1, .duration_s = 1, .length = 32768,
        .bits_per_s = 1048576, .direction = IPERF3_REVERSE } },
    { "udp_unlimited",
      { .protocol = IPERF3_UDP, .parallel = 1, .blocks = 100, .length = 1000 } },
    { "udp_64bit",
      { .protocol = IPERF3_UDP, .parallel = 1, .duration_s = 1, .length = 1000,
        .bits_per_s = 1048576, .udp_counters_64bit = true } },
    { "udp_dont_fragment",
      { .protocol = IPERF3_UDP, .parallel = 1, .duration_s = 1, .length = 1000,
        .bits_per_s = 1048576, .dont_fragment = true } },
    { "udp_many",
      { .protocol = IPERF3_UDP, .parallel = 1, .blocks = 50, .length = 1000,
        .direction = IPERF3_BIDIR, .tos = 32, .bits_per_s = 10 * MEGA, .burst = 4,
        .repeating_payload = true, .get_server_output = true, .udp_counters_64bit = true,
        .dont_fragment = true } },
    { "udp_omit",
      { .protocol = IPERF3_UDP, .parallel = 1, .duration_s = 1, .length = 1000, .omit_s = 1,
        .bits_per_s = 1048576 } },
};

static void assert_test_equal(
    const char *what, const struct iperf3_test *test, const struct iperf3_test *expected) {
#define CHECK(member) \
    if (test->member != expected->member) { \
        fail_msg("%s: " #member " is %llu", what, (unsigned long long)test->member); \
    }
    CHECK(protocol);
    CHECK(direction);
    CHECK(parallel);
    CHECK(tos);
    CHECK(no_delay);
    CHECK(repeating_payload);
    CHECK(get_server_output);
    CHECK(udp_counters_64bit);
    CHECK(dont_fragment);
    CHECK(omit_s);
    CHECK(mss);
    CHECK(burst);
    CHECK(duration_s);
    CHECK(length);
    CHECK(bytes);
    CHECK(blocks);
    CHECK(bits_per_s);
    CHECK(window);
#undef CHECK
}

static char texts[24]; // of a title and extra data

// Reads a message in pieces of at most so many bytes, each on the heap so that
// ASan sees a read past its end.
static enum iperf3_json_status read_pieces(
    struct iperf3_params_reader *reader, const char *json, size_t piece) {
    size_t left = strlen(json);
    enum iperf3_json_status status = JSON_MORE;

    memset(reader, 0xff, sizeof(*reader));
    iperf3_params_reader_init(reader, texts, sizeof(texts));
    while (left > 0) {
        size_t size = left < piece ? left : piece;
        char *copy = malloc(size);

        assert_non_null(copy);
        memcpy(copy, json, size);
        status = iperf3_json_reader_feed(&reader->json, copy, size);
        free(copy);
        json += size;
        left -= size;
    }
    return status;
}

// Reads a message that is well-formed.
static struct iperf3_test read_test(const char *json, int32_t *refusal) {
    struct iperf3_params_reader reader;

    if (read_pieces(&reader, json, SIZE_MAX) != JSON_DONE) {
        fail_msg("%s is refused as malformed", json);
    }
    *refusal = iperf3_params_refusal(&reader);
    return reader.test;
}

static void assert_refusal(const char *json, int32_t expected) {
    int32_t refusal;

    read_test(json, &refusal);
    if (refusal != expected) {
        fail_msg("%s gives %d instead of %d", json, (int)refusal, (int)expected);
    }
}

// What a message asks for, when it may be asked for.
static struct iperf3_test asked(const char *json) {
    int32_t refusal;
    struct iperf3_test test = read_test(json, &refusal);

    if (refusal != 0) {
        fail_msg("%s gives %d", json, (int)refusal);
    }
    return test;
}

static void write_test(char *text, size_t capacity, const struct iperf3_test *test) {
    struct iperf3_json_writer writer;

    iperf3_json_writer_init(&writer, text, capacity - 1, 0);
    iperf3_params_write(&writer, test);
    text[iperf3_json_written(&writer)] = '\0';
    assert_int_equal(writer.length, strlen(text));
}

/// Real programs ///

static void a_captured_message_gives_the_test_that_was_asked_for(void **state) {
    static const char *const versions[] = { "3.9", "3.12", "3.18" };
    static const size_t pieces[] = { 1, 2, 7, SIZE_MAX };
    unsigned count = 0;

    (void)state;
    for (size_t i = 0; i < COUNT(captured) * COUNT(versions) * COUNT(pieces); i++) {
        const struct captured *expected = &captured[i / COUNT(versions) / COUNT(pieces)];
        struct iperf3_params_reader reader;
        struct vector vector;

        if (vector_load_params(&vector, versions[i / COUNT(pieces) % COUNT(versions)],
            expected->name)) {
            assert_int_equal(
                read_pieces(&reader, vector.text, pieces[i % COUNT(pieces)]), JSON_DONE);
            assert_int_equal(iperf3_params_refusal(&reader), 0);
            assert_test_equal(expected->name, &reader.test, &expected->test);
            count++;
        }
    }
    // 3.9 has no --dont-fragment, which two tests use.
    assert_int_equal(count, (COUNT(captured) * COUNT(versions) - 2) * COUNT(pieces));
}

static void assert_texts(const char *json, const char *title, const char *extra_data) {
    static const size_t pieces[] = { 1, 7, SIZE_MAX };

    for (size_t i = 0; i < COUNT(pieces); i++) {
        struct iperf3_params_reader reader;

        memset(texts, 'x', sizeof(texts));
        assert_int_equal(read_pieces(&reader, json, pieces[i]), JSON_DONE);
        assert_int_equal(iperf3_params_refusal(&reader), 0);
        assert_string_equal(reader.test.title == NULL ? "none" : reader.test.title, title);
        assert_string_equal(
            reader.test.extra_data == NULL ? "none" : reader.test.extra_data, extra_data);
    }
}

static void title_and_extra_data_are_kept_as_far_as_they_fit(void **state) {
    (void)state;
    assert_texts("{}", "none", "none");
    assert_texts("{\"title\":\"a\\u00e9\",\"extra_data\":\"x\"}", "a\xc3\xa9", "x");
    assert_texts("{\"title\":\"a\",\"title\":\"b\"}", "a", "none");
    assert_texts("{\"title\":\"\",\"extra_data\":7}", "", "none");
    assert_texts("{\"extra_data\":\"01234567890123456789\",\"title\":\"abcdef\"}", "ab",
        "01234567890123456789");
    assert_texts("{\"extra_data\":\"0123456789012345678901234567890123456789012345678901234567890123"
        "456789\",\"title\":\"a\"}", "none", "01234567890123456789012");
}

static void titles_do_not_matter(void **state) {
    struct vector vector;

    (void)state;
    assert_true(vector_load_params(&vector, "3.12", "tcp_title"));
    assert_non_null(strstr(vector.text, "\"title\""));
    struct iperf3_test test = asked(vector.text);
    assert_test_equal("tcp_title", &test, &captured[0].test);
}

static void the_same_test_is_asked_for_in_the_same_bytes(void **state) {
    static const char version_key[] = "\"client_version\":\"";
    static const char *const versions[] = { "3.12", "3.18" };

    (void)state;
    for (size_t i = 0; i < COUNT(captured) * COUNT(versions); i++) {
        const struct captured *expected = &captured[i / COUNT(versions)];
        struct vector vector;
        char text[1024];

        assert_true(vector_load_params(&vector, versions[i % COUNT(versions)], expected->name));
        char *theirs = strstr(vector.text, version_key);
        assert_non_null(theirs);
        strcpy(theirs + strlen(version_key), "iperf3-lwip " IPERF3_VERSION "\"}");
        write_test(text, sizeof(text), &expected->test);
        assert_string_equal(text, vector.text);
    }
}

/// Meaning ///

static void an_empty_object_asks_for_the_defaults(void **state) {
    (void)state;
    struct iperf3_test test = asked("{}");
    assert_test_equal("{}", &test, &defaults);
}

static void a_value_in_range_is_taken(void **state) {
    (void)state;
    assert_int_equal(asked("{\"omit\":0}").omit_s, 0);
    assert_int_equal(asked("{\"omit\":600}").omit_s, 600);
    assert_int_equal(asked("{\"time\":0}").duration_s, 0);
    assert_int_equal(asked("{\"time\":86400}").duration_s, 86400);
    assert_int_equal(asked("{\"parallel\":1}").parallel, 1);
    assert_int_equal(asked("{\"parallel\":128}").parallel, 128);
    assert_int_equal(asked("{\"len\":1}").length, 1);
    assert_int_equal(asked("{\"len\":1048576}").length, 1048576);
    assert_int_equal(asked("{\"udp\":true,\"len\":16}").length, 16);
    assert_int_equal(asked("{\"udp\":true,\"len\":65507}").length, 65507);
    assert_int_equal(asked("{\"burst\":1}").burst, 1);
    assert_int_equal(asked("{\"burst\":1000}").burst, 1000);
    assert_int_equal(asked("{\"TOS\":0}").tos, 0);
    assert_int_equal(asked("{\"TOS\":255}").tos, 255);
    assert_int_equal(asked("{\"num\":0}").bytes, 0);
    assert_int_equal(asked("{\"blockcount\":0}").blocks, 0);
    assert_int_equal(asked("{\"bandwidth\":0}").bits_per_s, 0);
    assert_int_equal(asked("{\"MSS\":0}").mss, 0);
    assert_int_equal(asked("{\"MSS\":32767}").mss, 32767);
}

static void counts_have_64_bits(void **state) {
    (void)state;
    assert_true(asked("{\"num\":9223372036854775807}").bytes == INT64_MAX);
    assert_true(asked("{\"blockcount\":5000000000}").blocks == 5000000000);
    assert_true(asked("{\"bandwidth\":40000000000}").bits_per_s == 40000000000);
    assert_true(asked("{\"num\":4e15}").bytes == 4000000000000000);
}

static void a_value_out_of_range_is_refused_with_iperf3s_number(void **state) {
    static const struct {
        const char *json;
        int32_t refusal;
    } table[] = {
        { "{\"time\":-1}", 5 },
        { "{\"time\":86401}", 5 },
        { "{\"time\":1e300}", 5 },
        { "{\"time\":4294967296}", 5 },
        { "{\"parallel\":0}", 6 },
        { "{\"parallel\":-3}", 6 },
        { "{\"parallel\":129}", 6 },
        { "{\"parallel\":257}", 6 },
        { "{\"len\":0}", 7 },
        { "{\"len\":-1}", 7 },
        { "{\"len\":1048577}", 7 },
        { "{\"len\":4294967297}", 7 },
        { "{\"udp\":true,\"len\":15}", 20 },
        { "{\"udp\":true,\"len\":0}", 20 },
        { "{\"udp\":true,\"len\":-1}", 20 },
        { "{\"udp\":true,\"len\":65508}", 20 },
        { "{\"udp\":true,\"len\":4294967396}", 20 },
        { "{\"len\":15,\"udp\":true}", 20 },
        { "{\"MSS\":-1}", 10 },
        { "{\"MSS\":32768}", 10 },
        { "{\"omit\":-1}", 12 },
        { "{\"omit\":601}", 12 },
        { "{\"omit\":65536}", 12 },
        { "{\"burst\":0}", 15 },
        { "{\"burst\":1001}", 15 },
        { "{\"TOS\":-1}", 21 },
        { "{\"TOS\":256}", 21 },
        { "{\"num\":-1}", 114 },
        { "{\"blockcount\":-1}", 114 },
        { "{\"bandwidth\":-1}", 114 },
        { "{\"window\":-1}", 8 },
        { "{\"window\":536870913}", 8 },
        { "{\"mptcp\":true}", 13 },
        { "{\"server_affinity\":1}", 132 },
        { "{\"server_affinity\":-1}", 132 },
        { "{\"sctp\":true}", 131 },
        { "{\"sctp\":false}", 131 },
        { "{\"tcp\":true,\"sctp\":true,\"udp\":true,\"len\":100}", 131 },
    };

    (void)state;
    for (size_t i = 0; i < COUNT(table); i++) {
        assert_refusal(table[i].json, table[i].refusal);
    }
}

static void udp_without_a_length_is_refused(void **state) {
    (void)state;
    assert_refusal("{\"udp\":true}", 20);
    assert_refusal("{\"udp\":true,\"len\":\"1000\"}", 20);
}

static void the_first_refusal_counts(void **state) {
    (void)state;
    assert_refusal("{\"time\":-1,\"TOS\":256,\"parallel\":0}", 5);
    assert_refusal("{\"parallel\":0,\"TOS\":256,\"time\":-1}", 6);
    assert_refusal("{\"sctp\":true,\"parallel\":0,\"len\":0}", 131);
}

static void what_lwip_cannot_do_is_refused_where_the_server_sends(void **state) {
    static const struct {
        const char *member;
        int32_t refusal;
    } table[] = {
        { "\"congestion\":\"cubic\"", 134 },
        { "\"congestion\":\"ren\"", 134 },
        { "\"congestion\":\"renos\"", 134 },
        { "\"congestion\":\"a name that takes more than one piece, since it is a very long one\"",
          134 },
        { "\"congestion\":\"reno\"", 0 },
        { "\"congestion\":7", 0 },
        { "\"fqrate\":1000", 140 },
        { "\"fqrate\":1000,\"congestion\":\"cubic\"", 140 },
        { "\"fqrate\":0", 0 },
        { "\"zerocopy\":1", 0 },
        { "\"gso\":1", 0 },
    };

    (void)state;
    for (size_t i = 0; i < COUNT(table); i++) {
        char json[128];

        snprintf(json, sizeof(json), "{%s,\"reverse\":true}", table[i].member);
        assert_refusal(json, table[i].refusal);
        snprintf(json, sizeof(json), "{\"bidirectional\":true,%s}", table[i].member);
        assert_refusal(json, table[i].refusal);
        snprintf(json, sizeof(json), "{%s}", table[i].member);
        assert_refusal(json, 0);
    }
    assert_refusal("{\"reverse\":true,\"fqrate\":1000,\"TOS\":256}", 21);
}

static void what_is_asked_for_anyway_is_not_refused(void **state) {
    (void)state;
    assert_refusal("{\"mptcp\":false,\"server_affinity\":0}", 0);
}

static void the_protocol_is_that_of_a_key_which_is_there(void **state) {
    (void)state;
    assert_int_equal(asked("{\"tcp\":true}").protocol, IPERF3_TCP);
    assert_int_equal(asked("{\"tcp\":false}").protocol, IPERF3_TCP);
    assert_int_equal(asked("{\"udp\":true,\"len\":100}").protocol, IPERF3_UDP);
    assert_int_equal(asked("{\"udp\":false,\"len\":100}").protocol, IPERF3_UDP);
    assert_int_equal(asked("{\"udp\":true,\"tcp\":true,\"len\":100}").protocol, IPERF3_UDP);
    assert_int_equal(asked("{\"tcp\":true,\"udp\":true,\"len\":100}").protocol, IPERF3_UDP);
    assert_int_equal(asked("{\"udp\":1,\"len\":100}").protocol, IPERF3_TCP);
    assert_int_equal(asked("{\"sctp\":1}").protocol, IPERF3_TCP);
}

static void both_directions_win_over_one(void **state) {
    (void)state;
    assert_int_equal(asked("{\"reverse\":true}").direction, IPERF3_REVERSE);
    assert_int_equal(asked("{\"bidirectional\":true}").direction, IPERF3_BIDIR);
    assert_int_equal(
        asked("{\"reverse\":true,\"bidirectional\":true}").direction, IPERF3_BIDIR);
    assert_int_equal(
        asked("{\"bidirectional\":true,\"reverse\":true}").direction, IPERF3_BIDIR);
    assert_int_equal(asked("{\"reverse\":false}").direction, IPERF3_FORWARD);
    assert_int_equal(asked("{\"bidirectional\":false}").direction, IPERF3_FORWARD);
    assert_int_equal(
        asked("{\"reverse\":true,\"bidirectional\":false}").direction, IPERF3_REVERSE);
}

static void no_delay_is_a_boolean(void **state) {
    (void)state;
    assert_true(asked("{\"nodelay\":true}").no_delay);
    assert_false(asked("{\"nodelay\":false}").no_delay);
    assert_false(asked("{\"nodelay\":1}").no_delay);
}

static void any_number_sets_a_mark(void **state) {
    (void)state;
    assert_true(asked("{\"udp_counters_64bit\":1}").udp_counters_64bit);
    assert_true(asked("{\"udp_counters_64bit\":0}").udp_counters_64bit);
    assert_false(asked("{\"udp_counters_64bit\":true}").udp_counters_64bit);
    assert_true(asked("{\"get_server_output\":0}").get_server_output);
    assert_true(asked("{\"repeating_payload\":0}").repeating_payload);
    assert_true(asked("{\"dont_fragment\":0}").dont_fragment);
}

static void of_equal_keys_the_first_counts(void **state) {
    (void)state;
    assert_int_equal(asked("{\"parallel\":2,\"parallel\":3}").parallel, 2);
    assert_int_equal(asked("{\"parallel\":2,\"TOS\":9,\"parallel\":3}").parallel, 2);
    assert_int_equal(asked("{\"parallel\":2,\"PARALLEL\":0}").parallel, 2);
    assert_int_equal(asked("{\"parallel\":\"x\",\"parallel\":3}").parallel, 1);
    assert_int_equal(asked("{\"len\":1000,\"len\":0}").length, 1000);
    assert_int_equal(asked("{\"reverse\":false,\"reverse\":true}").direction, IPERF3_FORWARD);
    assert_int_equal(asked("{\"nodelay\":true,\"nodelay\":false}").no_delay, true);
    assert_refusal("{\"parallel\":0,\"parallel\":3}", 6);
}

static void the_case_of_a_key_does_not_matter(void **state) {
    (void)state;
    assert_int_equal(asked("{\"UDP\":true,\"LEN\":100,\"tos\":16,\"mSs\":536}").length, 100);
    assert_int_equal(asked("{\"UDP\":true,\"LEN\":100}").protocol, IPERF3_UDP);
    assert_int_equal(asked("{\"tos\":16}").tos, 16);
    assert_int_equal(asked("{\"mSs\":536}").mss, 536);
}

static void a_value_of_the_wrong_type_is_as_good_as_absent(void **state) {
    static const char *const values[] = {
        "\"7\"", "null", "{}", "[]", "[7]", "{\"parallel\":7}",
        "\"a string that is longer than a piece, whose pieces come one after the other: 7\"",
    };
    static const char *const keys[] = {
        "tcp", "udp", "sctp", "omit", "time", "num", "blockcount", "MSS", "nodelay", "parallel",
        "reverse", "bidirectional", "len", "bandwidth", "burst", "TOS", "get_server_output",
        "udp_counters_64bit", "repeating_payload", "dont_fragment", "window", "fqrate", "mptcp",
        "server_affinity", "congestion",
    };

    (void)state;
    for (size_t i = 0; i < COUNT(keys) * COUNT(values); i++) {
        char json[256];

        snprintf(json, sizeof(json), "{\"%s\":%s}", keys[i / COUNT(values)],
            values[i % COUNT(values)]);
        struct iperf3_test test = asked(json);
        assert_test_equal(json, &test, &defaults);
    }
}

static void what_is_not_known_is_skipped(void **state) {
    (void)state;
    struct iperf3_test test = asked(
        "{\"flowlabel\":1,\"title\":\"len\",\"x\":{\"parallel\":7,\"y\":[{\"len\":1}]},\"\":2,"
        "\"parallels\":8,\"paral\":9,\"list\":[\"udp\",true,5],\"gso\":1}");
    assert_test_equal("unknown", &test, &defaults);
    assert_int_equal(asked("{\"x\":{\"parallel\":7},\"parallel\":2}").parallel, 2);
}

static void what_is_no_object_is_malformed(void **state) {
    static const char *const table[] = {
        "[]", "17", "\"udp\"", "{", "{\"time\":}", "{\"time\":1", "{\"time\":1,}", "{\"time\" 1}",
        "{}{}", "not JSON",
    };

    (void)state;
    for (size_t i = 0; i < COUNT(table); i++) {
        struct iperf3_params_reader reader;

        if (read_pieces(&reader, table[i], SIZE_MAX) == JSON_DONE) {
            fail_msg("%s is accepted", table[i]);
        }
    }
}

static void title_and_extra_data_are_sent(void **state) {
    struct iperf3_test test = captured[0].test;
    struct vector vector;
    char text[1024];

    (void)state;
    test.title = "title";
    test.extra_data = "x";
    write_test(text, sizeof(text), &test);
    assert_true(vector_load_params(&vector, "3.12", "tcp_title"));
    assert_memory_equal(
        text, vector.text, (size_t)(strstr(vector.text, "client_version") - vector.text));
}

static void what_is_written_is_read_back(void **state) {
    static const struct iperf3_test most = {
        .protocol = IPERF3_TCP, .direction = IPERF3_BIDIR, .parallel = 128, .tos = 255,
        .no_delay = true, .repeating_payload = true, .get_server_output = true,
        .udp_counters_64bit = true, .dont_fragment = true, .omit_s = 600, .mss = 32767,
        .burst = 1000, .duration_s = 86400, .length = 1048576, .bytes = INT64_MAX,
        .blocks = INT64_MAX, .bits_per_s = INT64_MAX, .window = 512u << 20,
    };
    static const struct iperf3_test least = {
        .protocol = IPERF3_UDP, .parallel = 1, .length = 16,
    };
    char text[1024];

    (void)state;
    write_test(text, sizeof(text), &most);
    struct iperf3_test test = asked(text);
    assert_test_equal("most", &test, &most);
    write_test(text, sizeof(text), &least);
    test = asked(text);
    assert_test_equal("least", &test, &least);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_captured_message_gives_the_test_that_was_asked_for),
        cmocka_unit_test(title_and_extra_data_are_kept_as_far_as_they_fit),
        cmocka_unit_test(titles_do_not_matter),
        cmocka_unit_test(the_same_test_is_asked_for_in_the_same_bytes),
        cmocka_unit_test(an_empty_object_asks_for_the_defaults),
        cmocka_unit_test(a_value_in_range_is_taken),
        cmocka_unit_test(counts_have_64_bits),
        cmocka_unit_test(a_value_out_of_range_is_refused_with_iperf3s_number),
        cmocka_unit_test(udp_without_a_length_is_refused),
        cmocka_unit_test(the_first_refusal_counts),
        cmocka_unit_test(what_lwip_cannot_do_is_refused_where_the_server_sends),
        cmocka_unit_test(what_is_asked_for_anyway_is_not_refused),
        cmocka_unit_test(the_protocol_is_that_of_a_key_which_is_there),
        cmocka_unit_test(both_directions_win_over_one),
        cmocka_unit_test(no_delay_is_a_boolean),
        cmocka_unit_test(any_number_sets_a_mark),
        cmocka_unit_test(of_equal_keys_the_first_counts),
        cmocka_unit_test(the_case_of_a_key_does_not_matter),
        cmocka_unit_test(a_value_of_the_wrong_type_is_as_good_as_absent),
        cmocka_unit_test(what_is_not_known_is_skipped),
        cmocka_unit_test(what_is_no_object_is_malformed),
        cmocka_unit_test(title_and_extra_data_are_sent),
        cmocka_unit_test(what_is_written_is_read_back),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
