// test_decimal.c - the integers are those that exact arithmetic gives
// SPDX-License-Identifier: MIT

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>

#include <float.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "iperf3_decimal.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

// On the heap and not terminated, so that ASan sees a read past the end.
static bool parse(const char *text, unsigned decimals, int64_t *value) {
    size_t size = strlen(text);
    char *copy = malloc(size + 1);

    assert_non_null(copy);
    memcpy(copy + 1, text, size); // at the end, as malloc(0) would give a byte
    *value = 4711;
    bool good = iperf3_decimal_parse(copy + 1, size, decimals, value);
    free(copy);
    return good;
}

static void assert_value(const char *text, unsigned decimals, int64_t expected) {
    int64_t value;

    if (!parse(text, decimals, &value) || value != expected) {
        fail_msg("%s, %u decimals: %" PRId64 ", not %" PRId64, text, decimals, value, expected);
    }
}

static void a_number_is_scaled(void **state) {
    (void)state;
    assert_value("17", 0, 17);
    assert_value("-1", 0, -1);
    assert_value("0", 0, 0);
    assert_value("-0", 3, 0);
    assert_value("17", 3, 17000);
    assert_value("2.001091", 6, 2001091);
    assert_value("-2.001091", 6, -2001091);
    assert_value("0.000001", 6, 1);
    assert_value("20.6", 3, 20600);
    assert_value("1116995584", 0, 1116995584);
}

static void an_exponent_moves_the_point(void **state) {
    (void)state;
    assert_value("1.4183909706771375e-05", 6, 14);
    assert_value("1.4183909706771375e-05", 9, 14184);
    assert_value("1.5e3", 0, 1500);
    assert_value("1.5E+3", 0, 1500);
    assert_value("15e-1", 1, 15);
    assert_value("1e18", 0, INT64_C(1000000000000000000));
    assert_value("-1e18", 0, -INT64_C(1000000000000000000));
    assert_value("0.00000000000000000001e20", 0, 1);
    assert_value("12345e-2", 0, 123);
    assert_value("1e00000000000000000000002", 0, 100);
    assert_value("0e99999999999999999999", 0, 0);
    assert_value("1e-0", 0, 1);
}

static void halves_are_rounded_away_from_zero(void **state) {
    (void)state;
    assert_value("0.5", 0, 1);
    assert_value("-0.5", 0, -1);
    assert_value("0.49999999999999999999999999", 0, 0);
    assert_value("-0.49999999999999999999999999", 0, 0);
    assert_value("1.5", 0, 2);
    assert_value("2.5", 0, 3);
    assert_value("-2.5", 0, -3);
    assert_value("0.05", 1, 1);
    assert_value("0.04", 1, 0);
    assert_value("9.99", 1, 100);
    assert_value("5e-1", 0, 1);
    assert_value("5e-2", 0, 0);
    assert_value("99e-2", 0, 1);
    assert_value("9e-3", 1, 0);
    assert_value("19.5", 0, 20);
}

static void a_tiny_number_is_zero(void **state) {
    (void)state;
    assert_value("1e-400", 18, 0);
    assert_value("-1e-400", 18, 0);
    assert_value("9e-2147483648", 0, 0);
    assert_value("9e-4294967296", 0, 0);
    assert_value("9e-99999999999999999999999999", 0, 0);
}

static void a_number_that_does_not_fit_saturates(void **state) {
    (void)state;
    assert_value("9223372036854775806", 0, INT64_MAX - 1);
    assert_value("9223372036854775806.4", 0, INT64_MAX - 1);
    assert_value("9223372036854775806.5", 0, INT64_MAX);
    assert_value("9223372036854775807", 0, INT64_MAX);
    assert_value("9223372036854775807.5", 0, INT64_MAX);
    assert_value("9223372036854775808", 0, INT64_MAX);
    assert_value("9223372036854775809", 0, INT64_MAX);
    assert_value("9223372036854775810", 0, INT64_MAX);
    assert_value("18446744073709551615", 0, INT64_MAX); // -1 of iperf3 3.12
    assert_value("18446744073709551616", 0, INT64_MAX);
    assert_value("99999999999999999999999999999999", 0, INT64_MAX);
    assert_value("-9223372036854775807", 0, -INT64_MAX);
    assert_value("-9223372036854775807.5", 0, INT64_MIN);
    assert_value("-9223372036854775808", 0, INT64_MIN);
    assert_value("-9223372036854775808.5", 0, INT64_MIN);
    assert_value("-9223372036854775809", 0, INT64_MIN);
    assert_value("-18446744073709551615", 0, INT64_MIN);
    assert_value("9223372036854.775807", 6, INT64_MAX);
    assert_value("9223372036854.775808", 6, INT64_MAX);
    assert_value("9223372036855", 6, INT64_MAX);
    assert_value("922337203685477580", 1, INT64_C(9223372036854775800));
    assert_value("922337203685477581", 1, INT64_MAX);
    assert_value("1e19", 0, INT64_MAX);
    assert_value("-1e19", 0, INT64_MIN);
    assert_value("1e400", 0, INT64_MAX);
    assert_value("1e2147483648", 0, INT64_MAX);
    assert_value("1e4294967296", 0, INT64_MAX);
    assert_value("-1e99999999999999999999999999", 0, INT64_MIN);
}

// So many zeroes may not take that many steps: the peer would stop us for minutes.
static void a_huge_exponent_takes_no_time(void **state) {
    (void)state;
    for (unsigned i = 0; i < 1000; i++) {
        assert_value("0e99999999", 0, 0);
        assert_value("0.000e99999999", 6, 0);
        assert_value("1e99999999", 0, INT64_MAX);
        assert_value("1e-99999999", 0, 0);
    }
}

