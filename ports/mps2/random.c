// random.c - random numbers for a machine that has no generator
// SPDX-License-Identifier: MIT
//
// Chance comes from the moments of interrupts, in steps of 40 or 50 ns: of
// frames and of characters, and how long the start took. That is enough for
// sequence numbers, ports and cookies of tests; a real board has better.

#include "board.h"

#define COUNTER BOARD_REGISTER(BOARD_FPGAIO + 0x18)
#define CYCLES BOARD_REGISTER(BOARD_FPGAIO + 0x20) // until COUNTER's next step
#define SYSTICK_VALUE BOARD_REGISTER(0xe000e018)

static uint32_t pool;

// A bijection in which each bit depends on all bits: murmur3's finalizer.
static uint32_t mix(uint32_t x) {
    x ^= x >> 16;
    x *= 0x85ebca6b;
    x ^= x >> 13;
    x *= 0xc2b2ae35;
    x ^= x >> 16;
    return x;
}

void board_stir(void) {
    uint32_t state = board_disable_interrupts();
    pool = mix(pool + COUNTER + (CYCLES << 27)) + SYSTICK_VALUE;
    board_enable_interrupts(state);
}

uint32_t board_random(void) {
    board_stir();
    return mix(pool ^ 0x9e3779b9);
}
