// iperf3_decimal.h - decimal numbers as scaled integers, without floating point
// SPDX-License-Identifier: MIT

#ifndef IPERF3_DECIMAL_H
#define IPERF3_DECIMAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// Room for any value of iperf3_decimal_format, NUL included.
#define IPERF3_DECIMAL_SIZE 32

// Reads a JSON number ("17", "-1", "2.001091", "1.4183909706771375e-05") as
// round(number * 10^decimals), halves away from zero. A number that does not
// fit saturates at INT64_MIN or INT64_MAX. False if text is not a JSON number;
// *value is then 0.
bool iperf3_decimal_parse(const char *text, size_t size, unsigned decimals, int64_t *value);

// Writes value * 10^-decimals (0..18) without trailing zeroes, NUL-terminated.
// Returns the length without the NUL.
size_t iperf3_decimal_format(
    char text[IPERF3_DECIMAL_SIZE], int64_t value, unsigned decimals);

#endif // IPERF3_DECIMAL_H
