// iperf3_units.h - numbers as the iperf3 program writes them
// SPDX-License-Identifier: MIT
//
// iperf3 formats doubles with printf. These give the same characters from
// integers: the exact quotient is rounded half to even, and a decimal tie that
// no double can hold (1.15) the way its nearest double lies.

#ifndef IPERF3_UNITS_H
#define IPERF3_UNITS_H

#include <stdint.h>

// Room for "[  5] local HOST port 65535 connected to HOST port 65535".
#define IPERF3_LINE_SIZE 143

// numerator * 10^decimals / denominator as printf rounds it; denominator > 0.
uint64_t iperf3_rounded(uint64_t numerator, uint64_t denominator, unsigned decimals);

// A line being put together, without its end. What does not fit is left out.
struct iperf3_line {
    unsigned length;
    char text[IPERF3_LINE_SIZE + 1]; // the last one is for the line's end
};

void iperf3_line_text(struct iperf3_line *line, const char *text);
void iperf3_line_repeat(struct iperf3_line *line, const char *text, unsigned count);
void iperf3_line_spaces(struct iperf3_line *line, unsigned count);

// %*llu
void iperf3_line_integer(struct iperf3_line *line, uint64_t value, unsigned width);

// %*.*f of numerator / denominator; denominator > 0, decimals 0..3.
void iperf3_line_fixed(
    struct iperf3_line *line,
    uint64_t numerator,
    uint32_t denominator,
    unsigned decimals,
    unsigned width);

// "1.12 MBytes", " 895 KBytes": powers of 1024, the number 4 wide.
void iperf3_line_bytes(struct iperf3_line *line, uint64_t bytes);

// "9.41 Gbits/sec": powers of 1000. Nothing is lost up to 2^60 bytes and 500
// years; in 0 us the rate is 0.
void iperf3_line_rate(struct iperf3_line *line, uint64_t bytes, uint64_t us);

// %.2g of 100 * part / whole: "33", "2.3", "0.012", "2e-06", "1e+02"; of nothing
// it is "0".
void iperf3_line_percent(struct iperf3_line *line, uint64_t part, uint64_t whole);

#endif // IPERF3_UNITS_H
