// iperf3_units.c - numbers as the iperf3 program writes them
// SPDX-License-Identifier: MIT

#include "iperf3_units.h"

#include <stdbool.h>

#include "iperf3_decimal.h"

#define BITS_OF_DOUBLE 53
#define LARGEST_UNIT 4 // of prefixes

void iperf3_line_text(struct iperf3_line *line, const char *text) {
    while (*text != '\0' && line->length < IPERF3_LINE_SIZE) {
        line->text[line->length++] = *text++;
    }
}

void iperf3_line_repeat(struct iperf3_line *line, const char *text, unsigned count) {
    while (count-- > 0) {
        iperf3_line_text(line, text);
    }
}

void iperf3_line_spaces(struct iperf3_line *line, unsigned count) {
    iperf3_line_repeat(line, " ", count);
}

// value / 10^decimals, right-aligned.
static void add_decimal(
    struct iperf3_line *line, uint64_t value, unsigned decimals, unsigned width) {
    char text[IPERF3_FIXED_SIZE];
    size_t length = iperf3_decimal_fixed(text, value, decimals);

    iperf3_line_spaces(line, width > length ? width - (unsigned)length : 0);
    iperf3_line_text(line, text);
}

void iperf3_line_integer(struct iperf3_line *line, uint64_t value, unsigned width) {
    add_decimal(line, value, 0, width);
}

// On which side of a fraction the double nearest to it lies: 1 above, -1 below,
// 0 on it. A binary long division, for as many digits as a double has.
static int side_of_double(uint64_t numerator, uint64_t denominator) {
    while (numerator < denominator) {
        numerator *= 2;
    }
    while (numerator / 2 >= denominator) {
        denominator *= 2;
    }
    for (unsigned bits = 0; bits < BITS_OF_DOUBLE; bits++) {
        if (numerator >= denominator) {
            numerator -= denominator;
        }
        numerator *= 2;
    }
    if (numerator == 0) {
        return 0;
    }
    return numerator > denominator ? 1 : -1;
}

uint64_t iperf3_rounded(uint64_t numerator, uint64_t denominator, unsigned decimals) {
    uint64_t quotient = numerator / denominator;
    uint64_t rest = numerator % denominator;
    uint64_t scale = 1;

    for (; decimals > 0; decimals--) {
        rest *= 10;
        quotient = quotient * 10 + rest / denominator;
        rest %= denominator;
        scale *= 10;
    }
    if (rest != denominator - rest) {
        return quotient + (rest > denominator - rest);
    }
    int side = side_of_double(2 * quotient + 1, scale); // of half of that
    return quotient + (side > 0 || (side == 0 && quotient % 2 == 1));
}

void iperf3_line_fixed(
    struct iperf3_line *line,
    uint64_t numerator,
    uint32_t denominator,
    unsigned decimals,
    unsigned width) {
    add_decimal(line, iperf3_rounded(numerator, denominator, decimals), decimals, width);
}

static const char prefixes[][3] = {" ", " K", " M", " G", " T"};

// Three digits, the text 4 wide, and the unit that is the first not to need
// more, `step` times the one before; numerator / denominator is in `unit`.
static void add_quotient(
    struct iperf3_line *line,
    uint64_t numerator,
    uint64_t denominator,
    unsigned unit,
    unsigned step) {
    unsigned decimals = 0;

    for (; unit < LARGEST_UNIT && numerator / step >= denominator; unit++) {
        denominator *= step;
    }
    if (numerator < 10 * denominator - denominator / 200) { // below 9.995
        decimals = 2;
    } else if (numerator < 100 * denominator - denominator / 20) { // below 99.95
        decimals = 1;
    }
    add_decimal(line, iperf3_rounded(numerator, denominator, decimals), decimals, 4);
    iperf3_line_text(line, prefixes[unit]);
}

void iperf3_line_bytes(struct iperf3_line *line, uint64_t bytes) {
    add_quotient(line, bytes, 1, 0, 1024);
    iperf3_line_text(line, "Bytes");
}

void iperf3_line_rate(struct iperf3_line *line, uint64_t bytes, uint64_t us) {
    uint64_t bits = us > 0 ? 8 * bytes : 0;
    unsigned unit = 2; // bits per microsecond are Mbits/sec

    us = us > 0 ? us : 1;
    for (; unit > 0 && bits < us; unit--) {
        bits *= 1000;
    }
    add_quotient(line, bits, us, unit, 1000);
    iperf3_line_text(line, "bits/sec");
}

void iperf3_line_percent(struct iperf3_line *line, uint64_t part, uint64_t whole) {
    int exponent = 1; // of the first of two digits

    while ((part | whole) >> 56 > 0) { // so that nothing below overflows
        part /= 2;
        whole /= 2;
    }
    if (part == 0 || whole == 0) {
        iperf3_line_text(line, "0");
        return;
    }
    for (uint64_t percent = 100 * part; percent < 10 * whole; percent *= 10) {
        exponent--;
    }
    for (; part >= whole; whole *= 10) {
        exponent++;
    }
    uint64_t digits =
        iperf3_rounded(100 * part, whole, exponent < 1 ? (unsigned)(1 - exponent) : 0);
    if (digits == 100) {
        digits = 10;
        exponent++;
    }
    bool scientific = exponent < -4 || exponent > 1;
    unsigned decimals = scientific ? 1 : (unsigned)(1 - exponent);
    while (digits % 10 == 0 && decimals > 0) {
        digits /= 10;
        decimals--;
    }
    add_decimal(line, digits, decimals, 0);
    if (scientific) {
        unsigned power = (unsigned)(exponent < 0 ? -exponent : exponent);

        iperf3_line_text(line, exponent < 0 ? "e-" : "e+");
        iperf3_line_text(line, power < 10 ? "0" : "");
        add_decimal(line, power, 0, 0);
    }
}
