// iperf3_figures.h - what a report's streams counted, one alone or several together
// SPDX-License-Identifier: MIT

#ifndef IPERF3_FIGURES_H
#define IPERF3_FIGURES_H

#include <stdbool.h>
#include <stdint.h>

#include "iperf3_report.h"

struct iperf3_figures {
    struct iperf3_counts counts; // the sums; of the jitter too
    uint64_t us;                 // in so much time
};

// Of `count` streams from `first` on, all of one direction: what this side counted
// (local), in the interval or in the whole test, or what the other side told of
// the test; nothing where it told nothing. A sender knows of no loss and no
// jitter, a receiver of no retransmits.
struct iperf3_figures iperf3_figures(
    const struct iperf3_report *report, unsigned first, unsigned count, bool local);

// Whether iperf3 sums a test up that has ended so: the good end, and what an
// interrupt of either side cut short.
bool iperf3_has_totals(const struct iperf3_report *report);

// Streams that carry data the same way: those of a direction.
unsigned iperf3_streams_of_direction(const struct iperf3_report *report);

#endif // IPERF3_FIGURES_H
