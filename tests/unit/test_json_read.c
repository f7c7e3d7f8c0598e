// test_json_read.c - however TCP cuts the bytes, the tokens are the same
// SPDX-License-Identifier: MIT

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "iperf3_json_read.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

// The tokens as text, one word for each: depth, key, type. Strings in (), with
// a + after pieces that are not the last.
struct trace {
    char text[4096];
    size_t size;
    unsigned calls;
    unsigned refuse; // the call that says no; 0: none
};

static void print(struct trace *trace, const char *text, size_t size) {
    assert_true(trace->size + size < sizeof(trace->text));
    memcpy(trace->text + trace->size, text, size);
    trace->size += size;
}

static void print_quoted(struct trace *trace, const struct iperf3_json_token *token) {
    print(trace, "(", 1);
    print(trace, token->text, token->size);
    print(trace, token->last ? ")" : ")+", token->last ? 1 : 2);
}

static bool on_token(void *context, const struct iperf3_json_token *token) {
    static const char letters[] = "{}[]snTF0";
    struct trace *trace = context;
    char depth[12];

    if (trace->size > 0) {
        print(trace, " ", 1);
    }
    snprintf(depth, sizeof(depth), "%u", token->depth);
    print(trace, depth, strlen(depth));
    print(trace, token->key, strlen(token->key));
    print(trace, &letters[token->type], 1);
    if (token->type == JSON_STRING || token->type == JSON_NUMBER) {
        print_quoted(trace, token);
    }
    assert_true(token->type == JSON_STRING || token->last);
    return ++trace->calls != trace->refuse;
}

// Each piece on the heap, so that ASan sees a read past its end.
static enum iperf3_json_status feed(
    struct iperf3_json_reader *reader, const char *data, size_t size) {
    char *piece = malloc(size > 0 ? size : 1);

    assert_non_null(piece);
    memcpy(piece, data, size);
    enum iperf3_json_status status = iperf3_json_reader_feed(reader, piece, size);
    free(piece);
    return status;
}

static enum iperf3_json_status read_whole(struct trace *trace, const char *data, size_t size) {
    struct iperf3_json_reader reader;

    *trace = (struct trace) { 0 };
    iperf3_json_reader_init(&reader, on_token, trace);
    return feed(&reader, data, size);
}

static enum iperf3_json_status read_bytes(struct trace *trace, const char *data, size_t size) {
    struct iperf3_json_reader reader;
    enum iperf3_json_status status = JSON_MORE;

    *trace = (struct trace) { 0 };
    iperf3_json_reader_init(&reader, on_token, trace);
    for (size_t i = 0; i < size; i++) {
        enum iperf3_json_status next = feed(&reader, data + i, 1);

        assert_true(next >= status);
        status = next;
    }
    return status;
}

static void assert_status(const char *data, size_t size, enum iperf3_json_status expected) {
    struct trace trace;

    if (read_whole(&trace, data, size) != expected || read_bytes(&trace, data, size) != expected) {
        fail_msg("status is not %d: %.*s", (int)expected, (int)size, data);
    }
}

static void assert_tokens(const char *document, const char *expected) {
    struct trace trace;

    assert_int_equal(read_whole(&trace, document, strlen(document)), JSON_DONE);
    assert_string_equal(trace.text, expected);
}

// Something of everything.
static const char sample[] =
    " { \"tcp\" : true , \"num\":-1.5e-05,\r\n\"long\":\"0123456789012345678901234567890123456789"
    "0123456789012345678901234567890123456789\",\"streams\":[{\"id\":1,\"nested\":{\"a\":[]}},"
    "[2,[null,false]],\"\",{}],\t\"t\\u00E4st\":\"\\ud83d\\uDE00\\n\\\\\",\"x\":{}} ";
#define SAMPLE_SIZE (sizeof(sample) - 1)

