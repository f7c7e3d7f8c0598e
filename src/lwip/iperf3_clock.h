// iperf3_clock.h - all that happens because time passes
// SPDX-License-Identifier: MIT

#ifndef IPERF3_CLOCK_H
#define IPERF3_CLOCK_H

#include <stdint.h>

#include "iperf3_chart.h"

struct iperf3;

// Brings session->now up to date. The port's 32-bit clock may wrap in between,
// once: 71 minutes.
void iperf3_clock_update(struct iperf3 *session);

// Sets the deadline of the phase that begins.
void iperf3_clock_phase_begins(struct iperf3 *session);

// Does what is due: intervals, the end of omitted seconds and of the test, of
// draining, deadlines.
void iperf3_clock_poll(struct iperf3 *session);

// Microseconds until something may be due.
uint32_t iperf3_clock_wait_us(const struct iperf3 *session);

// iperf3's error number for a client that let this phase time out.
int32_t iperf3_clock_timeout_number(enum iperf3_phase phase);

#endif // IPERF3_CLOCK_H
