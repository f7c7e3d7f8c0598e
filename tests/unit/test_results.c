// test_results.c - results are what real iperf3 sends and understands
// SPDX-License-Identifier: MIT

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <stdlib.h>

#include "iperf3_results.h"
#include "vectors.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define MAX_STREAMS 300

// What a reader has told.
struct told {
    struct iperf3_results_reader reader;
    struct iperf3_stream_result streams[MAX_STREAMS];
    unsigned count;
    char output[2048]; // of the server, as far as it fits
    size_t output_size;
};

static void on_stream(void *context, const struct iperf3_stream_result *result) {
    struct told *told = context;

    assert_in_range(told->count, 0, MAX_STREAMS - 1);
    told->streams[told->count++] = *result;
}

static void keep_output(struct told *told) {
    assert_in_range(told->reader.output_size, 0, sizeof(told->reader.output));
    if (told->output_size + told->reader.output_size < sizeof(told->output)) {
        memcpy(told->output + told->output_size, told->reader.output, told->reader.output_size);
        told->output_size += told->reader.output_size;
    }
    told->output[told->output_size] = '\0';
}

// Reads a message in pieces of at most so many bytes, each on the heap so that
// ASan sees a read past its end.
static enum iperf3_json_status read_pieces(struct told *told, const char *json, size_t piece) {
    size_t left = strlen(json);
    enum iperf3_json_status status = JSON_MORE;

    memset(told, 0xff, sizeof(*told));
    told->count = 0;
    told->output_size = 0;
    iperf3_results_reader_init(&told->reader, on_stream, told);
    while (left > 0) {
        size_t size = left < piece ? left : piece;
        size = size < IPERF3_RESULTS_PIECE ? size : IPERF3_RESULTS_PIECE;
        char *copy = malloc(size);

        assert_non_null(copy);
        memcpy(copy, json, size);
        status = iperf3_results_reader_feed(&told->reader, copy, size);
        free(copy);
        keep_output(told);
        json += size;
        left -= size;
    }
    return status;
}

static void assert_good(struct told *told, const char *json) {
    if (read_pieces(told, json, SIZE_MAX) != JSON_DONE) {
        fail_msg("%s is malformed", json);
    }
}

static void assert_malformed(const char *json) {
    struct told told;

    if (read_pieces(&told, json, SIZE_MAX) != JSON_BAD) {
        fail_msg("%s is accepted", json);
    }
}

static void fetch_told(void *context, unsigned index, struct iperf3_stream_result *result) {
    const struct told *told = context;

    *result = told->streams[index];
}

// Writes what has been told.
static void write_told(char *text, size_t capacity, struct told *told, const char *congestion) {
    const struct iperf3_results results = {
        .sender_has_retransmits = told->reader.sender_has_retransmits,
        .congestion = congestion,
        .stream_count = told->count,
        .stream = fetch_told,
        .context = told,
    };
    struct iperf3_json_writer writer;

    iperf3_json_writer_init(&writer, text, capacity - 1, 0);
    iperf3_results_write(&writer, &results);
    text[iperf3_json_written(&writer)] = '\0';
    assert_int_equal(writer.length, strlen(text));
}

/// Real programs ///

static const char *const versions[] = { "3.9", "3.12", "3.18" };
static const char *const names[] = {
    "tcp", "tcp_reverse", "tcp_bidir_2", "tcp_parallel_4", "tcp_bytes", "tcp_blocks", "tcp_burst",
    "tcp_omit", "tcp_socket_options", "tcp_repeating", "tcp_server_output", "tcp_many",
    "tcp_title", "udp", "udp_reverse", "udp_unlimited", "udp_64bit", "udp_dont_fragment",
    "udp_many", "udp_omit",
};

// Calls check for each captured message: every version, test and side.
static void for_each_vector(void (*check)(const struct vector *vector)) {
    unsigned count = 0;

    for (size_t i = 0; i < COUNT(versions) * COUNT(names); i++) {
        const char *version = versions[i / COUNT(names)];
        const char *name = names[i % COUNT(names)];
        struct vector vector;

        if (vector_load_client_results(&vector, version, name)) {
            check(&vector);
            assert_true(vector_load_server_results(&vector, version, name));
            check(&vector);
            count++;
        }
    }
    // 3.9 has no --dont-fragment, which two tests use.
    assert_int_equal(count, COUNT(versions) * COUNT(names) - 2);
}

