// iperf3_params.c - the test parameters, as the client sends them to the server
// SPDX-License-Identifier: MIT

#include "iperf3_params.h"

#include <string.h>

#include "iperf3_decimal.h"
#include "iperf3_results.h"

/// Writing ///

// What real servers do with it: show it in their JSON output.
#define CLIENT_VERSION "iperf3-lwip " IPERF3_VERSION

// Microseconds. Not used since iperf3 3.18, which still sends it.
#define PACING_TIMER 1000

static void write_unless_zero(struct iperf3_json_writer *writer, const char *key, uint64_t value) {
    if (value != 0) {
        iperf3_json_integer(writer, key, (int64_t)value);
    }
}

// Servers take the presence of a flag for its truth.
static void write_if_true(struct iperf3_json_writer *writer, const char *key, bool value) {
    if (value) {
        iperf3_json_boolean(writer, key, true);
    }
}

static void write_unless_null(
    struct iperf3_json_writer *writer, const char *key, const char *text) {
    if (text != NULL) {
        iperf3_json_string(writer, key, text);
    }
}

// Keys, types and order are those of iperf3.
void iperf3_params_write(struct iperf3_json_writer *writer, const struct iperf3_test *test) {
    iperf3_json_open_object(writer, NULL);
    iperf3_json_boolean(writer, test->protocol == IPERF3_UDP ? "udp" : "tcp", true);
    iperf3_json_integer(writer, "omit", test->omit_s);
    iperf3_json_integer(writer, "time", test->duration_s);
    iperf3_json_integer(writer, "num", (int64_t)test->bytes);
    iperf3_json_integer(writer, "blockcount", (int64_t)test->blocks);
    write_unless_zero(writer, "MSS", test->mss);
    write_if_true(writer, "nodelay", test->no_delay);
    iperf3_json_integer(writer, "parallel", test->parallel);
    write_if_true(writer, "reverse", test->direction == IPERF3_REVERSE);
    write_if_true(writer, "bidirectional", test->direction == IPERF3_BIDIR);
    write_unless_zero(writer, "window", test->window);
    iperf3_json_integer(writer, "len", test->length);
    write_unless_zero(writer, "bandwidth", test->bits_per_s);
    iperf3_json_integer(writer, "pacing_timer", PACING_TIMER);
    write_unless_zero(writer, "burst", test->burst);
    write_unless_zero(writer, "TOS", test->tos);
    write_unless_null(writer, "title", test->title);
    write_unless_null(writer, "extra_data", test->extra_data);
    write_unless_zero(writer, "get_server_output", test->get_server_output);
    write_unless_zero(writer, "udp_counters_64bit", test->udp_counters_64bit);
    write_unless_zero(writer, "repeating_payload", test->repeating_payload);
    write_unless_zero(writer, "dont_fragment", test->dont_fragment);
    iperf3_json_string(writer, "client_version", CLIENT_VERSION);
    iperf3_json_close_object(writer);
}

/// Reading ///

#define DEFAULT_DURATION_S 10

// iperf3's numbers for what is wrong with a test.
enum refusal {
    REFUSE_DURATION = 5,
    REFUSE_PARALLEL = 6,
    REFUSE_TCP_LENGTH = 7,
    REFUSE_WINDOW = 8,
    REFUSE_MSS = 10,
    REFUSE_OMIT = 12,
    REFUSE_OPTION = 13,
    REFUSE_BURST = 15,
    REFUSE_UDP_LENGTH = 20,
    REFUSE_TOS = 21,
    REFUSE_PARAMETERS = 114,
    REFUSE_PROTOCOL = 131,
    REFUSE_AFFINITY = 132,
    REFUSE_CONGESTION = 134,
    REFUSE_PACING = 140,
};

// What a key's value is and where it goes.
enum kind {
    UDP,  // true or false: iperf3 looks only for the key
    SCTP, // likewise
    REVERSE,
    BIDIR,
    FLAG,   // true sets a bool
    MARK,   // any number, even 0, sets a bool, as in iperf3
    UNABLE, // true or a number but 0 is refused
    FQ_RATE,
    CONGESTION,
    TEXT,
    LENGTH, // a number whose range depends on the protocol, which may come later
    NUMBER_8,
    NUMBER_16,
    NUMBER_32,
    NUMBER_64,
};

struct key {
    const char *name;
    uint32_t most; // ANY: no limit
    uint8_t least;
    uint8_t refusal; // iperf3's error number: out of range, or not possible here
    uint8_t kind;
    uint8_t member; // its place in struct iperf3_test
};

