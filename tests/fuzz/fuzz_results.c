// fuzz_results.c - any bytes as a peer's results
// SPDX-License-Identifier: MIT
//
// However the bytes are cut the outcome is the same; no value is too large to
// be told again, and telling it in our words tells the same.

#include <stdint.h>
#include <stdlib.h>

#include "iperf3_results.h"

#define MAX_STREAMS 200

#define MUST(condition) \
    if (!(condition)) { \
        abort(); \
    }

struct told {
    struct iperf3_results_reader reader;
    struct iperf3_stream_result streams[MAX_STREAMS];
    unsigned count;
};

static void on_stream(void *context, const struct iperf3_stream_result *result) {
    struct told *told = context;

    MUST(result->retransmits >= -1);
    MUST(result->bytes <= INT64_MAX);
    if (told->count < MAX_STREAMS) {
        told->streams[told->count++] = *result;
    }
}

static void fetch(void *context, unsigned index, struct iperf3_stream_result *result) {
    const struct told *told = context;

    *result = told->streams[index];
}

static void start(struct told *told) {
    told->count = 0;
    iperf3_results_reader_init(&told->reader, on_stream, told);
}

static enum iperf3_json_status feed(
    struct told *told, const char *data, size_t size, size_t piece) {
    enum iperf3_json_status status = JSON_MORE;

    for (size_t at = 0; at < size; at += piece) {
        status = iperf3_results_reader_feed(
            &told->reader, data + at, size - at < piece ? size - at : piece);
        MUST(told->reader.output_size <= sizeof(told->reader.output));
    }
    return status;
}

static void check_equal(const struct told *one, const struct told *other) {
    MUST(one->count == other->count);
    MUST(one->reader.sender_has_retransmits == other->reader.sender_has_retransmits);
    for (unsigned i = 0; i < one->count; i++) {
        const struct iperf3_stream_result *a = &one->streams[i];
        const struct iperf3_stream_result *b = &other->streams[i];

        MUST(a->id == b->id && a->retransmits == b->retransmits && a->bytes == b->bytes);
        MUST(a->jitter_us == b->jitter_us && a->errors == b->errors);
        MUST(a->omitted_errors == b->omitted_errors && a->packets == b->packets);
        MUST(a->omitted_packets == b->omitted_packets);
        MUST(a->start_us == b->start_us && a->end_us == b->end_us);
    }
}

static void check_writing(struct told *told) {
    static struct told again;
    static char text[MAX_STREAMS * 400];
    const struct iperf3_results results = {
        .sender_has_retransmits = told->reader.sender_has_retransmits,
        .congestion = "reno",
        .stream_count = told->count,
        .stream = fetch,
        .context = told,
    };
    struct iperf3_json_writer writer;

    iperf3_json_writer_init(&writer, text, sizeof(text), 0);
    iperf3_results_write(&writer, &results);
    MUST(writer.length <= sizeof(text));
    start(&again);
    MUST(feed(&again, text, writer.length, IPERF3_RESULTS_PIECE) == JSON_DONE);
    check_equal(told, &again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static struct told whole;
    static struct told bytes;
    enum iperf3_json_status status;

    start(&whole);
    start(&bytes);
    status = feed(&bytes, (const char *)data, size, 1);
    MUST(feed(&whole, (const char *)data, size, IPERF3_RESULTS_PIECE) == status);
    check_equal(&whole, &bytes);
    if (status == JSON_DONE) {
        check_writing(&whole);
    }
    return 0;
}
