// main.c - an iperf3 server on a board, with lwIP in the main loop and no more
// SPDX-License-Identifier: MIT
//
// To be copied from. What is the board's own begins with board_ and lan9118_.

#include <string.h>

#include "board.h"
#include "iperf3.h"
#include "lan9118.h"
#include "lwip/dhcp.h"
#include "lwip/init.h"
#include "lwip/timeouts.h"
#include "netif/ethernet.h"

#define STREAMS 8 // both directions together
#define FRAMES_AT_ONCE 16

static uint64_t memory[(1280 + 256 * STREAMS) / sizeof(uint64_t)];
static uint8_t noise[16384]; // also the longest datagram that a client may ask for
static struct netif netif;

/// What lwIP and the engine ask for ///

u32_t sys_now(void) {
    return (u32_t)(board_us() / 1000);
}

static uint32_t now_us(void) {
    return (uint32_t)board_us();
}

/// Text ///

// The UART's terminal wants "\r\n".
static void print(void *context, const char *text, size_t size) {
    (void)context;
    for (; size > 0; ++text, --size) {
        if (*text == '\n') {
            board_uart_write("\r", 1);
        }
        board_uart_write(text, 1);
    }
}

static void print_line(const char *text, const char *more) {
    print(NULL, text, strlen(text));
    print(NULL, more, strlen(more));
    print(NULL, "\n", 1);
}

static void print_report(const struct iperf3_report *report) {
    const struct iperf3_printer printer = { .print = print };
    iperf3_report_text(&printer, report);
    if (report->type == IPERF3_FAILED && report->server_error != 0) {
        print_line("iperf3: error - ", iperf3_server_error_text(report->server_error));
    } else if (report->type == IPERF3_FAILED) {
        print_line("iperf3: error - ", iperf3_strerror(report->error));
    }
}

/// The network ///

static volatile bool frames_wait;

// From an interrupt. The controller is silent until the frames are fetched.
void board_on_ethernet(void) {
    lan9118_on_interrupt();
    board_stir();
    frames_wait = true;
}

static void check_cable(void *context) {
    lan9118_check_link(&netif);
    sys_timeout(500, check_cable, context);
}

static void on_address(struct netif *changed) {
    if (!ip4_addr_isany(netif_ip4_addr(changed))) {
        print_line("address ", ip4addr_ntoa(netif_ip4_addr(changed)));
    }
}

static void start_network(void) {
    lwip_init();
    if (!board_checksum_works() ||
        netif_add_noaddr(&netif, NULL, lan9118_init, ethernet_input) == NULL) {
        board_fail("no network", __FILE__, __LINE__);
    }
    netif_set_status_callback(&netif, on_address);
    netif_set_default(&netif);
    netif_set_up(&netif);
    check_cable(NULL);
    dhcp_start(&netif);
}

static void run_network(void) {
    if (frames_wait) {
        frames_wait = false;
        if (!lan9118_receive(&netif, FRAMES_AT_ONCE)) {
            frames_wait = true; // the others after the engine's turn
        }
    }
    sys_check_timeouts();
}

// Sleeps, a tick at most. With interrupts held off none comes between the question
// and the sleep, but one that comes ends the sleep all the same.
static void sleep(uint32_t longest_us) {
    uint32_t state = board_disable_interrupts();
    if (!frames_wait && longest_us >= 1000) {
        board_wait();
    }
    board_enable_interrupts(state);
}

/// The server ///

static iperf3_t *make_session(void) {
    struct iperf3_config config = iperf3_default_config;
    iperf3_t *session;
    for (size_t i = 0; i < sizeof(noise); ++i) {
        noise[i] = (uint8_t)board_random();
    }
    config.now_us = now_us;
    config.random = board_random;
    config.payload = noise;
    config.payload_size = sizeof(noise);
    config.max_streams = STREAMS;
    if (iperf3_init(&session, memory, sizeof(memory), &config) != IPERF3_OK ||
        iperf3_listen(session, NULL, IPERF3_DEFAULT_PORT) != IPERF3_OK) {
        board_fail("no server", __FILE__, __LINE__);
    }
    return session;
}

int main(void) {
    start_network();
    iperf3_t *session = make_session();
    for (;;) {
        const struct iperf3_report *report = iperf3_poll(session);
        if (report != NULL) {
            print_report(report);
        } else {
            sleep(iperf3_wait_us(session));
        }
        run_network();
    }
}
