// test_error.c - texts are iperf3's
// SPDX-License-Identifier: MIT

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>

#include <limits.h>
#include <stdlib.h>

#include "iperf3_test.h"
#include "vectors.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const char unknown[] = "unknown error";

// Those that a server may send to a client that asks for what we can ask for, and
// those that our server refuses an option with.
static const int32_t numbers[] = {
    5, 6, 7, 8, 10, 12, 13, 15, 20, 21, 27, 34, 37, 106, 110, 114, 116, 117, 119, 120, 121, 123,
    131, 132, 134, 140, 141, 142, 144, 145, 160, 200, 201, 202, 203, 204, 205, 206, 207, 208,
};

static bool has_text(int32_t number) {
    return strcmp(iperf3_server_error_text(number), unknown) != 0;
}

static void a_number_that_a_server_sends_has_a_text(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT(numbers); i++) {
        assert_true(has_text(numbers[i]));
    }
}

static void other_numbers_are_unknown(void **state) {
    unsigned known = 0;

    (void)state;
    for (int32_t number = -1000; number <= 1000; number++) {
        known += has_text(number);
    }
    assert_int_equal(known, COUNT(numbers));
    assert_false(has_text(INT32_MAX));
    assert_false(has_text(INT32_MIN));
}

static void texts_are_what_iperf3_prints(void **state) {
    struct vector errors;
    unsigned compared = 0;

    (void)state;
    assert_true(vector_load(&errors, "3.12", "ERRORS.txt"));
    for (char *line = strtok(errors.text, "\n"); line != NULL; line = strtok(NULL, "\n")) {
        char *text;
        int32_t number = (int32_t)strtol(line, &text, 10);

        if (has_text(number)) {
            assert_string_equal(iperf3_server_error_text(number), text + 1);
            compared++;
        }
    }
    assert_int_equal(compared, COUNT(numbers) - 3); // 34, 37 and 160 came later
}

static const enum iperf3_error all_errors[] = {
    IPERF3_OK,
    IPERF3_ERR_ARGUMENT, IPERF3_ERR_MEMORY, IPERF3_ERR_STATE, IPERF3_ERR_STOPPED,
    IPERF3_ERR_NOT_BUILT_IN,
    IPERF3_ERR_REFUSED, IPERF3_ERR_UNREACHABLE, IPERF3_ERR_CLOSED, IPERF3_ERR_TIMEOUT,
    IPERF3_ERR_STREAM, IPERF3_ERR_ADDRESS_IN_USE, IPERF3_ERR_NO_MEMORY, IPERF3_ERR_IDLE,
    IPERF3_ERR_PROTOCOL, IPERF3_ERR_PARAMETERS, IPERF3_ERR_RESULTS, IPERF3_ERR_UNWILLING,
    IPERF3_ERR_BUSY, IPERF3_ERR_SERVER_TERMINATED, IPERF3_ERR_CLIENT_TERMINATED,
    IPERF3_ERR_SERVER_ERROR,
};

static void every_error_has_a_text_of_its_own(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT(all_errors); i++) {
        const char *text = iperf3_strerror(all_errors[i]);

        assert_non_null(text);
        assert_true(strlen(text) > 0);
        assert_string_not_equal(text, unknown);
        for (size_t j = 0; j < i; j++) {
            assert_string_not_equal(text, iperf3_strerror(all_errors[j]));
        }
    }
}

static void a_value_that_is_no_error_is_unknown(void **state) {
    (void)state;
    assert_string_equal(iperf3_strerror((enum iperf3_error)-99), unknown);
}

// What iperf3 3.12 printed where this happened to it.
static void errors_that_iperf3_has_are_told_in_its_words(void **state) {
    static const struct {
        enum iperf3_error error;
        const char *text;
    } table[] = {
        { IPERF3_ERR_REFUSED, "unable to connect to server: Connection refused" },
        { IPERF3_ERR_UNREACHABLE, "unable to connect to server: Connection timed out" },
        { IPERF3_ERR_ADDRESS_IN_USE,
          "unable to start listener for connections: Address already in use" },
        { IPERF3_ERR_CLOSED, "control socket has closed unexpectedly" },
        { IPERF3_ERR_TIMEOUT, "idle timeout for receiving data" },
        { IPERF3_ERR_STREAM, "stream socket has closed unexpectedly" },
        { IPERF3_ERR_PROTOCOL, "received an unknown control message" },
        { IPERF3_ERR_PARAMETERS, "unable to receive parameters from client" },
        { IPERF3_ERR_RESULTS, "unable to receive results" },
        { IPERF3_ERR_UNWILLING, "an option you are trying to set is not implemented yet" },
        { IPERF3_ERR_BUSY, "the server is busy running a test. try again later" },
        { IPERF3_ERR_SERVER_TERMINATED, "the server has terminated" },
        { IPERF3_ERR_CLIENT_TERMINATED, "the client has terminated" },
    };

    (void)state;
    for (size_t i = 0; i < COUNT(table); i++) {
        assert_string_equal(iperf3_strerror(table[i].error), table[i].text);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_number_that_a_server_sends_has_a_text),
        cmocka_unit_test(other_numbers_are_unknown),
        cmocka_unit_test(texts_are_what_iperf3_prints),
        cmocka_unit_test(every_error_has_a_text_of_its_own),
        cmocka_unit_test(a_value_that_is_no_error_is_unknown),
        cmocka_unit_test(errors_that_iperf3_has_are_told_in_its_words),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
