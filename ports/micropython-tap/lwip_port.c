// lwip_port.c - lwIP inside MicroPython's unix port: its lock and service
// SPDX-License-Identifier: MIT

#include <poll.h>
#include <unistd.h>

#include "py/gc.h"
#include "py/mphal.h"
#include "py/runtime.h"
#include "lwip_host.h"
#include "network_tap.h"
#include "lwip/init.h"
#include "lwip/timeouts.h"

#define LONGEST_WAIT_MS (10) // lwIP's timers and Ctrl-C need no more haste

unsigned int lwip_port_lock_depth;
static bool polling;
static bool found_work;

#ifdef __SANITIZE_ADDRESS__
const char *__asan_default_options(void);
const char *__asan_default_options(void) {
    // the collector must find the real stack
    return "detect_stack_use_after_return=0";
}
#endif

void lwip_port_check_lock(const char *function, int line) {
    if (lwip_port_lock_depth == 0 && !polling) {
        lwip_host_fatal("called without its lock", function, line);
    }
}

void lwip_port_init(void) {
    MICROPY_PY_LWIP_ENTER
    lwip_init();
    MICROPY_PY_LWIP_EXIT
}

void lwip_port_deinit(void) {
    // as at a board's soft reset: finalisers close what the program left open
    gc_sweep_all();
    MICROPY_PY_LWIP_ENTER
    tap_netif_close(&network_tap);
    MICROPY_PY_LWIP_EXIT
}

void lwip_port_poll(void) {
    if (polling || lwip_port_lock_depth != 0) {
        return;
    }
    polling = true;
    if (tap_netif_receive(&network_tap) > 0) {
        found_work = true;
    }
    sys_check_timeouts();
    polling = false;
}

// Waits for a frame, or for input where stdin is a file descriptor (-1: none).
static void wait_for_input(int stdin_fd, int timeout_ms) {
    struct pollfd fds[] = {
        { .fd = network_tap.fd, .events = POLLIN }, // poll() ignores a negative fd
        { .fd = stdin_fd, .events = POLLIN },
    };
    poll(fds, MP_ARRAY_SIZE(fds), timeout_ms);
}

void lwip_port_wait(int timeout_ms) {
    if (found_work) {
        found_work = false;
        return;
    }
    if (timeout_ms < 0 || timeout_ms > LONGEST_WAIT_MS) {
        timeout_ms = LONGEST_WAIT_MS;
    }
    wait_for_input(-1, timeout_ms);
}

// The linker puts this before the unix port's blocking read (--wrap), so that
// lwIP lives on while the prompt waits.
int __real_mp_hal_stdin_rx_chr(void);
int __wrap_mp_hal_stdin_rx_chr(void);
int __wrap_mp_hal_stdin_rx_chr(void) {
    struct pollfd input = { .fd = STDIN_FILENO, .events = POLLIN };
    while (poll(&input, 1, 0) == 0) {
        mp_event_handle_nowait();
        wait_for_input(STDIN_FILENO, LONGEST_WAIT_MS);
    }
    return __real_mp_hal_stdin_rx_chr();
}
