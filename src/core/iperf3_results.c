// iperf3_results.c - the results of one side, as each sends them to the other
// SPDX-License-Identifier: MIT

#include "iperf3_results.h"

#include <string.h>

#include "iperf3_decimal.h"

#define MICROSECONDS 6 // decimals of a time in seconds
#define MILLIPERCENT 3 // decimals of a percentage

// The message's members that are read, all of them required.
enum message_key {
    CPU_TOTAL,
    CPU_USER,
    CPU_SYSTEM,
    HAS_RETRANSMITS,
    STREAMS,
    MESSAGE_KEYS,
};

static const char *const message_keys[MESSAGE_KEYS] = {
    [CPU_TOTAL] = "cpu_util_total",
    [CPU_USER] = "cpu_util_user",
    [CPU_SYSTEM] = "cpu_util_system",
    [HAS_RETRANSMITS] = "sender_has_retransmits",
    [STREAMS] = "streams",
};

// A stream's members, in iperf3's order. The omitted counts are always sent: iperf3
// since 3.14 computes wrong losses without them.
enum stream_key {
    ID,
    BYTES,
    RETRANSMITS,
    JITTER,
    ERRORS,
    OMITTED_ERRORS,
    PACKETS,
    OMITTED_PACKETS,
    START_TIME,
    END_TIME,
    STREAM_KEYS,
};

static const char *const stream_keys[STREAM_KEYS] = {
    [ID] = "id",
    [BYTES] = "bytes",
    [RETRANSMITS] = "retransmits",
    [JITTER] = "jitter",
    [ERRORS] = "errors",
    [OMITTED_ERRORS] = "omitted_errors",
    [PACKETS] = "packets",
    [OMITTED_PACKETS] = "omitted_packets",
    [START_TIME] = "start_time",
    [END_TIME] = "end_time",
};

#define MEMBER(name) ((uint8_t)offsetof(struct iperf3_stream_result, name))

// Where they are in struct iperf3_stream_result.
static const uint8_t stream_members[STREAM_KEYS] = {
    [ID] = MEMBER(id),
    [BYTES] = MEMBER(bytes),
    [RETRANSMITS] = MEMBER(retransmits),
    [JITTER] = MEMBER(jitter_us),
    [ERRORS] = MEMBER(errors),
    [OMITTED_ERRORS] = MEMBER(omitted_errors),
    [PACKETS] = MEMBER(packets),
    [OMITTED_PACKETS] = MEMBER(omitted_packets),
    [START_TIME] = MEMBER(start_us),
    [END_TIME] = MEMBER(end_us),
};

#define BIT(key) ((uint32_t)1 << (key))
#define REQUIRED_OF_MESSAGE (BIT(MESSAGE_KEYS) - 1)
#define REQUIRED_OF_STREAM \
    (BIT(ID) | BIT(BYTES) | BIT(RETRANSMITS) | BIT(JITTER) | BIT(ERRORS) | BIT(PACKETS))
#define TIMES (BIT(JITTER) | BIT(START_TIME) | BIT(END_TIME))

static unsigned decimals_of(unsigned key) {
    return (TIMES & BIT(key)) != 0 ? MICROSECONDS : 0;
}

#define SERVER_OUTPUT_TEXT "server_output_text"
#define SERVER_OUTPUT_JSON "server_output_json"

/// Writing ///

static void write_stream(
    struct iperf3_json_writer *writer, const struct iperf3_stream_result *result) {
    iperf3_json_open_object(writer, NULL);
    for (unsigned key = 0; key < STREAM_KEYS; key++) {
        const void *member = (const char *)result + stream_members[key];

        iperf3_json_decimal(writer, stream_keys[key], *(const int64_t *)member, decimals_of(key));
    }
    iperf3_json_close_object(writer);
}

void iperf3_results_write(
    struct iperf3_json_writer *writer, const struct iperf3_results *results) {
    iperf3_json_open_object(writer, NULL);
    for (unsigned i = CPU_TOTAL; i <= CPU_SYSTEM; i++) {
        iperf3_json_integer(writer, message_keys[i], 0);
    }
    iperf3_json_integer(writer, message_keys[HAS_RETRANSMITS], results->sender_has_retransmits);
    if (results->congestion != NULL) {
        iperf3_json_string(writer, "congestion_used", results->congestion);
    }
    if (results->server_output != NULL) {
        iperf3_json_string(writer, SERVER_OUTPUT_TEXT, results->server_output);
    }
    iperf3_json_open_array(writer, message_keys[STREAMS]);
    for (unsigned i = 0; i < results->stream_count; i++) {
        struct iperf3_stream_result result = { .id = 0 };

        results->stream(results->context, i, &result);
        write_stream(writer, &result);
    }
    iperf3_json_close_array(writer);
    iperf3_json_close_object(writer);
}

/// Reading ///

// Depths of tokens: the message's members are at 1, the streams at 2, theirs at 3.
enum depth { DEPTH_MESSAGE, DEPTH_MEMBER, DEPTH_STREAM, DEPTH_STREAM_MEMBER };

