// whole.c - a program that uses all of the engine, for tools/size.py
// SPDX-License-Identifier: MIT

#include "iperf3.h"

void print(void *context, const char *text, size_t size);
void program(iperf3_t **session, void *memory, struct iperf3_config *config, const ip_addr_t *host);

static void tell(const struct iperf3_report *report) {
    const struct iperf3_printer printer = { .print = print };

    iperf3_report_text(&printer, report);
    iperf3_report_json(&printer, report);
    if (report->type == IPERF3_FAILED) {
        print(NULL, iperf3_strerror(report->error), 0);
        print(NULL, iperf3_server_error_text(report->server_error), 0);
    }
}

void program(iperf3_t **session, void *memory, struct iperf3_config *config, const ip_addr_t *host) {
    *config = iperf3_default_config;
    if (iperf3_init(session, memory, iperf3_memory_size(config->max_streams), config) != IPERF3_OK) {
        return;
    }
    iperf3_connect(*session, host, IPERF3_DEFAULT_PORT);
    iperf3_listen(*session, NULL, IPERF3_DEFAULT_PORT);
    while (iperf3_running(*session) && iperf3_wait_us(*session) > 0) {
        const struct iperf3_report *report = iperf3_poll(*session);

        if (report != NULL) {
            tell(report);
        }
    }
    iperf3_stop(*session);
}