static const char sample_tokens[] =
    "0{ 1tcpT 1numn(-1.5e-05)"
    " 1longs(0123456789012345678901234567890123456789012345678901234567890123)+"
    " 1longs(4567890123456789) 1streams[ 2{ 3idn(1) 3nested{ 4a[ 4] 3} 2} 2[ 3n(2) 3[ 40 4F 3] 2]"
    " 2s() 2{ 2} 1] 1t\xc3\xa4sts(\xf0\x9f\x98\x80\n\\) 1x{ 1} 0}";

static void every_token_has_its_depth_and_key(void **state) {
    (void)state;
    assert_tokens(sample, sample_tokens);
}

static void every_split_in_three_gives_the_same_tokens(void **state) {
    (void)state;
    for (size_t a = 0; a <= SAMPLE_SIZE; a++) {
        for (size_t b = a; b <= SAMPLE_SIZE; b++) {
            struct iperf3_json_reader reader;
            struct trace trace = { 0 };

            iperf3_json_reader_init(&reader, on_token, &trace);
            feed(&reader, sample, a);
            feed(&reader, sample + a, b - a);
            assert_int_equal(feed(&reader, sample + b, SAMPLE_SIZE - b), JSON_DONE);
            assert_string_equal(trace.text, sample_tokens);
        }
    }
}

static void messages_of_iperf3_are_read(void **state) {
    (void)state;
    assert_tokens(
        "{\"tcp\":true,\"omit\":0,\"time\":2,\"num\":0,\"blockcount\":0,\"parallel\":2,"
        "\"len\":131072,\"pacing_timer\":1000,\"client_version\":\"3.21+\"}",
        "0{ 1tcpT 1omitn(0) 1timen(2) 1numn(0) 1blockcountn(0) 1paralleln(2) 1lenn(131072)"
        " 1pacing_timern(1000) 1client_versions(3.21+) 0}");
    assert_tokens(
        "{\"udp\":true,\"omit\":0,\"time\":1,\"num\":0,\"blockcount\":0,\"parallel\":2,"
        "\"bidirectional\":true,\"len\":32768,\"bandwidth\":1048576,\"pacing_timer\":1000,"
        "\"client_version\":\"3.12\"}",
        "0{ 1udpT 1omitn(0) 1timen(1) 1numn(0) 1blockcountn(0) 1paralleln(2) 1bidirectionalT"
        " 1lenn(32768) 1bandwidthn(1048576) 1pacing_timern(1000) 1client_versions(3.12) 0}");
    assert_tokens("{\"udp\":true,\"omit\":0,\"time\":1,\"parallel\":1,\"len\":1000,"
        "\"bandwidth\":1048576,\"client_version\":\"3.1.7\"}",
        "0{ 1udpT 1omitn(0) 1timen(1) 1paralleln(1) 1lenn(1000) 1bandwidthn(1048576)"
        " 1client_versions(3.1.7) 0}");
    assert_tokens(
        "{\"cpu_util_total\":20.6,\"cpu_util_user\":0.5,\"cpu_util_system\":20.1,"
        "\"sender_has_retransmits\":18446744073709551615,\"congestion_used\":\"cubic\","
        "\"streams\":[{\"id\":1,\"bytes\":1116995584,\"retransmits\":0,"
        "\"jitter\":1.4183909706771375e-05,\"errors\":0,\"omitted_errors\":0,\"packets\":0,"
        "\"omitted_packets\":0,\"start_time\":0,\"end_time\":2.001091},{\"id\":3}]}",
        "0{ 1cpu_util_totaln(20.6) 1cpu_util_usern(0.5) 1cpu_util_systemn(20.1)"
        " 1sender_has_retransmitsn(18446744073709551615) 1congestion_useds(cubic) 1streams["
        " 2{ 3idn(1) 3bytesn(1116995584) 3retransmitsn(0) 3jittern(1.4183909706771375e-05)"
        " 3errorsn(0) 3omitted_errorsn(0) 3packetsn(0) 3omitted_packetsn(0) 3start_timen(0)"
        " 3end_timen(2.001091) 2} 2{ 3idn(3) 2} 1] 0}");
}

