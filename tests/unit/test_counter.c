// test_counter.c - intervals and omitted seconds add up
// SPDX-License-Identifier: MIT

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "iperf3_counter.h"

static void an_interval_holds_what_came_since_the_last(void **state) {
    struct iperf3_counter counter = { 0 };

    (void)state;
    counter.all += 5;
    assert_int_equal(iperf3_counter_take_interval(&counter), 5);
    assert_int_equal(iperf3_counter_take_interval(&counter), 0);
    counter.all += 7;
    assert_int_equal(iperf3_counter_take_interval(&counter), 7);
    assert_int_equal(iperf3_counter_total(&counter), 12);
}

static void what_was_omitted_is_in_no_total_and_no_interval(void **state) {
    struct iperf3_counter counter = { 0 };

    (void)state;
    counter.all += 100;
    iperf3_counter_omit(&counter);
    assert_int_equal(iperf3_counter_total(&counter), 0);
    assert_int_equal(iperf3_counter_take_interval(&counter), 0);
    counter.all += 3;
    assert_int_equal(iperf3_counter_total(&counter), 3);
    assert_int_equal(iperf3_counter_take_interval(&counter), 3);
    assert_int_equal(counter.all, 103);
}

static void counts_are_larger_than_32_bits(void **state) {
    struct iperf3_counter counter = { .all = UINT32_MAX };

    (void)state;
    iperf3_counter_omit(&counter);
    counter.all += 10ull * UINT32_MAX;
    assert_int_equal(iperf3_counter_total(&counter), 10ull * UINT32_MAX);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_interval_holds_what_came_since_the_last),
        cmocka_unit_test(what_was_omitted_is_in_no_total_and_no_interval),
        cmocka_unit_test(counts_are_larger_than_32_bits),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