// Finds the value of a key behind `at` by looking for its text.
static const char *value_of(const char *at, const char *key) {
    char quoted[64];

    snprintf(quoted, sizeof(quoted), "\"%s\":", key);
    const char *found = strstr(at, quoted);
    return found == NULL ? NULL : found + strlen(quoted);
}

static double number_of(const char *at, const char *key) {
    const char *value = value_of(at, key);

    return value == NULL ? 0 : strtod(value, NULL);
}

static void check_stream(const char *at, const struct iperf3_stream_result *stream) {
    double retransmits = number_of(at, "retransmits");

    assert_int_equal(stream->id, (uint64_t)number_of(at, "id"));
    assert_int_equal(stream->bytes, (uint64_t)number_of(at, "bytes"));
    assert_int_equal(stream->retransmits, retransmits > 1e18 ? -1 : (int)retransmits);
    assert_int_equal(stream->jitter_us, (uint64_t)llround(number_of(at, "jitter") * 1e6));
    assert_int_equal(stream->errors, (uint64_t)number_of(at, "errors"));
    assert_int_equal(stream->omitted_errors, (uint64_t)number_of(at, "omitted_errors"));
    assert_int_equal(stream->packets, (uint64_t)number_of(at, "packets"));
    assert_int_equal(stream->omitted_packets, (uint64_t)number_of(at, "omitted_packets"));
    assert_int_equal(stream->start_us, 0);
    assert_int_equal(stream->end_us, (uint64_t)llround(number_of(at, "end_time") * 1e6));
}

static void check_decoded(const struct vector *vector) {
    static const size_t pieces[] = { 1, 3, SIZE_MAX };

    for (size_t i = 0; i < COUNT(pieces); i++) {
        double has_retransmits = number_of(vector->text, "sender_has_retransmits");
        const char *at = vector->text;
        struct told told;

        assert_int_equal(read_pieces(&told, vector->text, pieces[i]), JSON_DONE);
        assert_int_equal(
            told.reader.sender_has_retransmits, has_retransmits > 1 ? -1 : (int)has_retransmits);
        assert_int_equal(told.reader.cpu_millipercent[0],
            (uint32_t)llround(number_of(at, "cpu_util_total") * 1e3));
        assert_int_equal(told.reader.cpu_millipercent[1],
            (uint32_t)llround(number_of(at, "cpu_util_user") * 1e3));
        assert_int_equal(told.reader.cpu_millipercent[2],
            (uint32_t)llround(number_of(at, "cpu_util_system") * 1e3));
        for (unsigned stream = 0; stream < told.count; stream++) {
            at = strstr(at + 1, "{\"id\":");
            assert_non_null(at);
            check_stream(at, &told.streams[stream]);
        }
        assert_null(strstr(at + 1, "{\"id\":"));
        assert_int_not_equal(told.count, 0);
    }
}

static void captured_results_are_understood(void **state) {
    (void)state;
    for_each_vector(check_decoded);
}

static bool starts_with(const char *text, const char *start) {
    return strncmp(text, start, strlen(start)) == 0;
}

// Copies a message as we say the same: no CPU load, no server output, jitter in
// microseconds, -1 as -1, and the omitted counts, which iperf3 before 3.14 does
// not send.
static void in_our_words(const char *json, char *copy) {
    bool omitted = strstr(json, "omitted_errors") != NULL;

    while (*json != '\0') {
        char *end;

        if (starts_with(json, "\"cpu_util")) {
            const char *value = strchr(json, ':') + 1;
            copy += sprintf(copy, "%.*s0", (int)(value - json), json);
            json = strchr(json, ',');
        } else if (starts_with(json, "\"server_output_text")) {
            json = strstr(json, "\"streams");
        } else if (starts_with(json, "\"jitter\":")) {
            int us = (int)lround(number_of(json, "jitter") * 1e6);
            assert_in_range(us, 0, 999999);
            end = copy + sprintf(copy, us == 0 ? "\"jitter\":0" : "\"jitter\":0.%06d", us);
            while (us > 0 && end[-1] == '0') {
                end--;
            }
            copy = end;
            json = strchr(json, ',');
        } else if (starts_with(json, "18446744073709551615")) {
            copy += sprintf(copy, "-1");
            json += 20;
        } else if (!omitted && starts_with(json, "\"packets")) {
            copy += sprintf(copy, "\"omitted_errors\":0,\"p");
            json += 2;
        } else if (!omitted && starts_with(json, "\"start_time")) {
            copy += sprintf(copy, "\"omitted_packets\":0,\"s");
            json += 2;
        } else {
            *copy++ = *json++;
        }
    }
    *copy = '\0';
}