static void good_documents_are_taken(void **state) {
    static const char *const good[] = {
        "{}", " {}", "\t\r\n {\t\r\n }\t\r\n ", "{\"\":{}}", "{\"a\":[]}", "{\"a\":[ ]}",
        "{\"a\":[1]}", "{\"a\":[1,2]}", "{\"a\":[ 1 , 2 ] , \"b\" : { } }", "{\"a\":1,\"a\":2}",
        "{\"a\":true}", "{\"a\":false}", "{\"a\":null}", "{\"a\":[true,false,null]}",
        "{\"a\":0}", "{\"a\":-0}", "{\"a\":0.0e0}", "{\"a\":10}", "{\"a\":1E+2}", "{\"a\":1\n}",
        "{\"a\":[1\t,2\r]}", "{\"a\":\"\"}", "{\"\\\"\":\"\\\"\"}", "{\"a\":\" }\"}", "{\"}\":1}",
        "{\"a\":\"\x7f\xc3\xa4\xff\"}", "{\"a\":\"\\/\\u0000\"}", "{\"a\":{\"a\":{\"a\":[[[]]]}}}",
        "{\"a\":[{},{\"b\":[]},[{}]],\"c\":[]}", "{\"true\":\"null\"}",
    };

    (void)state;
    for (size_t i = 0; i < COUNT(good); i++) {
        assert_status(good[i], strlen(good[i]), JSON_DONE);
    }
}

static void bad_documents_are_refused(void **state) {
    static const char *const bad[] = {
        // Not an object.
        "[]", "1", "\"a\"", "true", "null", "}", "]", ",", "\xef\xbb\xbf{}", "x", "\v{}",
        // More than one object.
        "{}{", "{}}", "{},", "{}x", "{} ]",
        // Commas and colons.
        "{,", "{\"a\"}", "{\"a\",", "{\"a\":}", "{\"a\":,", "{\"a\"::}",
        "{\"a\":1,}", "{\"a\":1,,",
        "{\"a\":1:}", "{\"a\":1 2", "{\"a\":1\"}", "{\"a\":\"\"\"",
        "{\"a\":[,", "{\"a\":[1,]", "{\"a\":[1,,", "{\"a\":[1 2", "{\"a\":[1:]", "{\"a\":[\"a\":",
        "{\"a\":{}{", "{\"a\":[][", "{\"a\":{}\"", "{\"a\":[]1", "{:", "{\"a\" \"b\"",
        // Keys.
        "{1", "{a", "{'a'", "{true", "{{", "{[", "{\"a\":1,2", "{\"a\":1,{", "{null",
        // Brackets.
        "{]", "{\"a\":]", "{\"a\":[}", "{\"a\":1]", "{\"a\":[1}", "{\"a\":[{]", "{\"a\":{\"b\":1]",
        "{\"a\":[[1}", "{\"a\":[1],]", "{\"a\":[{}}",
        // Words.
        "{\"a\":True}", "{\"a\":TRUE}", "{\"a\":tru}", "{\"a\":truee}", "{\"a\":nul}",
        "{\"a\":nullx}",
        "{\"a\":fals}", "{\"a\":falsee}", "{\"a\":t}", "{\"a\":undefined}", "{\"a\":t rue}",
        "{\"a\":'b'}", "{\"a\":true\"}", "{\"a\":truefalse}", "{\"a\":[nul]}",
        // Numbers.
        "{\"a\":01}", "{\"a\":+1}", "{\"a\":-}", "{\"a\":- 1}", "{\"a\":1.}", "{\"a\":.5}",
        "{\"a\":1e}", "{\"a\":1e+}", "{\"a\":0x1}", "{\"a\":NaN}", "{\"a\":Infinity}",
        "{\"a\":-Infinity}", "{\"a\":1.5.5}", "{\"a\":--1}", "{\"a\":1,\"b\":1e1.5}",
        // Strings.
        "{\"a\":\"\n", "{\"a\":\"\t", "{\"a\":\"\x1f", "{\"a\n", "{\"a\":\"\\x", "{\"a\":\"\\'",
        "{\"a\":\"\\\n", "{\"a\":\"\\U", "{\"\\a", "{\"a\":\"\\u00g", "{\"a\":\"\\u00G",
        "{\"a\":\"\\u\"", "{\"a\":\"\\u12\"", "{\"a\":\"\\u 123", "{\"a\":\"\\u-123",
        "{\"a\":\"\\u0x1",
        "{\"a\":\"\\u00/", "{\"a\":\"\\u00:", "{\"a\":\"\\u00@", "{\"a\":\"\\u00`",
        // Comments.
        "/**/{}", "{//", "{\"a\":1/**/}", "#",
    };

    (void)state;
    for (size_t i = 0; i < COUNT(bad); i++) {
        assert_status(bad[i], strlen(bad[i]), JSON_BAD);
    }
}

