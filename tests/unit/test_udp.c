// test_udp.c - set-up words and headers of datagrams
// SPDX-License-Identifier: MIT

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "iperf3_udp.h"

static const struct iperf3_udp_header header = {
    .sequence = 0x1122334455667788,
    .sent_us = 0x01020304ull * 1000000 + 0x000a0b0c,
};

static void the_short_header_is_12_bytes(void **state) {
    uint8_t bytes[IPERF3_UDP_MAX_HEADER] = { 0 };
    struct iperf3_udp_header read;

    (void)state;
    iperf3_udp_write(bytes, false, &header);
    assert_memory_equal(bytes, "\x01\x02\x03\x04\x00\x0a\x0b\x0c\x55\x66\x77\x88\0\0\0\0", 16);
    assert_int_equal(iperf3_udp_header_size(false), 12);
    iperf3_udp_read(bytes, false, &read);
    assert_int_equal(read.sequence, 0x55667788);
    assert_int_equal(read.sent_us, header.sent_us);
}

static void the_long_header_is_16_bytes(void **state) {
    uint8_t bytes[IPERF3_UDP_MAX_HEADER];
    struct iperf3_udp_header read;

    (void)state;
    iperf3_udp_write(bytes, true, &header);
    assert_memory_equal(bytes, "\x01\x02\x03\x04\x00\x0a\x0b\x0c\x11\x22\x33\x44\x55\x66\x77\x88", 16);
    assert_int_equal(iperf3_udp_header_size(true), 16);
    iperf3_udp_read(bytes, true, &read);
    assert_int_equal(read.sequence, header.sequence);
    assert_int_equal(read.sent_us, header.sent_us);
}

static void the_replies_of_all_versions_are_known(void **state) {
    (void)state;
    assert_memory_equal(iperf3_udp_connect, "9876", 4);
    assert_true(iperf3_udp_is_reply(iperf3_udp_reply));
    assert_true(iperf3_udp_is_reply((const uint8_t *)"6789"));
    assert_true(iperf3_udp_is_reply((const uint8_t *)"\xb1\x68\xde\x3a"));
    assert_true(iperf3_udp_is_reply((const uint8_t *)"\x3a\xde\x68\xb1"));
    assert_true(iperf3_udp_is_reply((const uint8_t *)"9876"));
    assert_false(iperf3_udp_is_reply((const uint8_t *)"\x15\xcd\x5b\x07"));
    assert_false(iperf3_udp_is_reply((const uint8_t *)"678\0"));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_short_header_is_12_bytes),
        cmocka_unit_test(the_long_header_is_16_bytes),
        cmocka_unit_test(the_replies_of_all_versions_are_known),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
