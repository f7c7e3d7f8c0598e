// client.c - a program that only measures as a client, for tools/size.py
// SPDX-License-Identifier: MIT
//
// It shows the figures and the number of an error in its own way.

#include "iperf3.h"

void show(uint64_t bytes, uint64_t us, enum iperf3_error error);
void program(void *memory, size_t size, struct iperf3_config *config, const ip_addr_t *server);

void program(void *memory, size_t size, struct iperf3_config *config, const ip_addr_t *server) {
    iperf3_t *session;

    *config = iperf3_default_config;
    if (iperf3_init(&session, memory, size, config) != IPERF3_OK) {
        return;
    }
    iperf3_connect(session, server, IPERF3_DEFAULT_PORT);
    while (iperf3_running(session) && iperf3_wait_us(session) > 0) {
        const struct iperf3_report *report = iperf3_poll(session);

        if (report != NULL && report->stream_count > 0) {
            show(report->streams[0].counts.bytes, report->end_us, report->error);
        }
    }
    iperf3_stop(session);
}