static void a_nul_byte_is_refused_everywhere(void **state) {
    static const char document[] = "{\"a\":1,\"b\":[true,\"\\u0061\\n\"]}";

    (void)state;
    for (size_t i = 0; i < sizeof(document); i++) {
        char copy[sizeof(document) + 1];

        memcpy(copy, document, i);
        copy[i] = '\0';
        memcpy(copy + i + 1, document + i, sizeof(document) - 1 - i);
        assert_status(copy, sizeof(copy) - 1, JSON_BAD);
    }
}

static void what_is_cut_off_is_unfinished(void **state) {
    struct trace trace;

    (void)state;
    for (size_t size = 0; size < SAMPLE_SIZE - 1; size++) {
        assert_status(sample, size, JSON_MORE);
        read_whole(&trace, sample, size);
        assert_memory_equal(trace.text, sample_tokens, trace.size);
    }
}

static void any_wrong_byte_is_survived(void **state) {
    char copy[SAMPLE_SIZE];
    struct trace whole;
    struct trace bytes;

    (void)state;
    for (size_t i = 0; i < SAMPLE_SIZE; i++) {
        memcpy(copy, sample, i);
        memcpy(copy + i, sample + i + 1, SAMPLE_SIZE - i - 1);
        assert_int_equal(read_whole(&whole, copy, SAMPLE_SIZE - 1),
            read_bytes(&bytes, copy, SAMPLE_SIZE - 1));
        assert_string_equal(whole.text, bytes.text);
    }
    for (size_t i = 0; i < SAMPLE_SIZE * 256; i++) {
        memcpy(copy, sample, SAMPLE_SIZE);
        copy[i / 256] = (char)(i % 256);
        read_whole(&whole, copy, SAMPLE_SIZE);
    }
}

static void bad_stays_bad(void **state) {
    struct iperf3_json_reader reader;
    struct trace trace = { 0 };

    (void)state;
    iperf3_json_reader_init(&reader, on_token, &trace);
    assert_int_equal(feed(&reader, "{]", 2), JSON_BAD);
    assert_int_equal(feed(&reader, "", 0), JSON_BAD);
    assert_int_equal(feed(&reader, " ", 1), JSON_BAD);
    assert_int_equal(feed(&reader, "{}", 2), JSON_BAD);
    assert_int_equal(trace.calls, 1);
}

static void after_the_object_only_white_space_follows(void **state) {
    struct iperf3_json_reader reader;
    struct trace trace = { 0 };

    (void)state;
    iperf3_json_reader_init(&reader, on_token, &trace);
    assert_int_equal(feed(&reader, "", 0), JSON_MORE);
    assert_int_equal(feed(&reader, "{}", 2), JSON_DONE);
    assert_int_equal(feed(&reader, "", 0), JSON_DONE);
    assert_int_equal(feed(&reader, " \t\r\n", 4), JSON_DONE);
    assert_int_equal(feed(&reader, "{", 1), JSON_BAD);
    assert_int_equal(trace.calls, 2);
}

