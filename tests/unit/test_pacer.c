// test_pacer.c - the average is held, block by block
// SPDX-License-Identifier: MIT

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "iperf3_pacer.h"

// Seen: 400 kbit/s in blocks of 1000 bytes are one datagram each 20.0 ms.
static void the_first_block_goes_at_once_and_each_when_it_is_due(void **state) {
    const struct iperf3_test test = { .bits_per_s = 400000, .length = 1000 };

    (void)state;
    assert_int_equal(iperf3_pacer_allowed(&test, 0), 1000);
    assert_int_equal(iperf3_pacer_allowed(&test, 20000), 1000);
    assert_int_equal(iperf3_pacer_allowed(&test, 20003), 2000);
    assert_int_equal(iperf3_pacer_allowed(&test, 1000000), 50000);
    assert_int_equal(iperf3_pacer_due(&test, 1000), 20001);
    assert_int_equal(iperf3_pacer_due(&test, 50000), 1000001);
}

// Seen: bursts of 4 are 4 datagrams each 80 ms.
static void a_burst_goes_back_to_back(void **state) {
    const struct iperf3_test test = { .bits_per_s = 400000, .length = 1000, .burst = 4 };

    (void)state;
    assert_int_equal(iperf3_pacer_allowed(&test, 0), 4000);
    assert_int_equal(iperf3_pacer_allowed(&test, 80000), 4000);
    assert_int_equal(iperf3_pacer_allowed(&test, 80003), 8000);
    assert_int_equal(iperf3_pacer_due(&test, 4000), 80001);
}

static void without_a_rate_there_is_no_limit(void **state) {
    struct iperf3_test test = { .length = 1000 };

    (void)state;
    assert_int_equal(iperf3_pacer_allowed(&test, 0), IPERF3_UNPACED);
    test.bits_per_s = UINT64_MAX;
    assert_int_equal(iperf3_pacer_allowed(&test, 86400000000ull), IPERF3_UNPACED);
}

static void nothing_overflows_within_a_day(void **state) {
    const struct iperf3_test test = { .bits_per_s = IPERF3_MAX_PACED_RATE, .length = 65507 };
    uint64_t day_us = 86400000000ull;
    uint64_t allowed = iperf3_pacer_allowed(&test, day_us);

    (void)state;
    assert_in_range(allowed, 10800000000000000ull, 10800000000000000ull + 65507);
    assert_in_range(iperf3_pacer_due(&test, allowed), day_us, day_us + 1);
}

// What is due is allowed a moment later, and not a moment before.
static void due_and_allowed_agree(void **state) {
    static const uint64_t rates[] = { 1, 1000, 100000, 1048576, 10000000, 999999937 };

    (void)state;
    for (size_t i = 0; i < sizeof(rates) / sizeof(rates[0]); i++) {
        const struct iperf3_test test = { .bits_per_s = rates[i], .length = 1460 };

        for (uint64_t blocks = 1; blocks < 100; blocks++) {
            uint64_t due = iperf3_pacer_due(&test, blocks * 1460);
            uint64_t bit_us = 1 + 1000000 / rates[i];

            assert_int_equal(iperf3_pacer_allowed(&test, due - 1), blocks * 1460);
            assert_int_equal(iperf3_pacer_allowed(&test, due + bit_us), (blocks + 1) * 1460);
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_first_block_goes_at_once_and_each_when_it_is_due),
        cmocka_unit_test(a_burst_goes_back_to_back),
        cmocka_unit_test(without_a_rate_there_is_no_limit),
        cmocka_unit_test(nothing_overflows_within_a_day),
        cmocka_unit_test(due_and_allowed_agree),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
