// fuzz_json_read.c - no bytes from the network confuse the reader
// SPDX-License-Identifier: MIT
//
// The first byte says how the rest is cut: into pieces of that many bytes, 0
// for pieces of all sizes in turn. The tokens and the status must be those of
// the uncut message.

#include <stdlib.h>
#include <string.h>

#include "iperf3_decimal.h"
#include "iperf3_json_read.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define CHECK(condition) \
    do { \
        if (!(condition)) { \
            abort(); \
        } \
    } while (0)

struct watch {
    unsigned depth; // containers open
    bool arrays[IPERF3_JSON_MAX_DEPTH + 1];
    bool in_string; // more pieces to come
    bool refused;
    uint32_t hash; // of all tokens
};

static void hash_bytes(struct watch *watch, const void *data, size_t size) {
    const uint8_t *bytes = data;

    for (size_t i = 0; i < size; i++) {
        watch->hash = (watch->hash ^ bytes[i]) * 16777619;
    }
}

static void check_scalar(struct watch *watch, const struct iperf3_json_token *token) {
    int64_t value;

    CHECK(token->depth == watch->depth && token->depth > 0);
    CHECK((token->type == JSON_STRING) >= watch->in_string);
    if (token->type == JSON_STRING) {
        CHECK(token->size <= IPERF3_JSON_TEXT_SIZE);
        CHECK(token->last || token->size == IPERF3_JSON_TEXT_SIZE);
        watch->in_string = !token->last;
    }
    if (token->type == JSON_NUMBER) {
        CHECK(token->size > 0 && token->size <= IPERF3_JSON_TEXT_SIZE);
        CHECK(iperf3_decimal_parse(token->text, token->size, 6, &value));
    }
}

static void check_token(struct watch *watch, const struct iperf3_json_token *token) {
    bool array = token->type == JSON_ARRAY || token->type == JSON_ARRAY_END;

    switch (token->type) {
        case JSON_OBJECT:
        case JSON_ARRAY:
            CHECK(token->depth == watch->depth && token->depth < IPERF3_JSON_MAX_DEPTH);
            watch->arrays[++watch->depth] = array;
            break;
        case JSON_OBJECT_END:
        case JSON_ARRAY_END:
            CHECK(watch->depth > 0 && watch->arrays[watch->depth] == array);
            CHECK(token->depth == --watch->depth && token->key[0] == '\0');
            break;
        case JSON_STRING:
        case JSON_NUMBER:
        case JSON_TRUE:
        case JSON_FALSE:
        case JSON_NULL:
            check_scalar(watch, token);
            break;
    }
}

static bool on_token(void *context, const struct iperf3_json_token *token) {
    struct watch *watch = context;
    size_t key_size = strlen(token->key);

    CHECK(!watch->refused);
    CHECK(key_size < IPERF3_JSON_KEY_SIZE);
    CHECK(iperf3_json_key_is(token, token->key));
    check_token(watch, token);
    if (watch->depth > 0 && watch->arrays[watch->depth] && token->depth == watch->depth) {
        CHECK(key_size == 0);
    }
    hash_bytes(watch, &token->type, sizeof(token->type));
    hash_bytes(watch, &token->last, sizeof(token->last));
    hash_bytes(watch, token->key, key_size + 1);
    if (token->type == JSON_STRING || token->type == JSON_NUMBER) {
        hash_bytes(watch, token->text, token->size);
    }
    // Now and then, so that refusals are met in all places.
    watch->refused = watch->hash % 256 == 0;
    return !watch->refused;
}

static enum iperf3_json_status read_pieces(
    struct watch *watch, const uint8_t *data, size_t size, size_t cut) {
    struct iperf3_json_reader *reader = malloc(sizeof(*reader)); // so that ASan guards it
    enum iperf3_json_status status = JSON_MORE;
    size_t turn = 0;

    CHECK(reader != NULL);
    iperf3_json_reader_init(reader, on_token, watch);
    while (size > 0) {
        size_t piece = cut > 0 ? cut : ++turn % 7;
        char *copy;

        piece = piece < size ? piece : size;
        copy = malloc(piece > 0 ? piece : 1);
        CHECK(copy != NULL);
        memcpy(copy, data, piece);
        enum iperf3_json_status next = iperf3_json_reader_feed(reader, copy, piece);
        CHECK(next >= status);
        status = next;
        free(copy);
        data += piece;
        size -= piece;
    }
    free(reader);
    return status;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct watch whole = { 0 };
    struct watch pieces = { 0 };

    if (size < 2) {
        return 0;
    }
    enum iperf3_json_status status = read_pieces(&whole, data + 1, size - 1, size);
    CHECK(read_pieces(&pieces, data + 1, size - 1, data[0]) == status);
    CHECK(whole.hash == pieces.hash && whole.depth == pieces.depth);
    CHECK(status != JSON_DONE || (whole.depth == 0 && !whole.in_string));
    return 0;
}