static void check_encoded(const struct vector *vector) {
    char expected[VECTOR_SIZE * 2];
    char text[VECTOR_SIZE * 2];
    const char *congestion = value_of(vector->text, "congestion_used");
    char name[32];
    struct told told;

    if (congestion != NULL) {
        assert_int_equal(sscanf(congestion, "\"%31[^\"]", name), 1);
    }
    assert_good(&told, vector->text);
    write_told(text, sizeof(text), &told, congestion == NULL ? NULL : name);
    in_our_words(vector->text, expected);
    assert_string_equal(text, expected);
}

static void the_same_results_are_told_in_the_same_bytes(void **state) {
    (void)state;
    for_each_vector(check_encoded);
}

/// Reading ///

#define HEAD \
    "{\"cpu_util_total\":1.5,\"cpu_util_user\":0.25,\"cpu_util_system\":1.25," \
    "\"sender_has_retransmits\":1,"
#define STREAM \
    "{\"id\":1,\"bytes\":1000,\"retransmits\":2,\"jitter\":0.003,\"errors\":4," \
    "\"omitted_errors\":3,\"packets\":60,\"omitted_packets\":5,\"start_time\":0.5," \
    "\"end_time\":2.5}"
#define MESSAGE HEAD "\"streams\":[" STREAM "]}"

static const struct iperf3_stream_result stream = {
    .id = 1, .bytes = 1000, .retransmits = 2, .jitter_us = 3000, .errors = 4,
    .omitted_errors = 3, .packets = 60, .omitted_packets = 5, .start_us = 500000,
    .end_us = 2500000,
};

static void assert_streams_equal(
    const struct iperf3_stream_result *one, const struct iperf3_stream_result *other) {
    assert_int_equal(one->id, other->id);
    assert_int_equal(one->bytes, other->bytes);
    assert_int_equal(one->retransmits, other->retransmits);
    assert_int_equal(one->jitter_us, other->jitter_us);
    assert_int_equal(one->errors, other->errors);
    assert_int_equal(one->omitted_errors, other->omitted_errors);
    assert_int_equal(one->packets, other->packets);
    assert_int_equal(one->omitted_packets, other->omitted_packets);
    assert_int_equal(one->start_us, other->start_us);
    assert_int_equal(one->end_us, other->end_us);
}

static void every_key_of_a_message_is_read(void **state) {
    struct told told;

    (void)state;
    assert_good(&told, MESSAGE);
    assert_int_equal(told.count, 1);
    assert_streams_equal(&told.streams[0], &stream);
    assert_int_equal(told.reader.sender_has_retransmits, 1);
    assert_int_equal(told.reader.cpu_millipercent[0], 1500);
    assert_int_equal(told.reader.cpu_millipercent[1], 250);
    assert_int_equal(told.reader.cpu_millipercent[2], 1250);
}

static void keys_may_come_in_any_order_and_case(void **state) {
    struct told told;

    (void)state;
    assert_good(&told,
        "{\"Streams\":[{\"end_time\":2.5,\"start_time\":0.5,\"OMITTED_packets\":5,\"packets\":60,"
        "\"omitted_errors\":3,\"errors\":4,\"Jitter\":3e-3,\"retransmits\":2,\"bytes\":1e3,"
        "\"id\":1}],\"sender_has_retransmits\":0,\"cpu_util_system\":3,\"cpu_util_user\":2,"
        "\"cpu_util_TOTAL\":1}");
    assert_int_equal(told.count, 1);
    assert_streams_equal(&told.streams[0], &stream);
    assert_int_equal(told.reader.sender_has_retransmits, 0);
    assert_int_equal(told.reader.cpu_millipercent[0], 1000);
    assert_int_equal(told.reader.cpu_millipercent[1], 2000);
    assert_int_equal(told.reader.cpu_millipercent[2], 3000);
}

