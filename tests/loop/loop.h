// loop.h - sessions that talk to each other in one lwIP, in virtual time
// SPDX-License-Identifier: MIT
//
// The clock stands still while code runs and jumps to whatever happens next, so
// a test of minutes takes milliseconds and ends the same each time.

#ifndef LOOP_H
#define LOOP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "iperf3.h"

// One end, with what it has reported.
struct end {
    iperf3_t *session;
    void *memory;
    void *payload; // on the heap, so that ASan sees lwIP send it when it is gone
    unsigned reports[IPERF3_FAILED + 1]; // how many of each type
    struct iperf3_report last;           // FINISHED or FAILED; streams below
    struct iperf3_stream_report streams[2 * IPERF3_MAX_STREAMS];
    uint64_t interval_bytes;         // of all intervals that were not omitted, both directions
    uint64_t omitted_interval_bytes; // of the others
};

extern uint64_t loop_now_us;

void loop_seed(uint32_t seed);
uint32_t loop_random(void);

// Before and after each test. The latter closes the ends, waits until lwIP has
// forgotten closed connections, and fails if anything at all is left.
void loop_set_up(void);
void loop_tear_down(void);

// Fails the n-th allocation of lwIP from now on (1: the next), 0: none.
void loop_fail_allocation(unsigned n);

// Whether all of them fail.
void loop_fail_allocations(bool all);

struct iperf3_config loop_config(void);
void loop_open(struct end *end, const struct iperf3_config *config);
void loop_close(struct end *end);

// The address of both ends.
const ip_addr_t *loop_address(bool ip6);

// Runs for so long, or until done says so (false: it did not).
bool loop_run(uint64_t us, bool (*done)(void *context), void *context);

uint64_t end_bytes(const struct end *end, bool sender); // of all streams of one direction

#endif // LOOP_H
