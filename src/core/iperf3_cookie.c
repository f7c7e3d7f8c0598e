// iperf3_cookie.c - the 36 characters that name a test
// SPDX-License-Identifier: MIT

#include "iperf3_cookie.h"

// Each character takes five random bits, each random number gives six of them.
#define BITS_PER_CHARACTER 5
#define CHARACTERS_PER_NUMBER 6

void iperf3_cookie_make(uint8_t cookie[IPERF3_COOKIE_SIZE], uint32_t (*random)(void)) {
    static const char alphabet[] = "abcdefghijklmnopqrstuvwxyz234567";
    uint8_t *end = cookie + IPERF3_COOKIE_SIZE - 1;

    while (cookie < end) {
        uint32_t bits = random();

        for (unsigned i = 0; i < CHARACTERS_PER_NUMBER; i++) {
            *cookie++ = (uint8_t)alphabet[bits & 0x1f];
            bits >>= BITS_PER_CHARACTER;
        }
    }
    *end = '\0';
}

void iperf3_cookie_check_init(struct iperf3_cookie_check *check) {
    *check = (struct iperf3_cookie_check) { .taken = 0 };
}

size_t iperf3_cookie_check_feed(struct iperf3_cookie_check *check,
    const uint8_t cookie[IPERF3_COOKIE_SIZE], const uint8_t *data, size_t size) {
    size_t used = 0;

    while (used < size && !iperf3_cookie_check_done(check)) {
        uint8_t expected = cookie[check->taken++];

        if (data[used++] != expected && !check->ended) {
            check->differs = true;
        }
        check->ended = check->ended || expected == '\0';
    }
    return used;
}
