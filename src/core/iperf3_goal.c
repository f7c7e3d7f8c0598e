// iperf3_goal.c - see iperf3_goal.h
// SPDX-License-Identifier: MIT

#include "iperf3_goal.h"

uint64_t iperf3_goal(const struct iperf3_test *test) {
    uint64_t goal = IPERF3_NO_GOAL;

    if (test->blocks > 0 && test->blocks < IPERF3_NO_GOAL / test->length) {
        goal = test->blocks * test->length;
    }
    if (test->bytes > 0 && test->bytes < goal) {
        goal = test->bytes;
    }
    return goal;
}

uint64_t iperf3_goal_to_send(const struct iperf3_test *test) {
    uint64_t goal = iperf3_goal(test);
    uint32_t rest = iperf3_goal_rest_of_block(goal, test->length);

    return goal >= IPERF3_NO_GOAL - rest ? IPERF3_NO_GOAL : goal + rest;
}

uint32_t iperf3_goal_rest_of_block(uint64_t sent, uint32_t length) {
    uint32_t begun = (uint32_t)(sent % length);

    return begun == 0 ? 0 : length - begun;
}
