// test_frame.c - however TCP cuts the bytes, the messages are the same
// SPDX-License-Identifier: MIT

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "iperf3_frame.h"

// What a server reads during one test, and the kind of each message.
static const uint8_t stream[] = "abcdefghijklmnopqrstuvwxyz2345672345\0" // cookie
    "\0\0\0\x0c{\"tcp\":true}"                                           // parameters
    "\x04"                                                               // TEST_END
    "\0\0\0\x02{}"                                                       // results
    "\x10";                                                              // IPERF_DONE
#define STREAM_SIZE (sizeof(stream) - 1)

static const enum iperf3_frame_kind kinds[] = { FRAME_COOKIE, FRAME_JSON, FRAME_STATE, FRAME_JSON, FRAME_STATE };
#define MESSAGES (sizeof(kinds) / sizeof(kinds[0]))

// What the messages of `stream` came to, as text.
struct reading {
    struct iperf3_frame frame;
    size_t message;
    char text[128];
};

static void expect_next(struct reading *reading) {
    enum iperf3_frame_kind kind = reading->message < MESSAGES ? kinds[reading->message] : FRAME_STATE;

    strcat(reading->text, "|");
    iperf3_frame_expect(&reading->frame, kind, 100);
}

static void take(struct reading *reading, enum iperf3_frame_result result, const uint8_t *end) {
    struct iperf3_frame *frame = &reading->frame;

    switch (result) {
        case FRAME_MORE:
            return;
        case FRAME_GOT_STATE:
            strncat(reading->text, frame->state == STATE_TEST_END ? "TEST_END" : "IPERF_DONE", 20);
            break;
        case FRAME_GOT_COOKIE:
            strcat(reading->text, (const char *)frame->bytes);
            break;
        case FRAME_GOT_JSON:
            strncat(reading->text, (const char *)end - frame->piece, frame->piece);
            if (frame->left > 0) {
                return;
            }
            break;
        case FRAME_BAD:
            fail();
    }
    reading->message++;
    expect_next(reading);
}

static void feed(struct reading *reading, const uint8_t *data, size_t size) {
    while (size > 0) {
        size_t used;
        enum iperf3_frame_result result = iperf3_frame_feed(&reading->frame, data, size, &used);

        assert_in_range(used, 1, size);
        data += used;
        size -= used;
        take(reading, result, data);
    }
}

static void every_split_in_three_gives_the_same_messages(void **state) {
    (void)state;
    for (size_t a = 0; a <= STREAM_SIZE; a++) {
        for (size_t b = a; b <= STREAM_SIZE; b++) {
            struct reading reading = { .message = 0 };

            expect_next(&reading);
            feed(&reading, stream, a);
            feed(&reading, stream + a, b - a);
            feed(&reading, stream + b, STREAM_SIZE - b);
            assert_string_equal(reading.text,
                "|abcdefghijklmnopqrstuvwxyz2345672345|{\"tcp\":true}|TEST_END|{}|IPERF_DONE|");
        }
    }
}

static enum iperf3_frame_result feed_bytes(
    struct iperf3_frame *frame, const char *bytes, size_t size, size_t *used) {
    return iperf3_frame_feed(frame, (const uint8_t *)bytes, size, used);
}

static void a_length_of_zero_or_above_the_limit_is_refused(void **state) {
    static const struct {
        const char *prefix;
        enum iperf3_frame_result result;
    } cases[] = {
        { "\0\0\0\x28", FRAME_MORE }, // exactly the limit
        { "\0\0\0\x29", FRAME_BAD },
        { "\0\xff\xff\xff", FRAME_BAD },
        { "\x7f\xff\xff\xff", FRAME_BAD }, // no state byte either
        { "\0\0\0\0", FRAME_BAD },
    };
    size_t used;

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct iperf3_frame frame;

        iperf3_frame_expect(&frame, FRAME_JSON, 0x28);
        assert_int_equal(feed_bytes(&frame, cases[i].prefix, 4, &used), cases[i].result);
        assert_int_equal(used, 4);
    }
}

