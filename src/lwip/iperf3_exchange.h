// iperf3_exchange.h - what the two sides tell each other in JSON
// SPDX-License-Identifier: MIT

#ifndef IPERF3_EXCHANGE_H
#define IPERF3_EXCHANGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "iperf3_chart.h"
#include "iperf3_json_read.h"
#include "iperf3_json_write.h"

struct iperf3;

// Both write the same text each time they are called during one message.
void iperf3_exchange_write_params(struct iperf3 *session, struct iperf3_json_writer *writer);
void iperf3_exchange_write_results(struct iperf3 *session, struct iperf3_json_writer *writer);

// For struct iperf3_side: results come next; what they say goes into the streams'
// reports.
uint32_t iperf3_exchange_expect_results(struct iperf3 *session);

// Takes a piece of them, of at most IPERF3_RESULTS_PIECE bytes. What it holds of the
// server's output is reported.
enum iperf3_json_status iperf3_exchange_take_results(
    struct iperf3 *session, const char *text, size_t size);

// They have all arrived.
enum iperf3_event iperf3_exchange_judge_results(struct iperf3 *session, bool good);

#endif // IPERF3_EXCHANGE_H
