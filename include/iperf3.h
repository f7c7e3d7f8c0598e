// iperf3.h - iperf3 client and server for lwIP's raw API
// SPDX-License-Identifier: MIT
//
// A session is one client test, or one listening server that serves one test
// after another. The caller owns its memory and supplies the clock; the engine
// never allocates, prints, blocks or keeps a global.
//
// Where to call from: every function that takes a session runs where lwIP runs.
// With NO_SYS that is the main loop; with an RTOS the tcpip thread or any thread
// between LOCK_TCPIP_CORE and UNLOCK_TCPIP_CORE; in MicroPython between
// MICROPY_PY_LWIP_ENTER and MICROPY_PY_LWIP_EXIT. Each asserts it
// (LWIP_ASSERT_CORE_LOCKED). lwIP may run its callbacks in an interrupt: the
// engine counts and sends there, and does everything else in iperf3_poll().
//
//     config = iperf3_default_config;
//     config.now_us = board_now_us;
//     config.random = board_random;
//     iperf3_init(&session, memory, sizeof(memory), &config);
//     iperf3_connect(session, &server_address, IPERF3_DEFAULT_PORT);
//     while (iperf3_running(session)) {
//         const struct iperf3_report *report = iperf3_poll(session);
//         if (report != NULL) {
//             iperf3_report_text(&printer, report);
//         } else {
//             board_wait_for_network(iperf3_wait_us(session));
//         }
//     }

#ifndef IPERF3_H
#define IPERF3_H

#include <stddef.h>
#include <stdint.h>

#include "iperf3_opts.h"
#include "iperf3_report.h"
#include "iperf3_test.h"
#include "lwip/ip_addr.h"

#ifdef __cplusplus
extern "C" {
#endif

/// Configuration ///

// Start from iperf3_default_config, then change what matters. A member added in
// a later version gets its default there, so existing callers keep working.
struct iperf3_config {
    uint32_t (*now_us)(void); // required: microseconds, all 32 bits, may wrap; may be called from lwIP's callbacks
    uint32_t (*random)(void); // required: unpredictable, it guards the data connections
    // May be NULL. Called from lwIP's callbacks when a client or a control message has
    // come that iperf3_poll() should look at: to end a sleep early.
    void (*wake)(void *context);
    void *context; // of wake
    const void *payload;      // what is sent, without copying; constant while a test runs: a server may
                              //   still change it when IPERF3_ACCEPTED is reported (repeating_payload)
    size_t payload_size;      // bytes, at least 1; sent over and over where a block is longer
    uint16_t max_streams;     // both directions together, 1..256; decides the session's memory
    uint32_t interval_ms;     // between IPERF3_INTERVAL reports, 100..60000; 0: one, at the end
    uint32_t receive_timeout_ms; // fail when nothing was received for so long (--rcv-timeout), at least 100
    uint32_t connect_timeout_ms; // client: for the control connection
    ip_addr_t local;          // client: address of all its connections (-B); 0.0.0.0: as lwIP routes
    uint16_t local_port;      // client: of the first stream, the others count on (--cport); 0: any
    uint32_t max_duration_s;  // server: refuse longer tests; 0: any
    uint64_t max_bits_per_s;  // server: refuse faster tests, of all streams together, and end a test
                              //   that is faster (--server-bitrate-limit); 0: any
    uint32_t rate_window_s;   // server: on the mean of so many seconds
    char *text;               // server: room for the client's title and extra data; NULL: not kept
    size_t text_size;         //   bytes, both NULs included
    uint32_t idle_timeout_s;  // server: end when no client came for so long (--idle-timeout); 0: never
    bool one_off;             // server: stop after one test (iperf3 -1)
    struct iperf3_test test;  // client: what to ask for
};

// iperf3's defaults: 10 s of TCP over one stream, blocks of 128 KiB, a report
// every second, 120 s without data, a mean rate over 5 s. now_us, random and payload
// are left to the caller.
extern const struct iperf3_config iperf3_default_config;

/// Sessions ///

// Lives in the caller's memory, which must stay where it is while it runs.
typedef struct iperf3 iperf3_t;

// Bytes of memory that a session with so many streams needs.
size_t iperf3_memory_size(unsigned max_streams);

// Makes a session in memory, which must be aligned for a uint64_t. The
// configuration is copied. IPERF3_ERR_ARGUMENT, IPERF3_ERR_MEMORY.
enum iperf3_error iperf3_init(
    iperf3_t **session, void *memory, size_t size, const struct iperf3_config *config);

// Starts a test against a server. The outcome is reported once, as
// IPERF3_FINISHED or IPERF3_FAILED; after that report the session no longer
// runs and may be started again. IPERF3_ERR_STATE, IPERF3_ERR_NO_MEMORY,
// IPERF3_ERR_UNREACHABLE (no route, or config.local is no address of this host).
enum iperf3_error iperf3_connect(iperf3_t *session, const ip_addr_t *server, uint16_t port);

// Serves tests, one at a time, until iperf3_stop(). local may be NULL: any
// address. IPERF3_ERR_STATE, IPERF3_ERR_NO_MEMORY, IPERF3_ERR_ADDRESS_IN_USE.
enum iperf3_error iperf3_listen(iperf3_t *session, const ip_addr_t *local, uint16_t port);

// Does what is due: control messages, intervals, time limits. Returns the next
// report, or NULL when there is nothing to tell. Call it again at once after a
// report, else when data came in or after iperf3_wait_us().
const struct iperf3_report *iperf3_poll(iperf3_t *session);

// Microseconds until iperf3_poll() has something to do by the clock. With config.wake
// UINT32_MAX where nothing but a client can bring it something to do.
uint32_t iperf3_wait_us(const iperf3_t *session);

// Whether the session still has something to do or to report.
bool iperf3_running(const iperf3_t *session);

// Ends whatever runs and tells the peer. A running test is reported by the next
// iperf3_poll() as IPERF3_FAILED with IPERF3_ERR_STOPPED and this side's totals.
// lwIP holds nothing of the session, its memory or its payload any more.
void iperf3_stop(iperf3_t *session);

// Server: gives a client that asked for it (report.test.get_server_output) the text
// that was printed about its test, NUL-terminated. To be called when a report was
// printed, IPERF3_MEASURED at the latest; text must stay as it is until the next
// call or the end of the test.
void iperf3_set_server_output(iperf3_t *session, const char *text);

#ifdef __cplusplus
}
#endif

#endif // IPERF3_H
