// iperf3_pacer.h - how much a stream may have sent by now
// SPDX-License-Identifier: MIT
//
// iperf3's rule: a burst of blocks may begin when the average since the start of
// the test is below the rate. So a sender that was held up catches up.

#ifndef IPERF3_PACER_H
#define IPERF3_PACER_H

#include <stdint.h>

#include "iperf3_test.h"

#define IPERF3_UNPACED UINT64_MAX

// Rates above this many bits/s are no limit to anything lwIP runs on.
#define IPERF3_MAX_PACED_RATE 1000000000000u

// Bytes that a stream may have sent so long after the start of the test (-b; whole
// blocks of -l). IPERF3_UNPACED: as many as it can.
uint64_t iperf3_pacer_allowed(const struct iperf3_test *test, uint64_t elapsed_us);

// Microseconds after the start at which a stream that has sent all that it was
// allowed to may go on. Only for a test that is paced.
uint64_t iperf3_pacer_due(const struct iperf3_test *test, uint64_t sent);

#endif // IPERF3_PACER_H