static void a_message_may_have_no_streams(void **state) {
    struct told told;

    (void)state;
    assert_good(&told, HEAD "\"streams\":[]}");
    assert_int_equal(told.count, 0);
}

static void streams_may_be_many(void **state) {
    static char json[MAX_STREAMS * 200 + 500];
    static struct told told;
    char *at = json + sprintf(json, HEAD "\"streams\":[");

    (void)state;
    for (unsigned i = 0; i < MAX_STREAMS; i++) {
        at += sprintf(at,
            "%s{\"id\":%u,\"bytes\":%u,\"retransmits\":0,\"jitter\":0,\"errors\":0,"
            "\"packets\":0}", i == 0 ? "" : ",", i, i * 1000);
    }
    sprintf(at, "]}");
    assert_good(&told, json);
    assert_int_equal(told.count, MAX_STREAMS);
    for (unsigned i = 0; i < MAX_STREAMS; i++) {
        assert_int_equal(told.streams[i].id, i);
        assert_int_equal(told.streams[i].bytes, i * 1000);
    }
}

// Changes the key's name, so that it is missing.
static void without(char *json, const char *key) {
    char quoted[64];

    snprintf(quoted, sizeof(quoted), "\"%s\"", key);
    char *found = strstr(json, quoted);
    assert_non_null(found);
    found[1] = '#';
}

// Puts quotation marks around the value, a number.
static void with_text_for(char *json, const char *key) {
    const char *found = value_of(json, key);

    assert_non_null(found);
    char *value = json + (found - json);
    memmove(value + 1, value, strlen(value) + 1);
    value[0] = '"';
    value += strcspn(value, ",}");
    memmove(value + 1, value, strlen(value) + 1);
    value[0] = '"';
}

static void a_key_that_iperf3_requires_must_be_there_with_a_number(void **state) {
    static const char *const required[] = {
        "cpu_util_total", "cpu_util_user", "cpu_util_system", "sender_has_retransmits",
        "id", "bytes", "retransmits", "jitter", "errors", "packets",
    };

    (void)state;
    for (size_t i = 0; i < COUNT(required); i++) {
        char json[sizeof(MESSAGE) + 2] = MESSAGE;

        without(json, required[i]);
        assert_malformed(json);
        strcpy(json, MESSAGE);
        with_text_for(json, required[i]);
        assert_malformed(json);
    }
}

static void other_keys_may_be_missing_or_of_the_wrong_type(void **state) {
    static const char *const optional[] = {
        "omitted_errors", "omitted_packets", "start_time", "end_time",
    };

    (void)state;
    for (size_t i = 0; i < COUNT(optional) * 2; i++) {
        char json[sizeof(MESSAGE) + 2] = MESSAGE;
        struct iperf3_stream_result expected = stream;
        int64_t *const members[] = {
            &expected.omitted_errors, &expected.omitted_packets, &expected.start_us,
            &expected.end_us,
        };
        struct told told;

        (i % 2 == 0 ? without : with_text_for)(json, optional[i / 2]);
        *members[i / 2] = 0;
        assert_good(&told, json);
        assert_streams_equal(&told.streams[0], &expected);
    }
}

static void streams_must_be_an_array_of_objects(void **state) {
    (void)state;
    assert_malformed("{}");
    assert_malformed("[]");
    assert_malformed(HEAD "\"stream\":[]}");
    assert_malformed(HEAD "\"streams\":{}}");
    assert_malformed(HEAD "\"streams\":null}");
    assert_malformed(HEAD "\"streams\":\"\"}");
    assert_malformed(HEAD "\"streams\":[1]}");
    assert_malformed(HEAD "\"streams\":[[]]}");
    assert_malformed(HEAD "\"streams\":[[" STREAM "]]}");
    assert_malformed(HEAD "\"streams\":[{}]}");
    assert_malformed(HEAD "\"streams\":[" STREAM ",null]}");
    assert_malformed(HEAD "\"streams\":[" STREAM ",{\"id\":3}]}");
}

