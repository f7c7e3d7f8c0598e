// iperf3_pacer.c - see iperf3_pacer.h
// SPDX-License-Identifier: MIT

#include "iperf3_pacer.h"

#define US_PER_S 1000000u

// Seconds and the rest apart: no product leaves 64 bits within a day's test.
static uint64_t bits_by(uint64_t rate, uint64_t elapsed_us) {
    return elapsed_us / US_PER_S * rate + elapsed_us % US_PER_S * rate / US_PER_S;
}

uint64_t iperf3_pacer_allowed(const struct iperf3_test *test, uint64_t elapsed_us) {
    uint64_t burst = (uint64_t)test->length * (test->burst > 0 ? test->burst : 1);
    uint64_t bits;

    if (test->bits_per_s == 0 || test->bits_per_s > IPERF3_MAX_PACED_RATE) {
        return IPERF3_UNPACED;
    }
    // A burst may begin while less than `bits` have been sent.
    bits = bits_by(test->bits_per_s, elapsed_us);
    return bits == 0 ? burst : ((bits - 1) / 8 / burst + 1) * burst;
}

uint64_t iperf3_pacer_due(const struct iperf3_test *test, uint64_t sent) {
    uint64_t rate = test->bits_per_s;
    uint64_t bits = sent * 8;

    return bits / rate * US_PER_S + bits % rate * US_PER_S / rate + 1;
}
