// pair.h - a server and a client, and whole tests between them
// SPDX-License-Identifier: MIT

#ifndef PAIR_H
#define PAIR_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "loop.h"

#define S 1000000ull

extern struct end server, client;

// For loop_run(): the client has told its end.
bool client_is_done(void *context);

// Opens an end and starts it.
void serve(const struct iperf3_config *config);
void connect_client(const struct iperf3_config *config);
void close_both(void);

// Runs one whole test against a fresh server, until both have told its end.
void whole_test(const struct iperf3_config *config);

// Payload bytes of all streams, in one direction.
uint64_t sent(const struct end *end);
uint64_t received(const struct end *end);

// What each side was told is what the other counted.
void assert_results_exchanged(void);

// Not above the rate, and at most a tenth below.
void assert_rate_is_near(uint64_t bytes, uint64_t us, uint64_t bits_per_s);

// For cmocka: a test between loop_set_up() and loop_tear_down().
int pair_set_up(void **state);
int pair_tear_down(void **state);
#define PAIR_TEST(name) cmocka_unit_test_setup_teardown(name, pair_set_up, pair_tear_down)

#endif // PAIR_H
