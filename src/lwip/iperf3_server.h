// iperf3_server.h - what each action of the server's chart does
// SPDX-License-Identifier: MIT

#ifndef IPERF3_SERVER_H
#define IPERF3_SERVER_H

#include <stdbool.h>

#include "iperf3_chart.h"
#include "lwip/ip_addr.h"

struct iperf3;

// iperf3's error number for a rate above what the server allows.
#define IPERF3_NUMBER_TOO_FAST 27

enum iperf3_error iperf3_server_open(struct iperf3 *session, const ip_addr_t *local, u16_t port);
void iperf3_server_stop_listening(struct iperf3 *session);

// The parameters have arrived, well-formed (good) or not: is this a test that
// this server runs? EVENT_PARAMS, or EVENT_UNWILLING with the reason in
// report.server_error.
enum iperf3_event iperf3_server_judge_params(struct iperf3 *session, bool good);

void iperf3_server_ask_params(struct iperf3 *session);
void iperf3_server_send_refusal(struct iperf3 *session);
void iperf3_server_ask_streams(struct iperf3 *session);
void iperf3_server_begin_test(struct iperf3 *session);
void iperf3_server_ask_results(struct iperf3 *session);
void iperf3_server_give_results(struct iperf3 *session);
void iperf3_server_finish(struct iperf3 *session);

// After a test, whatever its end: listens again, or stops (one_off).
void iperf3_server_next(struct iperf3 *session);

// Sorts out who has connected: the next client, data streams, strangers.
void iperf3_server_poll(struct iperf3 *session);

#endif // IPERF3_SERVER_H
