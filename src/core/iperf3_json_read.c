// iperf3_json_read.c - JSON read as it arrives, in constant memory
// SPDX-License-Identifier: MIT
//
// One function per state takes one byte and returns the next state. Strict as
// RFC 8259, except that bytes from 0x80 on are not checked to be UTF-8 and that
// half a surrogate pair becomes U+FFFD.

#include "iperf3_json_read.h"

#include <string.h>

#include "iperf3_decimal.h"

enum state {
    // Between tokens: white space may come.
    START,
    FIRST_KEY, // or the end of the object
    KEY,
    COLON,
    FIRST_ELEMENT, // or the end of the array
    VALUE,
    AFTER_VALUE,
    DONE,
    // Within a token.
    STRING,
    ESCAPE, // after the backslash
    HEX,    // after \u
    SCALAR, // a number, true, false or null
    BAD,
};

// A key with this in it equals no key that is looked for: no UTF-8 text has it.
#define NO_MATCH '\xff'

// Stands for half a surrogate pair.
#define REPLACEMENT 0xfffdu

static bool is_space(char c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static bool emit(struct iperf3_json_reader *reader, enum iperf3_json_type type, bool last) {
    struct iperf3_json_token token = {
        .type = type,
        .depth = reader->depth,
        .key = reader->key,
        .text = reader->text,
        .size = reader->text_size,
        .last = last,
    };

    reader->text_size = 0;
    return reader->fn(reader->context, &token);
}

static void clear_key(struct iperf3_json_reader *reader) {
    reader->key_size = 0;
    reader->key[0] = '\0';
}

static enum state open_container(struct iperf3_json_reader *reader, bool array) {
    if (reader->depth == IPERF3_JSON_MAX_DEPTH
        || !emit(reader, array ? JSON_ARRAY : JSON_OBJECT, true)) {
        return BAD;
    }
    reader->arrays = (uint16_t)(reader->arrays << 1 | array);
    reader->depth++;
    clear_key(reader);
    return array ? FIRST_ELEMENT : FIRST_KEY;
}

static enum state close_container(struct iperf3_json_reader *reader) {
    bool array = reader->arrays & 1;

    reader->arrays >>= 1;
    reader->depth--;
    clear_key(reader);
    if (!emit(reader, array ? JSON_ARRAY_END : JSON_OBJECT_END, true)) {
        return BAD;
    }
    return reader->depth > 0 ? AFTER_VALUE : DONE;
}

static enum state begin_key(struct iperf3_json_reader *reader, char c) {
    if (c != '"') {
        return BAD;
    }
    clear_key(reader);
    reader->in_key = true;
    return STRING;
}

static bool emit_scalar(struct iperf3_json_reader *reader) {
    static const char words[][6] = { "true", "false", "null" };
    int64_t ignored;

    for (unsigned i = 0; i < 3; i++) {
        size_t size = strlen(words[i]);

        if (reader->text_size == size && memcmp(reader->text, words[i], size) == 0) {
            return emit(reader, (enum iperf3_json_type)(JSON_TRUE + i), true);
        }
    }
    return iperf3_decimal_parse(reader->text, reader->text_size, 0, &ignored)
           && emit(reader, JSON_NUMBER, true);
}

static enum state after_value(struct iperf3_json_reader *reader, char c) {
    bool in_array = reader->arrays & 1;

    if (is_space(c)) {
        return AFTER_VALUE;
    }
    if (c == ',') {
        return in_array ? VALUE : KEY;
    }
    return c == (in_array ? ']' : '}') ? close_container(reader) : BAD;
}

// A number or a word. Checked when it is complete.
static enum state scalar(struct iperf3_json_reader *reader, char c) {
    if (is_space(c) || c == ',' || c == ']' || c == '}') {
        return emit_scalar(reader) ? after_value(reader, c) : BAD;
    }
    if (reader->text_size == IPERF3_JSON_TEXT_SIZE) {
        return BAD;
    }
    reader->text[reader->text_size++] = c;
    return SCALAR;
}

static enum state begin_value(struct iperf3_json_reader *reader, char c) {
    if (c == '{' || c == '[') {
        return open_container(reader, c == '[');
    }
    if (c == '"') {
        reader->in_key = false;
        return STRING;
    }
    return scalar(reader, c);
}

// Adds a byte to the key or to the piece of the string. False if the string is refused.
static bool put_byte(struct iperf3_json_reader *reader, char c) {
    if (!reader->in_key) {
        if (reader->text_size == IPERF3_JSON_TEXT_SIZE && !emit(reader, JSON_STRING, false)) {
            return false;
        }
        reader->text[reader->text_size++] = c;
        return true;
    }
    if (reader->key_size == IPERF3_JSON_KEY_SIZE - 1) {
        reader->key[IPERF3_JSON_KEY_SIZE - 2] = NO_MATCH;
        return true;
    }
    reader->key[reader->key_size++] = c == '\0' ? NO_MATCH : c;
    reader->key[reader->key_size] = '\0';
    return true;
}

static bool put_code_point(struct iperf3_json_reader *reader, uint32_t code_point) {
    static const uint8_t leads[] = { 0x00, 0xc0, 0xe0, 0xf0 };
    unsigned more = code_point < 0x80 ? 0 : code_point < 0x800 ? 1 : code_point < 0x10000 ? 2 : 3;
    bool accepted = put_byte(reader, (char)(leads[more] | code_point >> (6 * more)));

    while (more-- > 0 && accepted) {
        accepted = put_byte(reader, (char)(0x80 | (code_point >> (6 * more) & 0x3f)));
    }
    return accepted;
}

// The second half of a pair did not come.
static bool drop_surrogate(struct iperf3_json_reader *reader) {
    if (reader->surrogate == 0) {
        return true;
    }
    reader->surrogate = 0;
    return put_code_point(reader, REPLACEMENT);
}

static bool put_utf16(struct iperf3_json_reader *reader, uint16_t unit) {
    bool second_half = (unit & 0xfc00) == 0xdc00;

    if (second_half && reader->surrogate != 0) {
        uint32_t high = reader->surrogate & 0x3ff;

        reader->surrogate = 0;
        return put_code_point(reader, 0x10000 + (high << 10) + (unit & 0x3ff));
    }
    if (!drop_surrogate(reader)) {
        return false;
    }
    if ((unit & 0xfc00) == 0xd800) {
        reader->surrogate = unit;
        return true;
    }
    return put_code_point(reader, second_half ? REPLACEMENT : unit);
}

static enum state end_string(struct iperf3_json_reader *reader) {
    if (reader->in_key) {
        return COLON;
    }
    return emit(reader, JSON_STRING, true) ? AFTER_VALUE : BAD;
}

static enum state string(struct iperf3_json_reader *reader, char c) {
    if (c == '\\') {
        return ESCAPE;
    }
    if (!drop_surrogate(reader) || (unsigned char)c < 0x20) {
        return BAD;
    }
    if (c == '"') {
        return end_string(reader);
    }
    return put_byte(reader, c) ? STRING : BAD;
}

static enum state escape(struct iperf3_json_reader *reader, char c) {
    // Letters, each with what it stands for.
    static const char escapes[] = "\"\"\\\\//b\bf\fn\nr\rt\t";

    if (c == 'u') {
        reader->hex_digits = 0;
        return HEX;
    }
    for (const char *at = escapes; *at != '\0'; at += 2) {
        if (*at == c) {
            return drop_surrogate(reader) && put_byte(reader, at[1]) ? STRING : BAD;
        }
    }
    return BAD;
}

static enum state hex(struct iperf3_json_reader *reader, char c) {
    static const char digits[] = "0123456789abcdefABCDEF";
    const char *digit = memchr(digits, c, sizeof(digits) - 1);

    if (digit == NULL) {
        return BAD;
    }
    int nibble = (int)(digit - digits);
    nibble -= nibble > 15 ? 6 : 0;
    reader->hex = (uint16_t)(reader->hex << 4 | nibble);
    if (++reader->hex_digits < 4) {
        return HEX;
    }
    return put_utf16(reader, reader->hex) ? STRING : BAD;
}

static enum state next_state(struct iperf3_json_reader *reader, char c) {
    enum state state = (enum state)reader->state;

    if (state <= DONE && is_space(c)) {
        return state;
    }
    switch (state) {
        case START:
            return c == '{' ? open_container(reader, false) : BAD;
        case FIRST_KEY:
            return c == '}' ? close_container(reader) : begin_key(reader, c);
        case KEY:
            return begin_key(reader, c);
        case COLON:
            return c == ':' ? VALUE : BAD;
        case FIRST_ELEMENT:
            return c == ']' ? close_container(reader) : begin_value(reader, c);
        case VALUE:
            return begin_value(reader, c);
        case AFTER_VALUE:
            return after_value(reader, c);
        case STRING:
            return string(reader, c);
        case ESCAPE:
            return escape(reader, c);
        case HEX:
            return hex(reader, c);
        case SCALAR:
            return scalar(reader, c);
        case DONE:
        case BAD:
            break;
    }
    return BAD;
}

void iperf3_json_reader_init(struct iperf3_json_reader *reader, iperf3_json_fn fn, void *context) {
    *reader = (struct iperf3_json_reader) { .fn = fn, .context = context, .state = START };
}

enum iperf3_json_status iperf3_json_reader_feed(
    struct iperf3_json_reader *reader, const char *data, size_t size) {
    for (size_t i = 0; i < size && reader->state != BAD; i++) {
        reader->state = (uint8_t)next_state(reader, data[i]);
    }
    if (reader->state == BAD) {
        return JSON_BAD;
    }
    return reader->state == DONE ? JSON_DONE : JSON_MORE;
}

static char to_lower(char c) {
    return c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c;
}

bool iperf3_json_key_is(const struct iperf3_json_token *token, const char *key) {
    const char *at = token->key;

    while (*at != '\0' && to_lower(*at) == to_lower(*key)) {
        at++;
        key++;
    }
    return *at == *key;
}