static void a_stream_has_nothing_from_the_one_before(void **state) {
    struct told told;

    (void)state;
    assert_good(&told,
        HEAD "\"streams\":[" STREAM ",{\"id\":3,\"bytes\":0,\"retransmits\":0,\"jitter\":0,"
        "\"errors\":0,\"packets\":0}]}");
    assert_int_equal(told.count, 2);
    assert_streams_equal(&told.streams[1], &(struct iperf3_stream_result) { .id = 3 });
}

static void of_equal_keys_the_first_counts(void **state) {
    struct told told;

    (void)state;
    assert_good(&told,
        HEAD "\"sender_has_retransmits\":0,\"cpu_util_user\":9,\"streams\":[{\"bytes\":7,"
        "\"id\":1,\"bytes\":8,\"retransmits\":0,\"jitter\":0,\"errors\":0,\"packets\":0,"
        "\"BYTES\":\"x\"}],\"streams\":[" STREAM "],\"streams\":5}");
    assert_int_equal(told.count, 1);
    assert_int_equal(told.streams[0].bytes, 7);
    assert_int_equal(told.reader.sender_has_retransmits, 1);
    assert_int_equal(told.reader.cpu_millipercent[1], 250);
}

static void what_is_not_known_is_skipped(void **state) {
    struct told told;

    (void)state;
    assert_good(&told,
        "{\"server_output_json\":{\"streams\":[" STREAM "],\"cpu_util_total\":99,"
        "\"end\":{\"streams\":[{\"sender\":{\"bytes\":9}}]}},\"\":[" STREAM "],"
        "\"list\":[[" STREAM "]],\"server_output_text\":\"iperf3: \\\"streams\\\":[1]\\n\","
        "\"cpu_util_total\":1.5,\"cpu_util_user\":0.25,\"cpu_util_system\":1.25,"
        "\"sender_has_retransmits\":1,\"streams\":[{\"bytes\":1000,\"more\":{\"bytes\":77,"
        "\"id\":[1,{\"id\":9}]},\"even\":[5,{\"end_time\":1}],\"id\":1,\"retransmits\":2,"
        "\"jitter\":0.003,\"errors\":4,\"omitted_errors\":3,\"packets\":60,"
        "\"omitted_packets\":5,\"start_time\":0.5,\"end_time\":2.5}],\"after\":[" STREAM "]}");
    assert_int_equal(told.count, 1);
    assert_streams_equal(&told.streams[0], &stream);
    assert_int_equal(told.reader.cpu_millipercent[0], 1500);
}

static void what_iperf3_cannot_know_is_minus_one(void **state) {
    static const struct {
        const char *text;
        int32_t expected;
    } table[] = {
        { "-1", -1 }, { "18446744073709551615", -1 }, { "4294967295", -1 }, { "2147483648", -1 },
        { "2147483647", 2147483647 }, { "0", 0 }, { "-7", -1 }, { "1e99", -1 },
    };

    (void)state;
    for (size_t i = 0; i < COUNT(table); i++) {
        char json[512];
        struct told told;

        snprintf(json, sizeof(json),
            "{\"cpu_util_total\":0,\"cpu_util_user\":0,\"cpu_util_system\":0,"
            "\"sender_has_retransmits\":%s,\"streams\":[{\"id\":1,\"bytes\":0,\"retransmits\":%s,"
            "\"jitter\":0,\"errors\":0,\"packets\":0}]}", table[i].text, table[i].text);
        assert_good(&told, json);
        assert_int_equal(told.reader.sender_has_retransmits, table[i].expected);
        assert_int_equal(told.streams[0].retransmits, table[i].expected);
    }
}