static void a_refused_token_ends_the_message(void **state) {
    struct trace all;

    (void)state;
    read_whole(&all, sample, SAMPLE_SIZE);
    for (unsigned refuse = 1; refuse <= all.calls; refuse++) {
        struct iperf3_json_reader reader;
        struct trace trace = { .refuse = refuse };

        iperf3_json_reader_init(&reader, on_token, &trace);
        assert_int_equal(feed(&reader, sample, SAMPLE_SIZE), JSON_BAD);
        assert_int_equal(feed(&reader, sample, SAMPLE_SIZE), JSON_BAD);
        assert_int_equal(trace.calls, refuse);
    }
}

// The first piece is refused while each kind of byte makes room for itself.
static void a_refused_piece_ends_the_message(void **state) {
    static const char *const tails[] = {
        "a\"}", "\\n\"}", "\\u00e4\"}", "\\ud800\"}", "\\ud800\\n\"}",
        "\\ud800\\u0041\"}", "\\ud83d\\ude00\"}", "\\udc00\"}",
    };

    (void)state;
    for (size_t i = 0; i < COUNT(tails); i++) {
        for (size_t fill = IPERF3_JSON_TEXT_SIZE - 4; fill <= IPERF3_JSON_TEXT_SIZE; fill++) {
            char document[128] = "{\"a\":\"";
            struct iperf3_json_reader reader;
            struct trace trace = { .refuse = 2 };

            memset(document + 6, 'x', fill);
            strcat(document, tails[i]);
            iperf3_json_reader_init(&reader, on_token, &trace);
            assert_int_equal(feed(&reader, document, strlen(document)), JSON_BAD);
            assert_int_equal(trace.calls, 2);
        }
    }
}

// Opens count containers in all: the message's object, then arrays and objects
// as the bits of kinds say; and closes them.
static size_t nest(char *document, unsigned count, uint64_t kinds) {
    char *at = document;

    *at++ = '{';
    for (unsigned i = 1; i < count; i++) {
        bool in_array = i > 1 && (kinds >> (i - 1) & 1) != 0;

        if (!in_array) {
            memcpy(at, "\"\":", 3);
            at += 3;
        }
        *at++ = (kinds >> i & 1) != 0 ? '[' : '{';
    }
    for (unsigned i = count - 1; i > 0; i--) {
        *at++ = (kinds >> i & 1) != 0 ? ']' : '}';
    }
    *at++ = '}';
    return (size_t)(at - document);
}

static void nesting_has_a_limit(void **state) {
    static const uint64_t kinds[] = {
        0, UINT64_MAX, 0xaaaaaaaaaaaaaaaa, 0x5555555555555555, 0x0123456789abcdef,
    };
    char document[256];

    (void)state;
    for (size_t i = 0; i < COUNT(kinds); i++) {
        for (unsigned count = 1; count <= 40; count++) {
            size_t size = nest(document, count, kinds[i]);

            assert_status(document, size, count <= IPERF3_JSON_MAX_DEPTH ? JSON_DONE : JSON_BAD);
        }
    }
}

static void the_limit_is_on_what_is_open_at_once(void **state) {
    struct iperf3_json_reader reader;
    struct trace trace = { 0 };

    (void)state;
    iperf3_json_reader_init(&reader, on_token, &trace);
    assert_int_equal(feed(&reader, "{\"a\":[1", 7), JSON_MORE);
    for (unsigned i = 0; i < 100; i++) {
        assert_int_equal(feed(&reader, ",[],{}", 6), JSON_MORE);
    }
    assert_int_equal(feed(&reader, "]}", 2), JSON_DONE);
    assert_int_equal(trace.calls, 405);
}

static void every_bracket_closes_its_own_kind(void **state) {
    char document[256];

    (void)state;
    size_t size = nest(document, IPERF3_JSON_MAX_DEPTH, 0x5a5a);
    for (size_t i = size - IPERF3_JSON_MAX_DEPTH; i < size; i++) {
        char right = document[i];

        document[i] = right == ']' ? '}' : ']';
        assert_status(document, size, JSON_BAD);
        document[i] = right;
    }
    assert_status(document, size, JSON_DONE);
}

