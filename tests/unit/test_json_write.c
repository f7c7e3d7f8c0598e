// test_json_write.c - the text is right, whatever the window
// SPDX-License-Identifier: MIT

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "iperf3_json_read.h"
#include "iperf3_json_write.h"

// Something of everything.
static void write_message(struct iperf3_json_writer *writer) {
    iperf3_json_open_object(writer, NULL);
    iperf3_json_boolean(writer, "tcp", true);
    iperf3_json_integer(writer, "num", INT64_MIN);
    iperf3_json_decimal(writer, "end_time", 2001091, 6);
    iperf3_json_open_array(writer, "streams");
    iperf3_json_open_object(writer, NULL);
    iperf3_json_integer(writer, "id", 1);
    iperf3_json_close_object(writer);
    iperf3_json_open_object(writer, NULL);
    iperf3_json_close_object(writer);
    iperf3_json_integer(writer, NULL, -1);
    iperf3_json_open_array(writer, NULL);
    iperf3_json_close_array(writer);
    iperf3_json_string(writer, NULL, "");
    iperf3_json_close_array(writer);
    iperf3_json_string(writer, "title", "a \"b\"\n");
    iperf3_json_open_object(writer, "a\\b");
    iperf3_json_boolean(writer, "reverse", false);
    iperf3_json_close_object(writer);
    iperf3_json_close_object(writer);
}

static const char message[] =
    "{\"tcp\":true,\"num\":-9223372036854775808,\"end_time\":2.001091,"
    "\"streams\":[{\"id\":1},{},-1,[],\"\"],\"title\":\"a \\\"b\\\"\\n\","
    "\"a\\\\b\":{\"reverse\":false}}";
#define MESSAGE_SIZE (sizeof(message) - 1)

static void commas_stand_between_values_only(void **state) {
    char window[MESSAGE_SIZE + 10];
    struct iperf3_json_writer writer;

    (void)state;
    iperf3_json_writer_init(&writer, window, sizeof(window), 0);
    write_message(&writer);
    assert_int_equal(writer.length, MESSAGE_SIZE);
    assert_int_equal(iperf3_json_written(&writer), MESSAGE_SIZE);
    assert_memory_equal(window, message, MESSAGE_SIZE);
}

static void without_a_window_there_is_just_the_length(void **state) {
    struct iperf3_json_writer writer;

    (void)state;
    iperf3_json_writer_init(&writer, NULL, 0, 0);
    write_message(&writer);
    assert_int_equal(writer.length, MESSAGE_SIZE);
    assert_int_equal(iperf3_json_written(&writer), 0);
}

static void windows_of_any_size_make_up_the_message(void **state) {
    (void)state;
    for (size_t capacity = 1; capacity <= MESSAGE_SIZE + 2; capacity++) {
        char *window = malloc(capacity); // on the heap, so that ASan guards it
        size_t done = 0;

        assert_non_null(window);
        while (done < MESSAGE_SIZE) {
            struct iperf3_json_writer writer;
            size_t left = MESSAGE_SIZE - done;

            iperf3_json_writer_init(&writer, window, capacity, done);
            write_message(&writer);
            assert_int_equal(writer.length, MESSAGE_SIZE);
            assert_int_equal(iperf3_json_written(&writer), left < capacity ? left : capacity);
            assert_memory_equal(window, message + done, iperf3_json_written(&writer));
            done += iperf3_json_written(&writer);
        }
        free(window);
    }
}

static void behind_the_message_nothing_is_written(void **state) {
    struct iperf3_json_writer writer;
    char window[4] = "...";

    (void)state;
    for (size_t skip = MESSAGE_SIZE; skip < MESSAGE_SIZE + 3; skip++) {
        iperf3_json_writer_init(&writer, window, sizeof(window), skip);
        write_message(&writer);
        assert_int_equal(iperf3_json_written(&writer), 0);
        assert_string_equal(window, "...");
    }
    iperf3_json_writer_init(&writer, window, sizeof(window), SIZE_MAX);
    write_message(&writer);
    assert_int_equal(iperf3_json_written(&writer), 0);
}

static void assert_string(const char *text, const char *expected) {
    char window[64];
    struct iperf3_json_writer writer;

    iperf3_json_writer_init(&writer, window, sizeof(window), 0);
    iperf3_json_string(&writer, NULL, text);
    assert_int_equal(writer.length, strlen(expected));
    assert_memory_equal(window, expected, strlen(expected));
}

static void only_what_must_be_is_escaped(void **state) {
    (void)state;
    assert_string("", "\"\"");
    assert_string("plain /' text", "\"plain /' text\"");
    assert_string("\"\\", "\"\\\"\\\\\"");
    assert_string("\b\f\n\r\t", "\"\\b\\f\\n\\r\\t\"");
    assert_string("\x01\x07\x0b\x1f", "\"\\u0001\\u0007\\u000b\\u001f\"");
    assert_string(" \x7f", "\" \x7f\"");
    assert_string(
        "\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80", "\"\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80\"");
}

static void a_key_is_escaped_too(void **state) {
    static const char expected[] = "\"a\\nb\":1";
    char window[64];
    struct iperf3_json_writer writer;

    (void)state;
    iperf3_json_writer_init(&writer, window, sizeof(window), 0);
    iperf3_json_integer(&writer, "a\nb", 1);
    assert_int_equal(writer.length, strlen(expected));
    assert_memory_equal(window, expected, strlen(expected));
}

static bool concatenate(void *context, const struct iperf3_json_token *token) {
    char *text = context;

    if (token->type == JSON_STRING) {
        strncat(text, token->text, token->size);
    }
    return true;
}

static void the_reader_reads_what_the_writer_wrote(void **state) {
    char all[256];
    char read[256] = "";
    char window[2048];
    struct iperf3_json_writer writer;
    struct iperf3_json_reader reader;

    (void)state;
    for (unsigned i = 0; i < 255; i++) {
        all[i] = (char)(i + 1);
    }
    all[255] = '\0';
    iperf3_json_writer_init(&writer, window, sizeof(window), 0);
    iperf3_json_open_object(&writer, NULL);
    iperf3_json_string(&writer, all, all);
    iperf3_json_close_object(&writer);

    iperf3_json_reader_init(&reader, concatenate, read);
    assert_int_equal(iperf3_json_reader_feed(&reader, window, writer.length), JSON_DONE);
    assert_string_equal(read, all);

    read[0] = '\0';
    iperf3_json_reader_init(&reader, concatenate, read);
    assert_int_equal(iperf3_json_reader_feed(&reader, message, MESSAGE_SIZE), JSON_DONE);
    assert_string_equal(read, "a \"b\"\n");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(commas_stand_between_values_only),
        cmocka_unit_test(without_a_window_there_is_just_the_length),
        cmocka_unit_test(windows_of_any_size_make_up_the_message),
        cmocka_unit_test(behind_the_message_nothing_is_written),
        cmocka_unit_test(only_what_must_be_is_escaped),
        cmocka_unit_test(a_key_is_escaped_too),
        cmocka_unit_test(the_reader_reads_what_the_writer_wrote),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