#define ANY UINT32_MAX
#define MEMBER(name) ((uint8_t)offsetof(struct iperf3_test, name))
#define SPECIAL(key, what) { .name = (key), .kind = (what) }
#define REFUSAL(key, number) { .name = (key), .kind = UNABLE, .refusal = (number) }
#define VALUE(key, what, where) { .name = (key), .kind = (what), .member = MEMBER(where) }
#define NUMBER(key, bits, where, from, to, number) \
    { .name = (key), .kind = NUMBER_##bits, .member = MEMBER(where), \
      .least = (from), .most = (to), .refusal = (number) }

// Not here, and so skipped: tcp, the default. What changes nothing that is
// counted: congestion_used, flowlabel, pacing_timer, zerocopy (payload is never
// copied), skip_rx_copy, gso, gro, client_version. And
// authtoken, as a server that asks for no password does.
static const struct key keys[] = {
    SPECIAL("udp", UDP),
    SPECIAL("sctp", SCTP),
    REFUSAL("mptcp", REFUSE_OPTION),
    REFUSAL("server_affinity", REFUSE_AFFINITY),
    SPECIAL("congestion", CONGESTION),
    SPECIAL("fqrate", FQ_RATE),
    NUMBER("omit", 16, omit_s, 0, IPERF3_MAX_OMIT_S, REFUSE_OMIT),
    NUMBER("time", 32, duration_s, 0, IPERF3_MAX_DURATION_S, REFUSE_DURATION),
    NUMBER("num", 64, bytes, 0, ANY, REFUSE_PARAMETERS),
    NUMBER("blockcount", 64, blocks, 0, ANY, REFUSE_PARAMETERS),
    NUMBER("MSS", 16, mss, 0, IPERF3_MAX_MSS, REFUSE_MSS),
    VALUE("nodelay", FLAG, no_delay),
    NUMBER("parallel", 8, parallel, 1, IPERF3_MAX_STREAMS, REFUSE_PARALLEL),
    SPECIAL("reverse", REVERSE),
    SPECIAL("bidirectional", BIDIR),
    NUMBER("window", 32, window, 0, IPERF3_MAX_WINDOW, REFUSE_WINDOW),
    SPECIAL("len", LENGTH),
    NUMBER("bandwidth", 64, bits_per_s, 0, ANY, REFUSE_PARAMETERS),
    NUMBER("burst", 16, burst, 1, IPERF3_MAX_BURST, REFUSE_BURST),
    NUMBER("TOS", 8, tos, 0, UINT8_MAX, REFUSE_TOS),
    VALUE("title", TEXT, title),
    VALUE("extra_data", TEXT, extra_data),
    VALUE("get_server_output", MARK, get_server_output),
    VALUE("udp_counters_64bit", MARK, udp_counters_64bit),
    VALUE("repeating_payload", MARK, repeating_payload),
    VALUE("dont_fragment", MARK, dont_fragment),
};

#define KEY_COUNT (sizeof(keys) / sizeof(keys[0]))

static void refuse(struct iperf3_params_reader *reader, int32_t number) {
    if (reader->refusal == 0) {
        reader->refusal = number;
    }
}

// Whether it matters is known when all parameters are there.
static void refuse_to_send(struct iperf3_params_reader *reader, int32_t number) {
    if (reader->sender_refusal == 0) {
        reader->sender_refusal = number;
    }
}

static bool is_not_zero(const struct iperf3_json_token *token) {
    int64_t value;

    return token->type == JSON_NUMBER
           && iperf3_decimal_parse(token->text, token->size, 0, &value) && value != 0;
}

static bool is_other_congestion(const struct iperf3_json_token *token) {
    static const char own[] = IPERF3_CONGESTION;

    return token->type == JSON_STRING
           && (!token->last || token->size != sizeof(own) - 1
               || memcmp(token->text, own, token->size) != 0);
}

// A piece of a string, which may come in several.
static void take_text(struct iperf3_params_reader *reader, const char **member,
    const struct iperf3_json_token *token) {
    size_t size = token->size;

    if (token->type != JSON_STRING || reader->text_size == 0) {
        return;
    }
    if (*member == NULL) {
        *member = reader->text;
    }
    if (size > reader->text_size - 1) {
        size = reader->text_size - 1;
    }
    memcpy(reader->text, token->text, size);
    reader->text += size;
    reader->text_size -= size;
    reader->in_text = !token->last;
    if (token->last) {
        *reader->text++ = '\0';
        reader->text_size--;
    }
}

