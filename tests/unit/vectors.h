// vectors.h - what real iperf3 programs said, as tools/capture_vectors.py recorded it
// SPDX-License-Identifier: MIT

#ifndef VECTORS_H
#define VECTORS_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "iperf3_wire.h"

#ifndef VECTORS_DIR
    #error "VECTORS_DIR must be the path of tests/vectors"
#endif

#define VECTOR_SIZE 4096 // none is longer

struct vector {
    char text[VECTOR_SIZE + 1]; // NUL-terminated
    size_t size;
};

// False if this version of iperf3 could not run the test.
static inline bool vector_load(struct vector *vector, const char *version, const char *name) {
    char path[512];

    snprintf(path, sizeof(path), "%s/%s/%s", VECTORS_DIR, version, name);
    FILE *file = fopen(path, "rb");
    if (file == NULL) {
        return false;
    }
    vector->size = fread(vector->text, 1, VECTOR_SIZE, file);
    vector->text[vector->size] = '\0';
    fclose(file);
    return true;
}

// Leaves the JSON text that follows `before` other bytes and its own length.
static inline void vector_cut_json(struct vector *vector, size_t before) {
    const char *json = vector->text + before + IPERF3_JSON_PREFIX_SIZE;
    size_t size = iperf3_get_u32((const uint8_t *)vector->text + before);

    assert_in_range(before + IPERF3_JSON_PREFIX_SIZE + size, 1, vector->size);
    memmove(vector->text, json, size);
    vector->text[size] = '\0';
    vector->size = size;
}

// The client sends its cookie, parameters, TEST_END, results and IPERF_DONE.
static inline bool vector_load_params(
    struct vector *vector, const char *version, const char *test) {
    char name[64];

    snprintf(name, sizeof(name), "%s.client.bin", test);
    if (!vector_load(vector, version, name)) {
        return false;
    }
    vector_cut_json(vector, IPERF3_COOKIE_SIZE);
    return true;
}

static inline bool vector_load_client_results(
    struct vector *vector, const char *version, const char *test) {
    struct vector params;
    char name[64];

    if (!vector_load_params(&params, version, test)) {
        return false;
    }
    snprintf(name, sizeof(name), "%s.client.bin", test);
    vector_load(vector, version, name);
    vector_cut_json(vector, IPERF3_COOKIE_SIZE + IPERF3_JSON_PREFIX_SIZE + params.size + 1);
    return true;
}

// The server sends PARAM_EXCHANGE, CREATE_STREAMS, TEST_START, TEST_RUNNING,
// EXCHANGE_RESULTS, its results and DISPLAY_RESULTS.
static inline bool vector_load_server_results(
    struct vector *vector, const char *version, const char *test) {
    char name[64];

    snprintf(name, sizeof(name), "%s.server.bin", test);
    if (!vector_load(vector, version, name)) {
        return false;
    }
    vector_cut_json(vector, 5);
    return true;
}

#endif // VECTORS_H
