// iperf3_cookie.h - the 36 characters that name a test
// SPDX-License-Identifier: MIT

#ifndef IPERF3_COOKIE_H
#define IPERF3_COOKIE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "iperf3_wire.h"

// Makes a cookie as iperf3 3.2 and later do: 36 characters out of a-z and 2-7,
// then a NUL. It is all that guards the data connections, so random must be
// hard to guess.
void iperf3_cookie_make(uint8_t cookie[IPERF3_COOKIE_SIZE], uint32_t (*random)(void));

// How far an arriving cookie has been compared with the one it should be.
// iperf3 compares up to the first NUL, at most 37 bytes; so do we. A cookie is
// whole after IPERF3_COOKIE_SIZE bytes.
struct iperf3_cookie_check {
    uint8_t taken;
    bool differs;
    bool ended; // the NUL has come; what follows does not count
};

void iperf3_cookie_check_init(struct iperf3_cookie_check *check);

// Compares the next bytes. Returns how many of them belong to the cookie.
size_t iperf3_cookie_check_feed(struct iperf3_cookie_check *check,
    const uint8_t cookie[IPERF3_COOKIE_SIZE], const uint8_t *data, size_t size);

static inline bool iperf3_cookie_check_done(const struct iperf3_cookie_check *check) {
    return check->taken == IPERF3_COOKIE_SIZE;
}

#endif // IPERF3_COOKIE_H
