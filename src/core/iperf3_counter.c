// iperf3_counter.c - see iperf3_counter.h
// SPDX-License-Identifier: MIT

#include "iperf3_counter.h"

uint64_t iperf3_counter_take_interval(struct iperf3_counter *counter) {
    uint64_t interval = counter->all - counter->reported;

    counter->reported = counter->all;
    return interval;
}

void iperf3_counter_omit(struct iperf3_counter *counter) {
    counter->omitted = counter->all;
    counter->reported = counter->all;
}
