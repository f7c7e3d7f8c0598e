// iperf3_client.h - what each action of the client's chart does
// SPDX-License-Identifier: MIT

#ifndef IPERF3_CLIENT_H
#define IPERF3_CLIENT_H

struct iperf3;

void iperf3_client_send_cookie(struct iperf3 *session);
void iperf3_client_send_params(struct iperf3 *session);
void iperf3_client_open_streams(struct iperf3 *session);
void iperf3_client_prepare_test(struct iperf3 *session);
void iperf3_client_start_test(struct iperf3 *session);
void iperf3_client_send_test_end(struct iperf3 *session);
void iperf3_client_send_results(struct iperf3 *session);
void iperf3_client_finish(struct iperf3 *session);

// Goes on opening the streams, one after the other.
void iperf3_client_poll(struct iperf3 *session);

#endif // IPERF3_CLIENT_H
