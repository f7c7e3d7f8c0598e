// iperf3_counter.h - a count, of all, since the last report, since the omitted seconds
// SPDX-License-Identifier: MIT

#ifndef IPERF3_COUNTER_H
#define IPERF3_COUNTER_H

#include <stdint.h>

// Starts zeroed. `all` may be changed directly where every instruction counts. It
// falls only where a datagram taken for lost comes late; what is below zero then
// reads right as an int64_t.
struct iperf3_counter {
    uint64_t all;
    uint64_t reported; // `all` at the end of the last interval
    uint64_t omitted;  // `all` at the end of the omitted seconds
};

static inline uint64_t iperf3_counter_total(const struct iperf3_counter *counter) {
    return counter->all - counter->omitted;
}

// What came since the last call; starts the next interval.
uint64_t iperf3_counter_take_interval(struct iperf3_counter *counter);

// What was counted so far belongs to the omitted seconds, and to no interval.
void iperf3_counter_omit(struct iperf3_counter *counter);

#endif // IPERF3_COUNTER_H
