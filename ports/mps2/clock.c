// clock.c - microseconds, from the FPGA's cycle counter
// SPDX-License-Identifier: MIT
//
// The SysTick interrupt may come late, and several as one, when the emulator's
// machine is busy; this counter is right whenever it is read.

#include "board.h"

#define COUNTER BOARD_REGISTER(BOARD_FPGAIO + 0x18) // counts up, all 32 bits
#define PRESCALE BOARD_REGISTER(BOARD_FPGAIO + 0x1c)

void board_start_clock(void) {
    PRESCALE = BOARD_FPGAIO_HZ / 1000000 - 1;
}

// The counter wraps after 71 minutes.
uint64_t board_us(void) {
    static uint64_t total;
    static uint32_t last;
    uint32_t state = board_disable_interrupts();
    uint32_t now = COUNTER;
    total += now - last;
    last = now;
    uint64_t us = total;
    board_enable_interrupts(state);
    return us;
}