static void store(void *member, enum kind kind, int64_t value) {
    if (kind == NUMBER_8) {
        *(uint8_t *)member = (uint8_t)value;
    } else if (kind == NUMBER_16) {
        *(uint16_t *)member = (uint16_t)value;
    } else if (kind == NUMBER_32) {
        *(uint32_t *)member = (uint32_t)value;
    } else {
        *(uint64_t *)member = (uint64_t)value;
    }
}

static void take_number(
    struct iperf3_params_reader *reader, const struct key *key, int64_t value) {
    struct iperf3_test *test = &reader->test;

    if (key->kind == LENGTH) {
        // Neither protocol allows 0.
        test->length = value > 0 && value <= IPERF3_MAX_TCP_LENGTH ? (uint32_t)value : 0;
    } else if (value < key->least || (key->most != ANY && value > key->most)) {
        refuse(reader, key->refusal);
    } else {
        store((char *)test + key->member, (enum kind)key->kind, value);
    }
}

static void take(struct iperf3_params_reader *reader, const struct key *key,
    const struct iperf3_json_token *token) {
    struct iperf3_test *test = &reader->test;
    void *member = (char *)test + key->member;
    bool is_true = token->type == JSON_TRUE;
    bool is_boolean = is_true || token->type == JSON_FALSE;
    int64_t value;

    switch ((enum kind)key->kind) {
        case UDP:
            test->protocol = is_boolean ? IPERF3_UDP : IPERF3_TCP;
            break;
        case SCTP:
            if (is_boolean) {
                refuse(reader, REFUSE_PROTOCOL);
            }
            break;
        case REVERSE:
            if (is_true && test->direction != IPERF3_BIDIR) {
                test->direction = IPERF3_REVERSE;
            }
            break;
        case BIDIR:
            if (is_true) {
                test->direction = IPERF3_BIDIR;
            }
            break;
        case FLAG:
            *(bool *)member = is_true;
            break;
        case MARK:
            *(bool *)member = token->type == JSON_NUMBER;
            break;
        case UNABLE:
            if (is_true || is_not_zero(token)) {
                refuse(reader, key->refusal);
            }
            break;
        case FQ_RATE:
            if (is_not_zero(token)) {
                refuse_to_send(reader, REFUSE_PACING);
            }
            break;
        case TEXT:
            take_text(reader, member, token);
            break;
        case CONGESTION:
            if (is_other_congestion(token)) {
                refuse_to_send(reader, REFUSE_CONGESTION);
            }
            break;
        case LENGTH:
        case NUMBER_8:
        case NUMBER_16:
        case NUMBER_32:
        case NUMBER_64:
            if (token->type == JSON_NUMBER) {
                iperf3_decimal_parse(token->text, token->size, 0, &value);
                take_number(reader, key, value);
            }
            break;
    }
}

static bool on_token(void *context, const struct iperf3_json_token *token) {
    struct iperf3_params_reader *reader = context;

    if (token->depth != 1) {
        return true;
    }
    for (unsigned i = 0; i < KEY_COUNT; i++) {
        uint32_t bit = (uint32_t)1 << i;

        bool is_new = (reader->seen & bit) == 0;

        if ((is_new || (reader->in_text && keys[i].kind == TEXT))
            && iperf3_json_key_is(token, keys[i].name)) {
            reader->seen |= bit;
            take(reader, &keys[i], token);
        }
    }
    return true;
}

void iperf3_params_reader_init(
    struct iperf3_params_reader *reader, char *text, size_t text_size) {
    *reader = (struct iperf3_params_reader) {
        .test = {
            .parallel = 1,
            .duration_s = DEFAULT_DURATION_S,
            .length = IPERF3_DEFAULT_TCP_LENGTH, // too long for UDP, which has no default
        },
        .text = text,
        .text_size = text_size,
    };
    iperf3_json_reader_init(&reader->json, on_token, reader);
}

int32_t iperf3_params_refusal(const struct iperf3_params_reader *reader) {
    const struct iperf3_test *test = &reader->test;

    if (reader->refusal != 0) {
        return reader->refusal;
    }
    if (reader->sender_refusal != 0 && test->direction != IPERF3_FORWARD) {
        return reader->sender_refusal;
    }
    if (test->protocol == IPERF3_TCP) {
        return test->length == 0 ? REFUSE_TCP_LENGTH : 0;
    }
    return test->length < IPERF3_MIN_UDP_LENGTH || test->length > IPERF3_MAX_UDP_LENGTH
        ? REFUSE_UDP_LENGTH : 0;
}
