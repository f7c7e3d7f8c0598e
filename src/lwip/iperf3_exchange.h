// iperf3_exchange.h - what the two sides tell each other in JSON
// SPDX-License-Identifier: MIT

#ifndef IPERF3_EXCHANGE_H
#define IPERF3_EXCHANGE_H

#include "iperf3_json_read.h"
#include "iperf3_json_write.h"

struct iperf3;

// Both write the same text each time they are called during one message.
void iperf3_exchange_write_params(struct iperf3 *session, struct iperf3_json_writer *writer);
void iperf3_exchange_write_results(struct iperf3 *session, struct iperf3_json_writer *writer);

// Prepares session->reading.results; what arrives goes into the streams' reports.
void iperf3_exchange_expect_results(struct iperf3 *session);

// Takes a piece of them, of at most IPERF3_RESULTS_PIECE bytes. What it holds of the
// server's output is reported.
enum iperf3_json_status iperf3_exchange_take_results(
    struct iperf3 *session, const char *text, size_t size);

// They have all arrived and are well-formed: what is not a stream's.
void iperf3_exchange_keep_results(struct iperf3 *session);

#endif // IPERF3_EXCHANGE_H