static void any_count_of_digits_is_exact(void **state) {
    (void)state;
    for (unsigned count = 1; count <= 300; count++) {
        char text[320] = "12.";
        char small[320] = "0.";

        memset(text + 3, '3', count);
        assert_value(text, 0, 12);
        assert_value(text, 1, 123);
        snprintf(text + 3 + count, 8, "e-1");
        assert_value(text, 0, 1);
        memset(small + 2, '0', count);
        snprintf(small + 2 + count, 12, "7e%u", count + 1);
        assert_value(small, 0, 7);
    }
}

static void what_is_not_a_json_number_is_refused(void **state) {
    static const char *const bad[] = {
        "", "-", "+1", "01", "-01", "00", "1.", ".5", "-.5", "1.e5", "1e", "1e+", "1e-", "1E",
        "e5", "1e5.", "1e5.5", "1e+-5", "1e 5", "0x10", "1a", "1ea", "1e5a", "1.5.", "1.5.5",
        "--1", "1-", " 1", "1 ", "inf", "-inf", "nan", "NaN", "Infinity", "true", "1,5", "1/2",
        "1.:", "1:", "/", ":", "1e/", "1e5:",
    };
    int64_t value;

    (void)state;
    for (size_t i = 0; i < COUNT(bad); i++) {
        if (parse(bad[i], 0, &value)) {
            fail_msg("'%s' was taken", bad[i]);
        }
        assert_int_equal(value, 0);
    }
    assert_false(iperf3_decimal_parse("1\0", 2, 0, &value));
    assert_false(iperf3_decimal_parse("\xb1", 1, 0, &value));
}

static uint32_t random_u32(void) {
    static uint64_t seed = 20250101;

    seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)(seed >> 32);
}

static void doubles_come_within_their_precision(void **state) {
    (void)state;
    for (unsigned i = 0; i < RANDOM_VALUES; i++) {
        char text[64];
        double number = ((double)random_u32() - 2147483648.0)
            * pow(10.0, (double)(random_u32() % 18) - 14.0);
        unsigned decimals = random_u32() % 7;
        int64_t value;

        snprintf(text, sizeof(text), i % 2 == 0 ? "%.17g" : "%.15e", number);
        assert_true(parse(text, decimals, &value));
        long double expected = strtold(text, NULL) * powl(10.0L, decimals);
        if (fabsl((long double)value - expected) > 0.50001L + fabsl(expected) * 8 * LDBL_EPSILON) {
            fail_msg("%s, %u decimals: %" PRId64 ", not %.3Lf", text, decimals, value, expected);
        }
    }
}

static void assert_format(int64_t value, unsigned decimals, const char *expected) {
    char *text = malloc(IPERF3_DECIMAL_SIZE); // on the heap, so that ASan guards it

    assert_non_null(text);
    size_t size = iperf3_decimal_format(text, value, decimals);
    assert_string_equal(text, expected);
    assert_int_equal(size, strlen(expected));
    free(text);
}

static void trailing_zeroes_are_left_out(void **state) {
    (void)state;
    assert_format(2001091, 6, "2.001091");
    assert_format(2000000, 6, "2");
    assert_format(2100000, 6, "2.1");
    assert_format(-2100000, 6, "-2.1");
    assert_format(100, 0, "100");
    assert_format(100, 1, "10");
    assert_format(100, 2, "1");
    assert_format(100, 3, "0.1");
    assert_format(100, 4, "0.01");
    assert_format(-1, 3, "-0.001");
    assert_format(1050, 2, "10.5");
    assert_format(0, 0, "0");
    assert_format(0, 18, "0");
    assert_format(7, 18, "0.000000000000000007");
    assert_format(INT64_MAX, 0, "9223372036854775807");
    assert_format(INT64_MIN, 0, "-9223372036854775808");
    assert_format(INT64_MIN, 18, "-9.223372036854775808");
    assert_format(INT64_MIN, 1, "-922337203685477580.8");
}

// An int64_t with any number of digits.
static int64_t random_i64(void) {
    uint64_t bits = (uint64_t)random_u32() << 32 | random_u32();

    return (int64_t)(bits >> random_u32() % 64 ^ (0 - (uint64_t)(random_u32() % 2)));
}

static void what_is_written_is_what_printf_writes(void **state) {
    (void)state;
    for (unsigned i = 0; i < RANDOM_VALUES; i++) {
        int64_t value = random_i64();
        char expected[32];

        snprintf(expected, sizeof(expected), "%" PRId64, value);
        assert_format(value, 0, expected);
    }
}

static void what_is_written_reads_back_the_same(void **state) {
    (void)state;
    for (unsigned i = 0; i < RANDOM_VALUES; i++) {
        char text[IPERF3_DECIMAL_SIZE];
        int64_t value = random_i64();
        unsigned decimals = random_u32() % 19;

        iperf3_decimal_format(text, value, decimals);
        assert_value(text, decimals, value);
        if (strchr(text, '.') != NULL) {
            assert_true(text[strlen(text) - 1] != '0');
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_number_is_scaled),
        cmocka_unit_test(an_exponent_moves_the_point),
        cmocka_unit_test(halves_are_rounded_away_from_zero),
        cmocka_unit_test(a_tiny_number_is_zero),
        cmocka_unit_test(a_number_that_does_not_fit_saturates),
        cmocka_unit_test(a_huge_exponent_takes_no_time),
        cmocka_unit_test(any_count_of_digits_is_exact),
        cmocka_unit_test(what_is_not_a_json_number_is_refused),
        cmocka_unit_test(doubles_come_within_their_precision),
        cmocka_unit_test(trailing_zeroes_are_left_out),
        cmocka_unit_test(what_is_written_is_what_printf_writes),
        cmocka_unit_test(what_is_written_reads_back_the_same),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