// Which of the names the key is, when met for the first time; else `count`.
static unsigned new_key(const struct iperf3_json_token *token, const char *const *names,
    unsigned count, uint32_t *seen) {
    unsigned i = 0;

    while (i < count && !iperf3_json_key_is(token, names[i])) {
        i++;
    }
    if (i == count || (*seen & BIT(i)) != 0) {
        return count;
    }
    *seen |= BIT(i);
    return i;
}

// Reads a number with so many decimals. False if it is none.
static bool read_number(const struct iperf3_json_token *token, unsigned decimals, int64_t *value) {
    return token->type == JSON_NUMBER
           && iperf3_decimal_parse(token->text, token->size, decimals, value);
}

// A count, or -1: iperf3 3.12 and 3.13 print -1 as 2^64 - 1.
static int32_t count_or_unknown(int64_t value) {
    return value < 0 || value > INT32_MAX ? -1 : (int32_t)value;
}

static int64_t limited(int64_t value, int64_t most) {
    return value < 0 ? 0 : value > most ? most : value;
}

static void add_output(struct iperf3_results_reader *reader, const char *text, size_t size) {
    memcpy(reader->output + reader->output_size, text, size);
    reader->output_size = (uint8_t)(reader->output_size + size);
}

static void take_output(
    struct iperf3_results_reader *reader, const struct iperf3_json_token *token) {
    if (token->type == JSON_STRING && iperf3_json_key_is(token, SERVER_OUTPUT_TEXT)) {
        reader->output_is_json = false;
        add_output(reader, token->text, token->size);
    } else if (token->type == JSON_OBJECT && iperf3_json_key_is(token, SERVER_OUTPUT_JSON)) {
        reader->output_is_json = true;
        reader->in_output = true;
    } else if (token->type == JSON_OBJECT_END) {
        reader->in_output = false;
    }
}

static bool take_member(
    struct iperf3_results_reader *reader, const struct iperf3_json_token *token) {
    unsigned key = new_key(token, message_keys, MESSAGE_KEYS, &reader->seen);
    int64_t value;

    reader->in_streams = key == STREAMS;
    if (key == STREAMS) {
        return token->type == JSON_ARRAY;
    }
    if (key == MESSAGE_KEYS) {
        take_output(reader, token);
        return true; // unknown, or the end of something
    }
    if (!read_number(token, key == HAS_RETRANSMITS ? 0 : MILLIPERCENT, &value)) {
        return false;
    }
    if (key == HAS_RETRANSMITS) {
        reader->sender_has_retransmits = count_or_unknown(value);
    } else {
        reader->cpu_millipercent[key - CPU_TOTAL] = (uint32_t)limited(value, UINT32_MAX);
    }
    return true;
}

static bool take_stream_member(
    struct iperf3_results_reader *reader, const struct iperf3_json_token *token) {
    unsigned key = new_key(token, stream_keys, STREAM_KEYS, &reader->stream_seen);
    void *member;
    int64_t value;

    if (key == STREAM_KEYS) {
        return true; // unknown
    }
    if (!read_number(token, decimals_of(key), &value)) {
        return (REQUIRED_OF_STREAM & BIT(key)) == 0; // may be missing, so may be wrong
    }
    member = (char *)&reader->stream + stream_members[key];
    *(int64_t *)member = key == RETRANSMITS ? count_or_unknown(value) : limited(value, INT64_MAX);
    return true;
}

static bool take_stream(
    struct iperf3_results_reader *reader, const struct iperf3_json_token *token) {
    if (token->type == JSON_OBJECT) {
        reader->stream = (struct iperf3_stream_result) { .id = 0 };
        reader->stream_seen = 0;
        return true;
    }
    if (token->type != JSON_OBJECT_END
        || (reader->stream_seen & REQUIRED_OF_STREAM) != REQUIRED_OF_STREAM) {
        return false;
    }
    reader->on_stream(reader->context, &reader->stream);
    return true;
}

static bool on_token(void *context, const struct iperf3_json_token *token) {
    struct iperf3_results_reader *reader = context;

    switch (token->depth) {
        case DEPTH_MESSAGE:
            return token->type != JSON_OBJECT_END || reader->seen == REQUIRED_OF_MESSAGE;
        case DEPTH_MEMBER:
            return take_member(reader, token);
        case DEPTH_STREAM:
            return !reader->in_streams || take_stream(reader, token);
        case DEPTH_STREAM_MEMBER:
            return !reader->in_streams || take_stream_member(reader, token);
        default:
            return true;
    }
}

enum iperf3_json_status iperf3_results_reader_feed(
    struct iperf3_results_reader *reader, const char *data, size_t size) {
    enum iperf3_json_status status = JSON_MORE;

    reader->output_size = 0;
    for (size_t i = 0; i < size && status != JSON_BAD; i++) {
        bool in_output = reader->in_output;

        status = iperf3_json_reader_feed(&reader->json, &data[i], 1);
        if (in_output || reader->in_output) {
            add_output(reader, &data[i], 1); // its braces too
        }
    }
    return status;
}

void iperf3_results_reader_init(struct iperf3_results_reader *reader,
    void (*on_stream)(void *context, const struct iperf3_stream_result *result), void *context) {
    *reader = (struct iperf3_results_reader) { .on_stream = on_stream, .context = context };
    iperf3_json_reader_init(&reader->json, on_token, reader);
}