static void a_long_string_comes_in_pieces(void **state) {
    (void)state;
    for (unsigned size = 0; size < 4 * IPERF3_JSON_TEXT_SIZE; size++) {
        char document[512] = "{\"a\":\"";
        char expected[512] = "0{";
        unsigned done = 0;

        for (unsigned i = 0; i < size; i++) {
            document[6 + i] = (char)('A' + i % 26);
        }
        strcat(document, "\"}");
        do {
            bool last = size - done <= IPERF3_JSON_TEXT_SIZE;
            unsigned piece = last ? size - done : IPERF3_JSON_TEXT_SIZE;

            snprintf(expected + strlen(expected), 90, " 1as(%.*s)%s", (int)piece,
                document + 6 + done, last ? "" : "+");
            done += piece;
        } while (done < size);
        strcat(expected, " 0}");
        assert_tokens(document, expected);
    }
}

static void escapes_become_utf8(void **state) {
    static const struct {
        const char *json;
        const char *utf8;
    } cases[] = {
        { "\\\"\\\\\\/\\b\\f\\n\\r\\t", "\"\\/\b\f\n\r\t" },
        { "\\u0001\\u0041\\u007f", "\x01\x41\x7f" },
        { "\\u0080\\u07ff", "\xc2\x80\xdf\xbf" },
        { "\\u0800\\uFFFF\\ud7ff\\uE000", "\xe0\xa0\x80\xef\xbf\xbf\xed\x9f\xbf\xee\x80\x80" },
        { "\\ud800\\udc00\\uDBFF\\uDFFF", "\xf0\x90\x80\x80\xf4\x8f\xbf\xbf" },
        { "\\ud83d\\ude00\\u20ac", "\xf0\x9f\x98\x80\xe2\x82\xac" },
        { "\\u00e4\\u00C4", "\xc3\xa4\xc3\x84" },
        { "\\uabcd\\uefAB\\uCDEF", "\xea\xaf\x8d\xee\xbe\xab\xec\xb7\xaf" },
        { "\\u1234\\u5678\\u9012", "\xe1\x88\xb4\xe5\x99\xb8\xe9\x80\x92" },
        // Halves of pairs.
        { "\\ud800", "\xef\xbf\xbd" },
        { "\\udc00", "\xef\xbf\xbd" },
        { "\\ud800x", "\xef\xbf\xbdx" },
        { "\\ud800\\n", "\xef\xbf\xbd\n" },
        { "\\ud800\\u0041", "\xef\xbf\xbd\x41" },
        { "\\ud800\\ud800", "\xef\xbf\xbd\xef\xbf\xbd" },
        { "\\ud800\\ud83d\\ude00", "\xef\xbf\xbd\xf0\x9f\x98\x80" },
        { "\\udc00\\ud800", "\xef\xbf\xbd\xef\xbf\xbd" },
        { "\\ud83d\\ude00\\ude00", "\xf0\x9f\x98\x80\xef\xbf\xbd" },
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        char document[80];
        char expected[80];

        snprintf(document, sizeof(document), "{\"a\":\"%s\",\"b\":\"\"}", cases[i].json);
        snprintf(expected, sizeof(expected), "0{ 1as(%s) 1bs() 0}", cases[i].utf8);
        assert_tokens(document, expected);
        snprintf(document, sizeof(document), "{\"%s\":1,\"b\":1}", cases[i].json);
        snprintf(expected, sizeof(expected), "0{ 1%sn(1) 1bn(1) 0}", cases[i].utf8);
        assert_tokens(document, expected);
    }
}

static void a_number_has_a_longest_form(void **state) {
    char document[128] = "{\"a\":";

    (void)state;
    memset(document + 5, '1', IPERF3_JSON_TEXT_SIZE);
    memcpy(document + 5 + IPERF3_JSON_TEXT_SIZE, "}", 2);
    assert_status(document, strlen(document), JSON_DONE);
    memcpy(document + 5 + IPERF3_JSON_TEXT_SIZE, "1", 2);
    assert_status(document, strlen(document), JSON_BAD);
}