static void a_state_where_json_was_expected_is_still_a_state(void **state) {
    struct iperf3_frame frame;
    size_t used;

    (void)state;
    iperf3_frame_expect(&frame, FRAME_JSON, 100);
    assert_int_equal(feed_bytes(&frame, "\x0c", 1, &used), FRAME_GOT_STATE);
    assert_int_equal(frame.state, STATE_CLIENT_TERMINATE);

    iperf3_frame_expect(&frame, FRAME_JSON, 100);
    assert_int_equal(feed_bytes(&frame, "\xfe\0\0\0\x75\0\0\0\0", 9, &used), FRAME_GOT_STATE);
    assert_int_equal(frame.error, 117);
}

static void a_server_error_comes_with_its_number(void **state) {
    struct iperf3_frame frame;
    size_t used;

    (void)state;
    iperf3_frame_expect(&frame, FRAME_STATE, 0);
    assert_int_equal(feed_bytes(&frame, "\xfe\0\0", 3, &used), FRAME_MORE);
    assert_int_equal(feed_bytes(&frame, "\0\x0d\0\0\0\0\x01", 7, &used), FRAME_GOT_STATE);
    assert_int_equal(used, 6);
    assert_int_equal(frame.state, STATE_SERVER_ERROR);
    assert_int_equal(frame.error, 13);
}

static void a_server_error_may_end_early(void **state) {
    static const struct {
        const char *bytes;
        size_t size;
        enum iperf3_frame_result result;
        int32_t error;
    } cases[] = {
        { "\xfe", 1, FRAME_GOT_STATE, 0 },
        { "\xfe\0\0\0", 4, FRAME_GOT_STATE, 0 },
        { "\xfe\0\0\0\x8e", 5, FRAME_GOT_STATE, 142 }, // iperf3 before 3.21
        { "\xfe\0\0\0\x8e\0\0\0", 8, FRAME_GOT_STATE, 142 },
        { "", 0, FRAME_MORE, 0 },
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct iperf3_frame frame;
        size_t used;

        iperf3_frame_expect(&frame, FRAME_STATE, 0);
        feed_bytes(&frame, cases[i].bytes, cases[i].size, &used);
        assert_int_equal(iperf3_frame_end(&frame), cases[i].result);
        assert_int_equal(frame.error, cases[i].error);
        assert_int_equal(iperf3_frame_end(&frame), FRAME_MORE); // only once
    }
}

static void half_a_message_of_another_kind_is_no_server_error(void **state) {
    struct iperf3_frame frame;
    size_t used;

    (void)state;
    iperf3_frame_expect(&frame, FRAME_COOKIE, 0);
    feed_bytes(&frame, "\xfe\xfe", 2, &used);
    assert_int_equal(iperf3_frame_end(&frame), FRAME_MORE);
}

static void a_frame_is_idle_only_between_messages(void **state) {
    struct iperf3_frame frame;
    size_t used;

    (void)state;
    iperf3_frame_expect(&frame, FRAME_JSON, 100);
    assert_true(iperf3_frame_idle(&frame));
    feed_bytes(&frame, "\0", 1, &used);
    assert_false(iperf3_frame_idle(&frame));
    feed_bytes(&frame, "\0\0\x02", 3, &used);
    assert_false(iperf3_frame_idle(&frame));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_split_in_three_gives_the_same_messages),
        cmocka_unit_test(a_length_of_zero_or_above_the_limit_is_refused),
        cmocka_unit_test(a_state_where_json_was_expected_is_still_a_state),
        cmocka_unit_test(a_server_error_comes_with_its_number),
        cmocka_unit_test(a_server_error_may_end_early),
        cmocka_unit_test(half_a_message_of_another_kind_is_no_server_error),
        cmocka_unit_test(a_frame_is_idle_only_between_messages),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
