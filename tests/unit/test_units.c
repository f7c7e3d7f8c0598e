// test_units.c - the characters are those that printf makes of iperf3's doubles
// SPDX-License-Identifier: MIT

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "iperf3_units.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define MEGA UINT64_C(1000000)

static uint64_t random_bits(void) {
    static uint64_t state = UINT64_C(0x9E3779B97F4A7C15);

    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return state;
}

// As many small as large ones: 0..2^bits-1.
static uint64_t random_number(unsigned bits) {
    return random_bits() >> (64 - 1 - random_bits() % bits);
}

static void assert_line(
    const struct iperf3_line *line, const char *expected, const char *of, ...) {
    if (line->length != strlen(expected) || memcmp(line->text, expected, line->length) != 0) {
        char what[80];
        va_list arguments;

        va_start(arguments, of);
        vsnprintf(what, sizeof(what), of, arguments);
        va_end(arguments);
        fail_msg(
            "\"%.*s\" instead of \"%s\" for %s", (int)line->length, line->text, expected, what);
    }
}

/// What iperf3 does ///

static void reference_unit(
    char *text, size_t size, double value, double step, const char *unit) {
    const char *prefixes[] = {"", "K", "M", "G", "T"};
    unsigned prefix = 0;

    while (value >= step && prefix < COUNT(prefixes) - 1) {
        value /= step;
        prefix++;
    }
    int decimals = value < 9.995 ? 2 : value < 99.95 ? 1 : 0;
    snprintf(text, size, "%4.*f %s%s", decimals, value, prefixes[prefix], unit);
}

static void assert_bytes_as_iperf3(uint64_t bytes) {
    char expected[64];
    struct iperf3_line line = {0};

    reference_unit(expected, sizeof(expected), (double)bytes, 1024, "Bytes");
    iperf3_line_bytes(&line, bytes);
    assert_line(&line, expected, "%" PRIu64 " bytes", bytes);
}

static void assert_rate_as_iperf3(uint64_t bytes, uint64_t us) {
    char expected[64];
    struct iperf3_line line = {0};
    double rate = (double)bytes / ((double)us / 1e6) * 8;

    reference_unit(expected, sizeof(expected), rate, 1000, "bits/sec");
    iperf3_line_rate(&line, bytes, us);
    assert_line(&line, expected, "%" PRIu64 " bytes in %" PRIu64 " us", bytes, us);
}

static void assert_seconds_as_iperf3(uint64_t us, unsigned decimals, unsigned width) {
    char expected[64];
    struct iperf3_line line = {0};

    snprintf(expected, sizeof(expected), "%*.*f", (int)width, (int)decimals, (double)us / 1e6);
    iperf3_line_fixed(&line, us, MEGA, decimals, width);
    assert_line(&line, expected, "%" PRIu64 " us", us);
}

static void assert_percent_as_iperf3(uint64_t part, uint64_t whole) {
    char expected[64];
    struct iperf3_line line = {0};

    double percent = whole > 0 ? 100.0 * (double)part / (double)whole : 0;

    snprintf(expected, sizeof(expected), "%.2g", percent);
    char *zero = strstr(expected, ".0e");
    if (zero != NULL) { // newlib's: %g leaves it out, says the standard
        memmove(zero, zero + 2, strlen(zero + 2) + 1);
    }
    iperf3_line_percent(&line, part, whole);
    assert_line(&line, expected, "%" PRIu64 " of %" PRIu64, part, whole);
}

/// Bytes ///

static void bytes_get_the_unit_and_the_digits_that_iperf3_gives_them(void **state) {
    (void)state;
    for (unsigned i = 0; i < RANDOM_VALUES; i++) {
        assert_bytes_as_iperf3(random_number(53));
    }
}

static void bytes_at_every_threshold_are_written_as_by_iperf3(void **state) {
    const double thresholds[] = {
        1, 9.985, 9.995, 10, 99.85, 99.95, 100, 999.5, 1000, 1023.5, 1024,
    };

    (void)state;
    for (unsigned unit = 0; unit <= 40; unit += 10) {
        for (unsigned i = 0; i < COUNT(thresholds); i++) {
            uint64_t center = (uint64_t)(thresholds[i] * (double)(UINT64_C(1) << unit));

            for (uint64_t bytes = center > 3 ? center - 3 : 0; bytes <= center + 3; bytes++) {
                assert_bytes_as_iperf3(bytes);
            }
        }
    }
}

// Every n / 8 and n / 2 of a unit lies between two decimals.
static void bytes_half_way_between_two_numbers_go_to_the_even_one(void **state) {
    (void)state;
    for (unsigned unit = 10; unit <= 40; unit += 10) {
        for (uint64_t eighths = 1; eighths < 8 * 1024; eighths++) {
            assert_bytes_as_iperf3(eighths << (unit - 3));
        }
    }
    struct iperf3_line line = {0};
    iperf3_line_bytes(&line, 9 << 17);
    assert_line(&line, "1.12 MBytes", "1.125 MBytes");
}

