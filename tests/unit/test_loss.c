// test_loss.c - loss, reordering and jitter as iperf3 counts them
// SPDX-License-Identifier: MIT

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "iperf3_loss.h"

// Check values of iperf3 3.21, seen.
static void gaps_are_lost_and_late_packets_are_given_back(void **state) {
    static const struct {
        uint8_t sequences[8]; // up to the first 255
        uint64_t packets;
        uint64_t lost;
        uint64_t out_of_order;
    } cases[] = {
        { { 1, 2, 3, 255 }, 3, 0, 0 },
        { { 1, 2, 5, 6, 255 }, 6, 2, 0 },
        { { 1, 3, 2, 4, 255 }, 4, 0, 1 },
        { { 1, 2, 2, 3, 255 }, 3, 0, 1 },
        { { 1, 2, 5, 5, 6, 255 }, 6, 1, 1 },
        { { 5, 255 }, 5, 4, 0 },
        { { 0, 1, 2, 255 }, 2, 0, 1 },
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct iperf3_loss loss = { 0 };

        for (unsigned k = 0; cases[i].sequences[k] != 255; k++) {
            iperf3_loss_take(&loss, cases[i].sequences[k], 0, 0);
        }
        assert_int_equal(loss.packets.all, cases[i].packets);
        assert_int_equal(loss.lost.all, cases[i].lost);
        assert_int_equal(loss.out_of_order.all, cases[i].out_of_order);
    }
}

static void a_sequence_beyond_32_bits_is_one_step(void **state) {
    struct iperf3_loss loss = { 0 };

    (void)state;
    iperf3_loss_take(&loss, 1ull << 40, 0, 0);
    assert_int_equal(loss.lost.all, (1ull << 40) - 1);
    assert_int_equal(loss.packets.all, 1ull << 40);
}

static void what_was_lost_before_may_come_after_the_omitted_seconds(void **state) {
    struct iperf3_loss loss = { 0 };

    (void)state;
    iperf3_loss_take(&loss, 3, 0, 0);
    iperf3_loss_omit(&loss);
    iperf3_loss_take(&loss, 1, 0, 0);
    assert_int_equal((int64_t)iperf3_counter_total(&loss.lost), -1);
    assert_int_equal((int64_t)iperf3_counter_take_interval(&loss.lost), -1);
    assert_int_equal(iperf3_counter_total(&loss.packets), 0);
    assert_int_equal(iperf3_counter_total(&loss.out_of_order), 1);
}

// The formula of RFC 1889 in floating point, from the second datagram on.
static void jitter_is_rfc_1889s(void **state) {
    struct iperf3_loss loss = { 0 };
    double jitter = 0;
    double transit = 0;
    uint32_t sent = 0xffff0000; // the sender's clock wraps on the way
    uint32_t arrived = 12345;

    (void)state;
    srand(1);
    for (uint64_t sequence = 1; sequence <= 10000; sequence++) {
        uint32_t delay = 500 + (uint32_t)rand() % 3000;
        double d = sequence == 1 ? 0 : delay - transit;

        transit = delay;
        jitter += ((d < 0 ? -d : d) - jitter) / 16;
        iperf3_loss_take(&loss, sequence, sent, arrived + delay);
        sent += 1000;
        arrived += 1000;
        assert_in_range((uint64_t)(iperf3_loss_jitter_us(&loss) + 2), (uint64_t)jitter, (uint64_t)jitter + 4);
    }
    assert_true(jitter > 500);
}

static void clocks_that_differ_do_not_make_jitter(void **state) {
    struct iperf3_loss loss = { 0 };

    (void)state;
    iperf3_loss_take(&loss, 1, 4000000000u, 100);
    iperf3_loss_take(&loss, 2, 4000001000u, 1100);
    assert_int_equal(iperf3_loss_jitter_us(&loss), 0);
    iperf3_loss_take(&loss, 3, 4000002000u, 2100 + 160);
    assert_int_equal(iperf3_loss_jitter_us(&loss), 10);
    iperf3_loss_omit(&loss);
    assert_int_equal(iperf3_loss_jitter_us(&loss), 0);
    iperf3_loss_take(&loss, 4, 4000003000u, 999999);
    assert_int_equal(iperf3_loss_jitter_us(&loss), 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gaps_are_lost_and_late_packets_are_given_back),
        cmocka_unit_test(a_sequence_beyond_32_bits_is_one_step),
        cmocka_unit_test(what_was_lost_before_may_come_after_the_omitted_seconds),
        cmocka_unit_test(jitter_is_rfc_1889s),
        cmocka_unit_test(clocks_that_differ_do_not_make_jitter),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
