// mphalport_qemu.c - the prompt's terminal, and time
// SPDX-License-Identifier: MIT

#include "board.h"

#include "py/mphal.h"
#include "py/ringbuf.h"
#include "py/runtime.h"
#include "py/stream.h"
#include "shared/runtime/interrupt_char.h"
#include "uart.h"

/// The terminal ///

static uint8_t input_bytes[256];
static ringbuf_t input = { input_bytes, sizeof(input_bytes) };

// As much as there is room for. The rest waits in the UART and before it: nothing
// that is pasted gets lost.
static void take_input(void) {
    int character;
    while (ringbuf_free(&input) > 0 && (character = board_uart_read()) >= 0) {
        if (character == mp_interrupt_char) {
            mp_sched_keyboard_interrupt();
        } else {
            ringbuf_put(&input, (uint8_t)character);
        }
    }
}

void board_on_uart(void) {
    board_uart_acknowledge();
    take_input();
    board_stir();
}

// The port's mp_hal_stdin_rx_chr() calls this until there is something.
int uart_rx_chr(void) {
    uint32_t state = board_disable_interrupts();
    int character = ringbuf_get(&input);
    take_input();
    board_enable_interrupts(state);
    if (character < 0) {
        mp_event_wait_indefinite();
    }
    return character;
}

void uart_tx_strn(const char *text, size_t size) {
    board_uart_write(text, size);
}

uintptr_t __wrap_mp_hal_stdio_poll(uintptr_t flags);
uintptr_t __wrap_mp_hal_stdio_poll(uintptr_t flags) {
    uintptr_t ready = flags & MP_STREAM_POLL_WR;
    if ((flags & MP_STREAM_POLL_RD) && ringbuf_peek(&input) >= 0) {
        ready |= MP_STREAM_POLL_RD;
    }
    return ready;
}

/// Time ///

mp_uint_t mp_hal_ticks_us(void) {
    return (mp_uint_t)board_us();
}

mp_uint_t mp_hal_ticks_ms(void) {
    return (mp_uint_t)(board_us() / 1000);
}

mp_uint_t mp_hal_ticks_cpu(void) {
    return mp_hal_ticks_us();
}

uint64_t mp_hal_time_ns(void) {
    return board_us() * 1000;
}

void mp_hal_delay_us(mp_uint_t us) {
    mp_uint_t start = mp_hal_ticks_us();
    while (mp_hal_ticks_us() - start < us) {
    }
}

void mp_hal_delay_ms(mp_uint_t ms) {
    mp_uint_t start = mp_hal_ticks_ms();
    do {
        mp_event_wait_ms(1);
    } while (mp_hal_ticks_ms() - start < ms);
}