static void read_all_values(struct told *told, const char *value) {
    char json[512];

    snprintf(json, sizeof(json),
        "{\"cpu_util_total\":%s,\"cpu_util_user\":%s,\"cpu_util_system\":%s,"
        "\"sender_has_retransmits\":0,\"streams\":[{\"id\":%s,\"bytes\":%s,\"retransmits\":0,"
        "\"jitter\":%s,\"errors\":%s,\"omitted_errors\":%s,\"packets\":%s,"
        "\"omitted_packets\":%s,\"start_time\":%s,\"end_time\":%s}]}",
        value, value, value, value, value, value, value, value, value, value, value, value);
    assert_good(told, json);
}

static void a_negative_value_counts_as_nothing(void **state) {
    struct told told;

    (void)state;
    read_all_values(&told, "-5");
    assert_streams_equal(&told.streams[0], &(struct iperf3_stream_result) { .id = 0 });
    for (unsigned i = 0; i < COUNT(told.reader.cpu_millipercent); i++) {
        assert_int_equal(told.reader.cpu_millipercent[i], 0);
    }
}

static void a_value_that_does_not_fit_is_the_greatest(void **state) {
    const struct iperf3_stream_result greatest = {
        .id = INT64_MAX, .bytes = INT64_MAX, .jitter_us = INT64_MAX, .errors = INT64_MAX,
        .omitted_errors = INT64_MAX, .packets = INT64_MAX, .omitted_packets = INT64_MAX,
        .start_us = INT64_MAX, .end_us = INT64_MAX,
    };
    struct told told;

    (void)state;
    read_all_values(&told, "1e300");
    assert_streams_equal(&told.streams[0], &greatest);
    for (unsigned i = 0; i < COUNT(told.reader.cpu_millipercent); i++) {
        assert_int_equal(told.reader.cpu_millipercent[i], UINT32_MAX);
    }
}

static void small_jitter_may_have_an_exponent(void **state) {
    struct told told;

    (void)state;
    read_all_values(&told, "1.4183909706771375e-05");
    assert_int_equal(told.streams[0].jitter_us, 14);
}

/// Writing ///

static void fetch_constant(void *context, unsigned index, struct iperf3_stream_result *result) {
    *result = *(const struct iperf3_stream_result *)context;
    result->id += index * 2;
}

static void results_are_written_in_iperf3s_order(void **state) {
    struct iperf3_stream_result context = stream;
    const struct iperf3_results results = {
        .sender_has_retransmits = -1,
        .congestion = "reno",
        .stream_count = 2,
        .stream = fetch_constant,
        .context = &context,
    };
    struct iperf3_json_writer writer;
    char text[1024] = "";

    (void)state;
    iperf3_json_writer_init(&writer, text, sizeof(text), 0);
    iperf3_results_write(&writer, &results);
    assert_string_equal(text,
        "{\"cpu_util_total\":0,\"cpu_util_user\":0,\"cpu_util_system\":0,"
        "\"sender_has_retransmits\":-1,\"congestion_used\":\"reno\",\"streams\":[" STREAM ","
        "{\"id\":3,\"bytes\":1000,\"retransmits\":2,\"jitter\":0.003,\"errors\":4,"
        "\"omitted_errors\":3,\"packets\":60,\"omitted_packets\":5,\"start_time\":0.5,"
        "\"end_time\":2.5}]}");
}

static void fetch_nothing(void *context, unsigned index, struct iperf3_stream_result *result) {
    (void)context;
    (void)index;
    (void)result;
}

static void a_member_that_is_not_fetched_is_zero(void **state) {
    const struct iperf3_results results = { .stream_count = 1, .stream = fetch_nothing };
    struct iperf3_json_writer writer;
    char text[1024] = "";
    struct told told;

    (void)state;
    iperf3_json_writer_init(&writer, text, sizeof(text), 0);
    iperf3_results_write(&writer, &results);
    assert_good(&told, text);
    assert_null(strstr(text, "congestion_used"));
    assert_streams_equal(&told.streams[0], &(struct iperf3_stream_result) { .id = 0 });
}

#define WITHOUT_OUTPUT \
    "\"cpu_util_total\":0,\"cpu_util_user\":0,\"cpu_util_system\":0," \
    "\"sender_has_retransmits\":0,\"streams\":[]"

