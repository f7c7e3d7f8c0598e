// iperf3_decimal.h - decimal numbers as scaled integers, without floating point
// SPDX-License-Identifier: MIT

#ifndef IPERF3_DECIMAL_H
#define IPERF3_DECIMAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// Room for any value, NUL included; for one without a sign.
#define IPERF3_FIXED_SIZE 22
#define IPERF3_DECIMAL_SIZE (1 + IPERF3_FIXED_SIZE)

// Reads a JSON number ("17", "-1", "2.001091", "1.4183909706771375e-05") as
// round(number * 10^decimals), halves away from zero. A number that does not
// fit saturates at INT64_MIN or INT64_MAX. False if text is not a JSON number;
// *value is then 0.
bool iperf3_decimal_parse(const char *text, size_t size, unsigned decimals, int64_t *value);

// Writes value * 10^-decimals (0..18) with all its decimals, NUL-terminated. Returns
// the length without the NUL. text: IPERF3_FIXED_SIZE bytes.
size_t iperf3_decimal_fixed(char *text, uint64_t value, unsigned decimals);

// The same, with a sign where there is one and without trailing zeroes.
size_t iperf3_decimal_format(
    char text[IPERF3_DECIMAL_SIZE], int64_t value, unsigned decimals);

#endif // IPERF3_DECIMAL_H
