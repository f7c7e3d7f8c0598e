// iperf3_json_read.h - JSON read as it arrives, in constant memory
// SPDX-License-Identifier: MIT
//
// Bytes go in, however TCP cut them; tokens come out through a callback. No
// tree, no recursion, no buffer as long as the message: strings of any length
// come out in pieces. A message is one JSON object (RFC 8259).

#ifndef IPERF3_JSON_READ_H
#define IPERF3_JSON_READ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define IPERF3_JSON_MAX_DEPTH 16 // of nested objects and arrays; deeper is malformed
#define IPERF3_JSON_KEY_SIZE 32  // NUL included; longer keys are cut and then match nothing
#define IPERF3_JSON_TEXT_SIZE 64 // piece of a string; longest number

enum iperf3_json_type {
    JSON_OBJECT,     // opens
    JSON_OBJECT_END, // closes
    JSON_ARRAY,
    JSON_ARRAY_END,
    JSON_STRING, // a piece; `last` on the final one. Escapes are decoded to UTF-8
    JSON_NUMBER, // `text` as it stood in the message; read it with iperf3_decimal_parse()
    JSON_TRUE,
    JSON_FALSE,
    JSON_NULL,
};

struct iperf3_json_token {
    enum iperf3_json_type type;
    unsigned depth;   // containers it stands in: 0: the message's own object, 1: its members
    const char *key;  // NUL-terminated; "" for elements of arrays, at depth 0 and where one ends
    const char *text; // STRING, NUMBER: not terminated
    size_t size;      // of text; an empty string is one piece of 0
    bool last;        // STRING: no more pieces; of other types always true
};

// Called for each token. Returns false to refuse the message.
typedef bool (*iperf3_json_fn)(void *context, const struct iperf3_json_token *token);

enum iperf3_json_status {
    JSON_MORE, // well-formed so far
    JSON_DONE, // the object is closed; only white space may follow
    JSON_BAD,  // malformed, too deep, or refused by the callback; stays so
};

// Members are private.
struct iperf3_json_reader {
    iperf3_json_fn fn;
    void *context;
    uint8_t state;
    uint8_t depth;      // open containers
    uint16_t arrays;    // bit per open container: set for an array; the innermost is bit 0
    bool in_key;        // of the states within a string: it is a key
    uint8_t hex_digits; // of \uXXXX so far
    uint16_t hex;       // their value
    uint16_t surrogate; // first half of a pair that waits for the second, or 0
    uint8_t key_size;
    uint8_t text_size;
    char key[IPERF3_JSON_KEY_SIZE];
    char text[IPERF3_JSON_TEXT_SIZE];
};

void iperf3_json_reader_init(struct iperf3_json_reader *reader, iperf3_json_fn fn, void *context);

// Takes the next bytes of the message. After JSON_DONE further white space
// still gives JSON_DONE and anything else JSON_BAD.
enum iperf3_json_status iperf3_json_reader_feed(
    struct iperf3_json_reader *reader, const char *data, size_t size);

// Compares keys as iperf3's JSON library does: ASCII case does not matter.
bool iperf3_json_key_is(const struct iperf3_json_token *token, const char *key);

#endif // IPERF3_JSON_READ_H