/// Rates ///

static void rates_get_the_unit_and_the_digits_that_iperf3_gives_them(void **state) {
    (void)state;
    for (unsigned i = 0; i < RANDOM_VALUES; i++) {
        // In less time a tie is likely, and then the errors of three divisions decide.
        assert_rate_as_iperf3(random_number(47), 10007 + random_number(37));
    }
}

static void rates_at_every_threshold_are_written_as_by_iperf3(void **state) {
    const uint64_t thresholds[] = {1000, 9985, 9995, 10000, 99850, 99950, 999500, 1000000};

    (void)state;
    for (uint64_t unit = 1; unit <= UINT64_C(1000000000); unit *= 10) {
        for (unsigned i = 0; i < COUNT(thresholds); i++) {
            uint64_t center = thresholds[i] * unit / 8;

            for (uint64_t bytes = center - 2; bytes <= center + 2; bytes++) {
                assert_rate_as_iperf3(bytes, MEGA);
            }
        }
    }
}

// 5 kbit/s is half of the last digit of x.xx Mbit/s: no double holds these.
static void rates_half_way_between_two_numbers_go_where_their_double_lies(void **state) {
    (void)state;
    for (uint64_t bytes = 0; bytes < 2000 * 625; bytes += 625) {
        assert_rate_as_iperf3(bytes, MEGA);
        assert_rate_as_iperf3(1000 * bytes, MEGA);
        assert_rate_as_iperf3(bytes, 10 * MEGA);
    }
    struct iperf3_line line = {0};
    iperf3_line_rate(&line, 1015000 / 8, MEGA);
    assert_line(&line, "1.01 Mbits/sec", "1.015 Mbit/s");
}

static void a_day_at_ten_gigabits_does_not_overflow(void **state) {
    const struct {
        uint64_t bytes;
        uint64_t us;
        const char *expected;
    } cases[] = {
        {UINT64_C(108000000000000), 86400 * MEGA, "10.0 Gbits/sec"},
        {UINT64_C(10800000000000000), 86400 * MEGA, "1.00 Tbits/sec"},
        {UINT64_C(1080000000000000000), 86400 * MEGA, " 100 Tbits/sec"},
        {UINT64_C(1) << 60, 1, "9223372036855 Tbits/sec"},
        {UINT64_C(1), UINT64_C(15768000000) * MEGA, "0.00 bits/sec"},
        {UINT64_C(1) << 60, UINT64_C(15768000000) * MEGA, " 585 Mbits/sec"},
    };

    (void)state;
    for (unsigned i = 0; i < COUNT(cases); i++) {
        struct iperf3_line line = {0};

        iperf3_line_rate(&line, cases[i].bytes, cases[i].us);
        assert_line(&line, cases[i].expected, "case %u", i);
    }
}

static void nothing_and_no_time_give_a_rate_of_zero(void **state) {
    struct iperf3_line line = {0};

    (void)state;
    iperf3_line_rate(&line, 0, MEGA);
    iperf3_line_rate(&line, 1000000, 0);
    assert_line(&line, "0.00 bits/sec0.00 bits/sec", "0");
}

/// Seconds, milliseconds, percent ///

static void seconds_are_written_as_by_iperf3(void **state) {
    (void)state;
    for (unsigned i = 0; i < RANDOM_VALUES; i++) {
        assert_seconds_as_iperf3(random_number(45), 2, 6);
        assert_seconds_as_iperf3(random_number(45), 1, 4);
    }
}

static void seconds_half_way_between_two_hundredths_go_where_their_double_lies(void **state) {
    (void)state;
    for (uint64_t us = 5000; us < 86400 * MEGA; us += us < 100 * MEGA ? 10000 : 99990000) {
        assert_seconds_as_iperf3(us, 2, 6);
    }
}

static void a_quotient_is_rounded_to_the_nearest_and_not_cut(void **state) {
    const struct {
        uint64_t numerator;
        uint32_t denominator;
        const char *expected;
    } cases[] = {
        {0, 1000, "0.000"},
        {7, 1000, "0.007"},
        {3, 2000, "0.002"}, // the double nearest to 0.0015 is above it
        {11, 2000, "0.005"}, // that nearest to 0.0055 below
        {17, 3000, "0.006"},
        {16, 3000, "0.005"},
        {UINT32_MAX, 1000, "4294967.295"},
    };

    (void)state;
    for (unsigned i = 0; i < COUNT(cases); i++) {
        struct iperf3_line line = {0};

        iperf3_line_fixed(&line, cases[i].numerator, cases[i].denominator, 3, 5);
        assert_line(&line, cases[i].expected, "case %u", i);
    }
}

