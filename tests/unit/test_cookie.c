// test_cookie.c - cookies are as iperf3's, and compared as iperf3 compares them
// SPDX-License-Identifier: MIT

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "iperf3_cookie.h"

static uint32_t next_random;
static uint32_t random_step;
static unsigned random_calls;

static uint32_t fake_random(void) {
    uint32_t value = next_random;

    random_calls++;
    next_random += random_step;
    return value;
}

static void make(uint8_t cookie[IPERF3_COOKIE_SIZE], uint32_t first, uint32_t step) {
    next_random = first;
    random_step = step;
    random_calls = 0;
    iperf3_cookie_make(cookie, fake_random);
}

static void a_cookie_has_36_characters_of_iperf3s_alphabet(void **state) {
    uint8_t cookie[IPERF3_COOKIE_SIZE];

    (void)state;
    make(cookie, 0x12345678, 0x9e3779b9);
    assert_int_equal(strlen((char *)cookie), 36);
    assert_int_equal(strspn((char *)cookie, "abcdefghijklmnopqrstuvwxyz234567"), 36);
}

static void every_character_of_the_alphabet_occurs(void **state) {
    uint8_t cookie[IPERF3_COOKIE_SIZE];
    char seen[33] = "";

    (void)state;
    for (uint32_t i = 0; i < 32; i++) {
        make(cookie, i, 0);
        seen[i] = (char)cookie[0];
    }
    assert_string_equal(seen, "abcdefghijklmnopqrstuvwxyz234567");
}

static void every_character_is_random(void **state) {
    uint8_t cookie[IPERF3_COOKIE_SIZE];

    (void)state;
    for (unsigned bit = 0; bit < 30; bit++) {
        make(cookie, (uint32_t)1 << bit, 0);
        for (unsigned i = 0; i < 36; i++) {
            bool changed = i % 6 == bit / 5;
            assert_int_equal(cookie[i], changed ? "bceiq"[bit % 5] : 'a');
        }
    }
}

static void no_random_number_is_used_twice(void **state) {
    uint8_t cookie[IPERF3_COOKIE_SIZE];

    (void)state;
    make(cookie, 0, 1);
    assert_int_equal(random_calls, 6);
    assert_string_equal((char *)cookie, "aaaaaabaaaaacaaaaadaaaaaeaaaaafaaaaa");
}

static const uint8_t ours[IPERF3_COOKIE_SIZE] = "6oj2vi2a3t3fie3qrzrkpg7kifn6unopurre";

// Feeds a cookie in two pieces. Returns whether it is the right one.
static bool check(const uint8_t *expected, const uint8_t *arrived, size_t cut) {
    struct iperf3_cookie_check check;

    memset(&check, 0xff, sizeof(check));
    iperf3_cookie_check_init(&check);
    assert_false(iperf3_cookie_check_done(&check));
    assert_int_equal(iperf3_cookie_check_feed(&check, expected, arrived, cut), cut);
    assert_int_equal(iperf3_cookie_check_done(&check), cut == IPERF3_COOKIE_SIZE);
    assert_int_equal(
        iperf3_cookie_check_feed(&check, expected, arrived + cut, IPERF3_COOKIE_SIZE - cut),
        IPERF3_COOKIE_SIZE - cut);
    assert_true(iperf3_cookie_check_done(&check));
    return !check.differs;
}

static void the_same_cookie_is_right_however_it_is_cut(void **state) {
    (void)state;
    for (size_t cut = 0; cut <= IPERF3_COOKIE_SIZE; cut++) {
        assert_true(check(ours, ours, cut));
    }
}

static void a_difference_anywhere_is_seen(void **state) {
    (void)state;
    for (size_t i = 0; i < IPERF3_COOKIE_SIZE; i++) {
        uint8_t theirs[IPERF3_COOKIE_SIZE];

        memcpy(theirs, ours, sizeof(theirs));
        theirs[i] ^= 0x80;
        assert_false(check(ours, theirs, i));
        assert_false(check(ours, theirs, i + 1));
    }
}

static void what_follows_the_end_does_not_count(void **state) {
    uint8_t expected[IPERF3_COOKIE_SIZE] = "short";
    uint8_t arrived[IPERF3_COOKIE_SIZE] = "short";

    (void)state;
    memset(arrived + 6, 'x', sizeof(arrived) - 6);
    assert_true(check(expected, arrived, 7));
    assert_true(check(arrived, expected, 3));
}

static void an_end_that_comes_early_or_late_is_a_difference(void **state) {
    uint8_t shorter[IPERF3_COOKIE_SIZE] = "shor";
    uint8_t longer[IPERF3_COOKIE_SIZE] = "short";

    (void)state;
    assert_false(check(shorter, longer, 20));
    assert_false(check(longer, shorter, 20));
}

static void a_cookie_may_be_37_bytes_without_an_end(void **state) {
    uint8_t cookie[IPERF3_COOKIE_SIZE];
    uint8_t other[IPERF3_COOKIE_SIZE];

    (void)state;
    memset(cookie, 0xff, sizeof(cookie));
    memset(other, 0xff, sizeof(other));
    other[IPERF3_COOKIE_SIZE - 1] = '\0';
    assert_true(check(cookie, cookie, 36));
    assert_false(check(cookie, other, 36));
}

static void payload_behind_the_cookie_is_not_taken(void **state) {
    struct iperf3_cookie_check check;
    uint8_t data[IPERF3_COOKIE_SIZE + 100];

    (void)state;
    memset(data, 'x', sizeof(data));
    memcpy(data, ours, sizeof(ours));
    iperf3_cookie_check_init(&check);
    assert_int_equal(iperf3_cookie_check_feed(&check, ours, data, 10), 10);
    assert_int_equal(
        iperf3_cookie_check_feed(&check, ours, data + 10, sizeof(data) - 10), 27);
    assert_true(iperf3_cookie_check_done(&check));
    assert_false(check.differs);
    assert_int_equal(iperf3_cookie_check_feed(&check, ours, data + 37, 100), 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_cookie_has_36_characters_of_iperf3s_alphabet),
        cmocka_unit_test(every_character_of_the_alphabet_occurs),
        cmocka_unit_test(every_character_is_random),
        cmocka_unit_test(no_random_number_is_used_twice),
        cmocka_unit_test(the_same_cookie_is_right_however_it_is_cut),
        cmocka_unit_test(a_difference_anywhere_is_seen),
        cmocka_unit_test(what_follows_the_end_does_not_count),
        cmocka_unit_test(an_end_that_comes_early_or_late_is_a_difference),
        cmocka_unit_test(a_cookie_may_be_37_bytes_without_an_end),
        cmocka_unit_test(payload_behind_the_cookie_is_not_taken),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
