// iperf3_json_write.h - JSON written a window at a time
// SPDX-License-Identifier: MIT
//
// A message may be longer than any buffer at hand. So the function that writes
// it is simply run again for every piece: the writer counts all that it is
// given and keeps only the window [skip, skip + capacity). Run once with a
// capacity of 0 it gives the length. What is written must not change between
// the runs of one message. A writer that may call somebody whenever the window is
// full (when_full) needs only one run.

#ifndef IPERF3_JSON_WRITE_H
#define IPERF3_JSON_WRITE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct iperf3_json_writer {
    char *window;
    size_t capacity; // of window
    size_t skip;     // bytes of the message before the window
    size_t length;   // of the message so far
    bool comma;      // the next value needs one before it
    void (*when_full)(struct iperf3_json_writer *writer); // takes the window; NULL after init
};

void iperf3_json_writer_init(
    struct iperf3_json_writer *writer, char *window, size_t capacity, size_t skip);

// Bytes of the message that lie in the window.
size_t iperf3_json_written(const struct iperf3_json_writer *writer);

// In an array and for the outermost object the key is NULL.
void iperf3_json_open_object(struct iperf3_json_writer *writer, const char *key);
void iperf3_json_close_object(struct iperf3_json_writer *writer);
void iperf3_json_open_array(struct iperf3_json_writer *writer, const char *key);
void iperf3_json_close_array(struct iperf3_json_writer *writer);

void iperf3_json_integer(struct iperf3_json_writer *writer, const char *key, int64_t value);
// value * 10^-decimals, with trailing zeroes left out: 2001091, 6 gives 2.001091
// and 2000000, 6 gives 2.
void iperf3_json_decimal(
    struct iperf3_json_writer *writer, const char *key, int64_t value, unsigned decimals);
void iperf3_json_boolean(struct iperf3_json_writer *writer, const char *key, bool value);
// Escapes what JSON wants escaped; other bytes are taken for UTF-8.
void iperf3_json_string(struct iperf3_json_writer *writer, const char *key, const char *text);

#endif // IPERF3_JSON_WRITE_H
