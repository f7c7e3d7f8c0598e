// test_goal.c - when a test has moved enough
// SPDX-License-Identifier: MIT

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "iperf3_goal.h"

static void the_smaller_limit_counts_and_senders_send_whole_blocks(void **state) {
    static const struct {
        uint64_t bytes;
        uint64_t blocks;
        uint32_t length;
        uint64_t goal;
        uint64_t to_send;
    } cases[] = {
        { 0, 0, 1000, IPERF3_NO_GOAL, IPERF3_NO_GOAL },
        { 1, 0, 1000, 1, 1000 },
        { 1000, 0, 1000, 1000, 1000 },
        { 1001, 0, 1000, 1001, 2000 },
        { 0, 3, 1000, 3000, 3000 },
        { 2500, 3, 1000, 2500, 3000 },
        { 3500, 3, 1000, 3000, 3000 },
        { 0, UINT64_MAX, 1000, IPERF3_NO_GOAL, IPERF3_NO_GOAL },
        { 0, UINT64_MAX / 1000, 1000, IPERF3_NO_GOAL, IPERF3_NO_GOAL },
        { UINT64_MAX - 1, 0, 1000, UINT64_MAX - 1, IPERF3_NO_GOAL },
        { 7, UINT64_MAX, 1000, 7, 1000 },
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        const struct iperf3_test test = {
            .bytes = cases[i].bytes,
            .blocks = cases[i].blocks,
            .length = cases[i].length,
        };

        assert_int_equal(iperf3_goal(&test), cases[i].goal);
        assert_int_equal(iperf3_goal_to_send(&test), cases[i].to_send);
    }
}

static void a_begun_block_has_a_rest(void **state) {
    (void)state;
    assert_int_equal(iperf3_goal_rest_of_block(0, 1000), 0);
    assert_int_equal(iperf3_goal_rest_of_block(1, 1000), 999);
    assert_int_equal(iperf3_goal_rest_of_block(999, 1000), 1);
    assert_int_equal(iperf3_goal_rest_of_block(5000, 1000), 0);
    assert_int_equal(iperf3_goal_rest_of_block(10ull * UINT32_MAX + 1, UINT32_MAX), UINT32_MAX - 1);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_smaller_limit_counts_and_senders_send_whole_blocks),
        cmocka_unit_test(a_begun_block_has_a_rest),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
