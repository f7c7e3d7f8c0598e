// iperf3_json_write.c - JSON written a window at a time
// SPDX-License-Identifier: MIT

#include "iperf3_json_write.h"

#include <string.h>

#include "iperf3_decimal.h"

void iperf3_json_writer_init(
    struct iperf3_json_writer *writer, char *window, size_t capacity, size_t skip) {
    *writer = (struct iperf3_json_writer) {
        .window = window,
        .capacity = capacity,
        .skip = skip,
    };
}

size_t iperf3_json_written(const struct iperf3_json_writer *writer) {
    if (writer->length <= writer->skip) {
        return 0;
    }
    size_t size = writer->length - writer->skip;
    return size < writer->capacity ? size : writer->capacity;
}

static void put_char(struct iperf3_json_writer *writer, char c) {
    size_t at = writer->length++ - writer->skip; // before the window a huge number

    if (at < writer->capacity) {
        writer->window[at] = c;
    }
    if (at + 1 == writer->capacity && writer->when_full != NULL) {
        writer->when_full(writer);
        writer->skip = writer->length;
    }
}

static void put_text(struct iperf3_json_writer *writer, const char *text) {
    while (*text != '\0') {
        put_char(writer, *text++);
    }
}

static void put_escaped(struct iperf3_json_writer *writer, char c) {
    // Each character that has a short escape, then its letter.
    static const char escapes[] = "\"\"\\\\\bb\ff\nn\rr\tt";
    const char *escape = strchr(escapes, c);

    if (escape != NULL) {
        put_char(writer, '\\');
        put_char(writer, escape[1]);
    } else {
        put_text(writer, "\\u00");
        put_char(writer, (char)('0' + (c >> 4)));
        put_char(writer, "0123456789abcdef"[c & 0x0f]);
    }
}

static void put_string(struct iperf3_json_writer *writer, const char *text) {
    put_char(writer, '"');
    for (; *text != '\0'; text++) {
        if (*text == '"' || *text == '\\' || (unsigned char)*text < 0x20) {
            put_escaped(writer, *text);
        } else {
            put_char(writer, *text);
        }
    }
    put_char(writer, '"');
}

// Writes what stands before a value.
static void begin_value(struct iperf3_json_writer *writer, const char *key) {
    if (writer->comma) {
        put_char(writer, ',');
    }
    if (key != NULL) {
        put_string(writer, key);
        put_char(writer, ':');
    }
    writer->comma = true;
}

static void open_container(struct iperf3_json_writer *writer, const char *key, char bracket) {
    begin_value(writer, key);
    put_char(writer, bracket);
    writer->comma = false;
}

static void close_container(struct iperf3_json_writer *writer, char bracket) {
    put_char(writer, bracket);
    writer->comma = true;
}

void iperf3_json_open_object(struct iperf3_json_writer *writer, const char *key) {
    open_container(writer, key, '{');
}

void iperf3_json_close_object(struct iperf3_json_writer *writer) {
    close_container(writer, '}');
}

void iperf3_json_open_array(struct iperf3_json_writer *writer, const char *key) {
    open_container(writer, key, '[');
}

void iperf3_json_close_array(struct iperf3_json_writer *writer) {
    close_container(writer, ']');
}

void iperf3_json_integer(struct iperf3_json_writer *writer, const char *key, int64_t value) {
    iperf3_json_decimal(writer, key, value, 0);
}

void iperf3_json_decimal(
    struct iperf3_json_writer *writer, const char *key, int64_t value, unsigned decimals) {
    char text[IPERF3_DECIMAL_SIZE];

    iperf3_decimal_format(text, value, decimals);
    begin_value(writer, key);
    put_text(writer, text);
}

void iperf3_json_boolean(struct iperf3_json_writer *writer, const char *key, bool value) {
    begin_value(writer, key);
    put_text(writer, value ? "true" : "false");
}

void iperf3_json_string(struct iperf3_json_writer *writer, const char *key, const char *text) {
    begin_value(writer, key);
    put_string(writer, text);
}
