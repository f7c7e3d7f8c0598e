// iperf3_decimal.c - decimal numbers as scaled integers, without floating point
// SPDX-License-Identifier: MIT
//
// Exact: every digit of the number takes part, only the result is rounded.

#include "iperf3_decimal.h"

#include <string.h>

// Magnitudes stop here: INT64_MIN's, one more than INT64_MAX.
#define MAGNITUDE_MAX ((uint64_t)1 << 63)

// Exponents stop here, far beyond what 64 bits can tell apart.
#define EXPONENT_MAX 100000000

static bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

static size_t count_digits(const char *at, const char *end) {
    size_t count = 0;

    while (at + count < end && is_digit(at[count])) {
        count++;
    }
    return count;
}

// Reads what may follow the digits: nothing, or an exponent up to the end.
static bool parse_exponent(const char *at, const char *end, int32_t *exponent) {
    bool negative = false;

    *exponent = 0;
    if (at == end) {
        return true;
    }
    if (*at != 'e' && *at != 'E') {
        return false;
    }
    at++;
    if (at < end && (*at == '+' || *at == '-')) {
        negative = *at++ == '-';
    }
    if (at == end) {
        return false;
    }
    for (; at < end; at++) {
        if (!is_digit(*at)) {
            return false;
        }
        if (*exponent < EXPONENT_MAX) {
            *exponent = *exponent * 10 + (*at - '0');
        }
    }
    if (negative) {
        *exponent = -*exponent;
    }
    return true;
}

// Behind the last digit there are zeroes.
static unsigned next_digit(const char **at, const char *end) {
    if (*at == end) {
        return 0;
    }
    *at += **at == '.';
    return (unsigned)(*(*at)++ - '0');
}

// The number that the first so many digits make, rounded by the next one.
static uint64_t first_digits(const char *at, const char *end, int32_t wanted) {
    uint64_t magnitude = 0;

    // GCC 12.2 with -mcpu=cortex-m55 -Os takes a loop's counter for 0 behind it.
    if (wanted < 0) {
        return 0;
    }
    for (; wanted > 0 && (at < end || magnitude > 0); wanted--) {
        if (magnitude > MAGNITUDE_MAX / 10) {
            return MAGNITUDE_MAX;
        }
        magnitude = magnitude * 10 + next_digit(&at, end);
    }
    return magnitude + (wanted == 0 && next_digit(&at, end) >= 5);
}

static int64_t with_sign(uint64_t magnitude, bool negative) {
    if (magnitude >= MAGNITUDE_MAX) {
        return negative ? INT64_MIN : INT64_MAX;
    }
    return negative ? -(int64_t)magnitude : (int64_t)magnitude;
}

bool iperf3_decimal_parse(const char *text, size_t size, unsigned decimals, int64_t *value) {
    const char *end = text + size;
    bool negative = size > 0 && *text == '-';
    const char *digits = text + negative;
    size_t whole = count_digits(digits, end);
    const char *at = digits + whole;
    int32_t exponent;

    *value = 0;
    if (whole == 0 || (whole > 1 && *digits == '0')) {
        return false;
    }
    if (at < end && *at == '.') {
        size_t fraction = count_digits(at + 1, end);

        if (fraction == 0) {
            return false;
        }
        at += 1 + fraction;
    }
    if (!parse_exponent(at, end, &exponent)) {
        return false;
    }
    *value = with_sign(first_digits(digits, at, (int32_t)(whole + decimals) + exponent), negative);
    return true;
}

size_t iperf3_decimal_fixed(char *text, uint64_t value, unsigned decimals) {
    char *last = &text[IPERF3_FIXED_SIZE - 1];
    char *at = last;

    // Backwards, down to one digit before the point.
    *last = '\0';
    for (unsigned place = 0; value > 0 || place <= decimals; place++) {
        if (place == decimals && place > 0) {
            *--at = '.';
        }
        *--at = (char)('0' + value % 10);
        value /= 10;
    }
    memmove(text, at, (size_t)(last - at) + 1);
    return (size_t)(last - at);
}

size_t iperf3_decimal_format(char text[IPERF3_DECIMAL_SIZE], int64_t value, unsigned decimals) {
    uint64_t magnitude = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
    unsigned sign = value < 0;

    for (; decimals > 0 && magnitude % 10 == 0; decimals--) {
        magnitude /= 10;
    }
    text[0] = '-';
    return sign + iperf3_decimal_fixed(text + sign, magnitude, decimals);
}
