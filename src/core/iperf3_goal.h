// iperf3_goal.h - how much a test moves at most
// SPDX-License-Identifier: MIT

#ifndef IPERF3_GOAL_H
#define IPERF3_GOAL_H

#include <stdint.h>

#include "iperf3_test.h"

#define IPERF3_NO_GOAL UINT64_MAX

// Bytes per direction, over all streams, at which the test is over: the smaller
// of -n and -k. IPERF3_NO_GOAL where the test has no such limit.
uint64_t iperf3_goal(const struct iperf3_test *test);

// The same as a sender sees it, in whole blocks: receivers from iperf3 3.16 on
// count nothing but whole blocks, and would never reach a goal in between.
uint64_t iperf3_goal_to_send(const struct iperf3_test *test);

// Bytes that complete the block which `sent` bytes have begun, 0..length-1.
uint32_t iperf3_goal_rest_of_block(uint64_t sent, uint32_t length);

#endif // IPERF3_GOAL_H