static bool compare_key(void *context, const struct iperf3_json_token *token) {
    return token->type != JSON_TRUE || !iperf3_json_key_is(token, context);
}

// Reads an object with one key and tells whether it is taken for the other.
static bool is_taken_for(const char *key, const char *other) {
    char document[512];
    char name[512];
    struct iperf3_json_reader reader;

    strcpy(name, other);
    snprintf(document, sizeof(document), "{\"%s\":true}", key);
    iperf3_json_reader_init(&reader, compare_key, name);
    return feed(&reader, document, strlen(document)) == JSON_BAD;
}

static void the_case_of_a_key_does_not_matter(void **state) {
    (void)state;
    assert_true(is_taken_for("tcp", "tcp"));
    assert_true(is_taken_for("TCP", "tcp"));
    assert_true(is_taken_for("tcp", "TCP"));
    assert_true(is_taken_for("", ""));
    assert_true(is_taken_for("azAZ_09", "AZaz_09"));
    assert_true(is_taken_for("\\u0054os", "TOS"));
    assert_false(is_taken_for("tcp", "udp"));
    assert_false(is_taken_for("tc", "tcp"));
    assert_false(is_taken_for("tcpp", "tcp"));
    assert_false(is_taken_for("", "tcp"));
    assert_false(is_taken_for("tcp", ""));
    assert_false(is_taken_for("@[`{", "`{@["));
    assert_false(is_taken_for("len\\u0000", "len"));
    assert_false(is_taken_for("\\u0000", ""));
}

static void a_key_that_is_too_long_matches_nothing(void **state) {
    (void)state;
    for (size_t size = 1; size < 300; size++) {
        char key[300] = "";
        bool fits = size < IPERF3_JSON_KEY_SIZE;

        memset(key, 'k', size);
        assert_int_equal(is_taken_for(key, key), fits);
        key[size - 1] = '\0';
        for (size_t cut = 1; cut <= size && !fits; cut++) {
            char other[300] = "";

            memset(other, 'k', cut);
            key[size - 1] = 'k';
            assert_false(is_taken_for(key, other));
        }
    }
}

static void a_key_that_is_too_long_is_cut(void **state) {
    (void)state;
    assert_tokens("{\"0123456789012345678901234567890\":1,"
        "\"01234567890123456789012345678901\":2,\"b\":3}",
        "0{ 10123456789012345678901234567890n(1)"
        " 1012345678901234567890123456789\xffn(2) 1bn(3) 0}");
}

static void the_reader_is_small(void **state) {
    (void)state;
    assert_true(sizeof(struct iperf3_json_reader) - 2 * sizeof(void *) <= 120);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_token_has_its_depth_and_key),
        cmocka_unit_test(every_split_in_three_gives_the_same_tokens),
        cmocka_unit_test(messages_of_iperf3_are_read),
        cmocka_unit_test(good_documents_are_taken),
        cmocka_unit_test(bad_documents_are_refused),
        cmocka_unit_test(a_nul_byte_is_refused_everywhere),
        cmocka_unit_test(what_is_cut_off_is_unfinished),
        cmocka_unit_test(any_wrong_byte_is_survived),
        cmocka_unit_test(bad_stays_bad),
        cmocka_unit_test(after_the_object_only_white_space_follows),
        cmocka_unit_test(a_refused_token_ends_the_message),
        cmocka_unit_test(a_refused_piece_ends_the_message),
        cmocka_unit_test(nesting_has_a_limit),
        cmocka_unit_test(the_limit_is_on_what_is_open_at_once),
        cmocka_unit_test(every_bracket_closes_its_own_kind),
        cmocka_unit_test(a_long_string_comes_in_pieces),
        cmocka_unit_test(escapes_become_utf8),
        cmocka_unit_test(a_number_has_a_longest_form),
        cmocka_unit_test(the_case_of_a_key_does_not_matter),
        cmocka_unit_test(a_key_that_is_too_long_matches_nothing),
        cmocka_unit_test(a_key_that_is_too_long_is_cut),
        cmocka_unit_test(the_reader_is_small),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