static void assert_output(const char *member, const char *output, bool is_json) {
    static const size_t pieces[] = { 1, 2, 7, SIZE_MAX };
    char json[1024];

    snprintf(json, sizeof(json), "{%s,%s}", member, WITHOUT_OUTPUT);
    for (size_t i = 0; i < COUNT(pieces); i++) {
        struct told told;

        assert_int_equal(read_pieces(&told, json, pieces[i]), JSON_DONE);
        assert_string_equal(told.output, output);
        assert_int_equal(told.reader.output_is_json, is_json);
    }
}

static void what_the_server_printed_comes_in_pieces(void **state) {
    (void)state;
    assert_output("\"server_output_text\":\"\"", "", false);
    assert_output("\"server_output_text\":\"a\\n\\tb\\u00e9\\ud83d\\ude00\\ud83d.\"",
        "a\n\tb\xc3\xa9\xf0\x9f\x98\x80\xef\xbf\xbd.", false);
    assert_output("\"server_output_text\":\"a text that is longer than the pieces in which JSON's"
        " strings come and than those in which the results are read\"",
        "a text that is longer than the pieces in which JSON's"
        " strings come and than those in which the results are read", false);
    assert_output("\"server_output_json\":{\"start\": {\"a\":[1,\"}\"]}, \"\\u0041\":2}",
        "{\"start\": {\"a\":[1,\"}\"]}, \"\\u0041\":2}", true);
    assert_output("\"server_output_json\":{},\"other\":{\"x\":1}", "{}", true);
    assert_output("\"server_output_text\":7,\"server_output_json\":\"no object\"", "", false);
    assert_output("\"other\":{\"server_output_text\":\"not here\"}", "", false);
}

static void a_captured_output_is_read(void **state) {
    static const char first[] = "Accepted connection from ";
    struct vector vector;
    struct told told;

    (void)state;
    assert_true(vector_load_server_results(&vector, "3.12", "tcp_server_output"));
    assert_int_equal(read_pieces(&told, vector.text, SIZE_MAX), JSON_DONE);
    assert_memory_equal(told.output, first, sizeof(first) - 1);
    assert_non_null(strstr(told.output, "receiver\n"));
    assert_int_equal(told.count, 1);
}

static void what_this_server_printed_is_sent(void **state) {
    const struct iperf3_results results = { .server_output = "a\n\"b\"\n" };
    struct iperf3_json_writer writer;
    char text[1024] = "";
    struct told told;

    (void)state;
    iperf3_json_writer_init(&writer, text, sizeof(text), 0);
    iperf3_results_write(&writer, &results);
    assert_good(&told, text);
    assert_string_equal(told.output, "a\n\"b\"\n");
    assert_true(strstr(text, "server_output_text") < strstr(text, "streams"));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(captured_results_are_understood),
        cmocka_unit_test(the_same_results_are_told_in_the_same_bytes),
        cmocka_unit_test(every_key_of_a_message_is_read),
        cmocka_unit_test(keys_may_come_in_any_order_and_case),
        cmocka_unit_test(a_message_may_have_no_streams),
        cmocka_unit_test(streams_may_be_many),
        cmocka_unit_test(a_key_that_iperf3_requires_must_be_there_with_a_number),
        cmocka_unit_test(other_keys_may_be_missing_or_of_the_wrong_type),
        cmocka_unit_test(streams_must_be_an_array_of_objects),
        cmocka_unit_test(a_stream_has_nothing_from_the_one_before),
        cmocka_unit_test(of_equal_keys_the_first_counts),
        cmocka_unit_test(what_is_not_known_is_skipped),
        cmocka_unit_test(what_iperf3_cannot_know_is_minus_one),
        cmocka_unit_test(a_negative_value_counts_as_nothing),
        cmocka_unit_test(a_value_that_does_not_fit_is_the_greatest),
        cmocka_unit_test(small_jitter_may_have_an_exponent),
        cmocka_unit_test(results_are_written_in_iperf3s_order),
        cmocka_unit_test(a_member_that_is_not_fetched_is_zero),
        cmocka_unit_test(what_the_server_printed_comes_in_pieces),
        cmocka_unit_test(a_captured_output_is_read),
        cmocka_unit_test(what_this_server_printed_is_sent),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