static void every_percentage_of_small_numbers_is_written_as_by_iperf3(void **state) {
    (void)state;
    for (uint64_t whole = 0; whole <= 700; whole++) {
        for (uint64_t part = 0; part <= whole; part++) {
            assert_percent_as_iperf3(part, whole);
        }
    }
}

// 11.5 per mille and its like: 23 of 2000 are 1.1 %, not 1.2 %.
static void percentages_half_way_between_two_numbers_go_where_their_double_lies(void **state) {
    (void)state;
    for (uint64_t whole = 1000; whole <= UINT64_C(100000000000); whole *= 10) {
        for (uint64_t part = 5; part < 1000; part += 5) {
            assert_percent_as_iperf3(part, whole);
            assert_percent_as_iperf3(part, 2 * whole);
        }
    }
}

static void percentages_of_large_numbers_are_written_as_by_iperf3(void **state) {
    (void)state;
    for (unsigned i = 0; i < RANDOM_VALUES; i++) {
        uint64_t whole = 1 + random_number(46);

        assert_percent_as_iperf3(random_number(46) % (whole + 1), whole);
    }
}

// An interval in which more came late than were sent.
static void shares_of_more_than_the_whole_are_written_as_by_iperf3(void **state) {
    (void)state;
    for (uint64_t whole = 0; whole <= 40; whole++) {
        for (uint64_t part = whole; part <= 5000; part++) {
            assert_percent_as_iperf3(part, whole);
        }
    }
    assert_percent_as_iperf3(UINT64_MAX, UINT64_MAX);
    assert_percent_as_iperf3(UINT64_MAX, 1 << 10);
    assert_percent_as_iperf3(UINT64_C(1) << 62, UINT64_MAX);
    assert_percent_as_iperf3(1, UINT64_MAX >> 8);
}

/// Lines ///

static void integers_are_aligned_to_the_right_and_may_be_wider(void **state) {
    const struct {
        uint64_t value;
        unsigned width;
        const char *expected;
    } cases[] = {
        {0, 0, "0"}, {5, 3, "  5"}, {12345, 3, "12345"}, {UINT64_MAX, 0, "18446744073709551615"},
    };

    (void)state;
    for (unsigned i = 0; i < COUNT(cases); i++) {
        struct iperf3_line line = {0};

        iperf3_line_integer(&line, cases[i].value, cases[i].width);
        assert_line(&line, cases[i].expected, "case %u", i);
    }
}

static void what_does_not_fit_in_a_line_is_left_out(void **state) {
    struct {
        struct iperf3_line line;
        char behind;
    } memory = {.behind = '!'};

    (void)state;
    iperf3_line_spaces(&memory.line, IPERF3_LINE_SIZE - 2);
    iperf3_line_text(&memory.line, "abcdef");
    iperf3_line_integer(&memory.line, UINT64_MAX, 30);
    assert_int_equal(memory.line.length, IPERF3_LINE_SIZE);
    assert_memory_equal(&memory.line.text[IPERF3_LINE_SIZE - 3], " ab\0", 4);
    assert_int_equal(memory.behind, '!');
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bytes_get_the_unit_and_the_digits_that_iperf3_gives_them),
        cmocka_unit_test(bytes_at_every_threshold_are_written_as_by_iperf3),
        cmocka_unit_test(bytes_half_way_between_two_numbers_go_to_the_even_one),
        cmocka_unit_test(rates_get_the_unit_and_the_digits_that_iperf3_gives_them),
        cmocka_unit_test(rates_at_every_threshold_are_written_as_by_iperf3),
        cmocka_unit_test(rates_half_way_between_two_numbers_go_where_their_double_lies),
        cmocka_unit_test(a_day_at_ten_gigabits_does_not_overflow),
        cmocka_unit_test(nothing_and_no_time_give_a_rate_of_zero),
        cmocka_unit_test(seconds_are_written_as_by_iperf3),
        cmocka_unit_test(seconds_half_way_between_two_hundredths_go_where_their_double_lies),
        cmocka_unit_test(a_quotient_is_rounded_to_the_nearest_and_not_cut),
        cmocka_unit_test(every_percentage_of_small_numbers_is_written_as_by_iperf3),
        cmocka_unit_test(percentages_half_way_between_two_numbers_go_where_their_double_lies),
        cmocka_unit_test(percentages_of_large_numbers_are_written_as_by_iperf3),
        cmocka_unit_test(shares_of_more_than_the_whole_are_written_as_by_iperf3),
        cmocka_unit_test(integers_are_aligned_to_the_right_and_may_be_wider),
        cmocka_unit_test(what_does_not_fit_in_a_line_is_left_out),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
