// fuzz_params.c - any bytes as a client's parameters
// SPDX-License-Identifier: MIT
//
// However the bytes are cut the outcome is the same; what is not refused is
// within iperf3's limits, and asking for it in our words asks for the same.

#include <stdint.h>
#include <stdlib.h>

#include "iperf3_params.h"

#define MUST(condition) \
    if (!(condition)) { \
        abort(); \
    }

static void check_limits(const struct iperf3_test *test) {
    MUST(test->parallel >= 1 && test->parallel <= IPERF3_MAX_STREAMS);
    MUST(test->omit_s <= IPERF3_MAX_OMIT_S);
    MUST(test->mss <= IPERF3_MAX_MSS);
    MUST(test->burst <= IPERF3_MAX_BURST);
    MUST(test->duration_s <= IPERF3_MAX_DURATION_S);
    MUST(test->bytes <= INT64_MAX && test->blocks <= INT64_MAX && test->bits_per_s <= INT64_MAX);
    if (test->protocol == IPERF3_UDP) {
        MUST(test->length >= IPERF3_MIN_UDP_LENGTH && test->length <= IPERF3_MAX_UDP_LENGTH);
    } else {
        MUST(test->length >= 1 && test->length <= IPERF3_MAX_TCP_LENGTH);
    }
}

static void check_equal(const struct iperf3_test *one, const struct iperf3_test *other) {
    MUST(one->protocol == other->protocol);
    MUST(one->direction == other->direction);
    MUST(one->parallel == other->parallel);
    MUST(one->tos == other->tos);
    MUST(one->no_delay == other->no_delay);
    MUST(one->repeating_payload == other->repeating_payload);
    MUST(one->get_server_output == other->get_server_output);
    MUST(one->udp_counters_64bit == other->udp_counters_64bit);
    MUST(one->dont_fragment == other->dont_fragment);
    MUST(one->omit_s == other->omit_s);
    MUST(one->mss == other->mss);
    MUST(one->burst == other->burst);
    MUST(one->duration_s == other->duration_s);
    MUST(one->length == other->length);
    MUST(one->bytes == other->bytes);
    MUST(one->blocks == other->blocks);
    MUST(one->bits_per_s == other->bits_per_s);
}

static void check_writing(const struct iperf3_test *test) {
    static struct iperf3_params_reader again;
    struct iperf3_json_writer writer;
    char text[1024];

    iperf3_json_writer_init(&writer, text, sizeof(text), 0);
    iperf3_params_write(&writer, test);
    MUST(writer.length <= sizeof(text));
    iperf3_params_reader_init(&again, NULL, 0);
    MUST(iperf3_json_reader_feed(&again.json, text, writer.length) == JSON_DONE);
    MUST(iperf3_params_refusal(&again) == 0);
    check_equal(test, &again.test);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static struct iperf3_params_reader whole;
    static struct iperf3_params_reader bytes;
    static char whole_text[40];
    static char bytes_text[40];
    enum iperf3_json_status status = JSON_MORE;

    iperf3_params_reader_init(&whole, whole_text, sizeof(whole_text));
    iperf3_params_reader_init(&bytes, bytes_text, sizeof(bytes_text));
    for (size_t i = 0; i < size; i++) {
        status = iperf3_json_reader_feed(&bytes.json, (const char *)data + i, 1);
    }
    MUST(iperf3_json_reader_feed(&whole.json, (const char *)data, size) == status);
    MUST(iperf3_params_refusal(&whole) == iperf3_params_refusal(&bytes));
    check_equal(&whole.test, &bytes.test);
    if (iperf3_params_refusal(&whole) == 0) {
        check_limits(&whole.test);
        check_writing(&whole.test);
    }
    return 0;
}
