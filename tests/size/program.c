// program.c - a program that uses the engine, for tools/size.py
// SPDX-License-Identifier: MIT
//
// All of the engine, but for what one of these sets to 0.

#include "iperf3.h"

#ifndef CALL_CONNECT
#define CALL_CONNECT 1
#endif
#ifndef CALL_LISTEN
#define CALL_LISTEN 1
#endif
#ifndef CALL_TEXT
#define CALL_TEXT 1
#endif
#ifndef CALL_JSON
#define CALL_JSON 1
#endif
#ifndef CALL_ERRORS
#define CALL_ERRORS 1
#endif

void show(void *context, const char *text, size_t size);
void show_bytes(uint64_t bytes);
void program(iperf3_t **session, void *memory, struct iperf3_config *config, const ip_addr_t *host);

static void tell(const struct iperf3_report *report) {
    const struct iperf3_printer printer = { .print = show };

    (void)printer;
    if (report->stream_count > 0) {
        show_bytes(report->streams[0].counts.bytes);
    }
    #if CALL_TEXT
    iperf3_report_text(&printer, report);
    #endif
    #if CALL_JSON
    iperf3_report_json(&printer, report);
    #endif
    #if CALL_ERRORS
    show(NULL, iperf3_strerror(report->error), 0);
    show(NULL, iperf3_server_error_text(report->server_error), 0);
    #endif
}

void program(iperf3_t **session, void *memory, struct iperf3_config *config, const ip_addr_t *host) {
    *config = iperf3_default_config;
    if (iperf3_init(session, memory, iperf3_memory_size(config->max_streams), config) != IPERF3_OK) {
        return;
    }
    #if CALL_CONNECT
    iperf3_connect(*session, host, IPERF3_DEFAULT_PORT);
    #else
    (void)host;
    #endif
    #if CALL_LISTEN
    iperf3_listen(*session, NULL, IPERF3_DEFAULT_PORT);
    iperf3_set_server_output(*session, "");
    #endif
    while (iperf3_running(*session) && iperf3_wait_us(*session) > 0) {
        const struct iperf3_report *report = iperf3_poll(*session);

        if (report != NULL) {
            tell(report);
        }
    }
    iperf3_stop(*session);
}
