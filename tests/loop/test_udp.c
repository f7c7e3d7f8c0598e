// test_udp.c - whole UDP tests, and paced TCP, between two sessions
// SPDX-License-Identifier: MIT

#include "iperf3_session.h"
#include "pair.h"
#include "wire.h"

static struct iperf3_config udp_config(void) {
    struct iperf3_config config = loop_config();

    config.test.protocol = IPERF3_UDP;
    config.test.length = 1000;
    config.test.bits_per_s = 1000000;
    return config;
}

static const struct iperf3_counts *receiver_counts(const struct end *end, unsigned stream) {
    return &end->streams[stream].counts;
}

// On a wire that loses nothing each datagram arrives, in order.
static void assert_nothing_lost(const struct end *sender, const struct end *receiver) {
    for (unsigned i = 0; i < sender->last.stream_count; i++) {
        if (sender->streams[i].sender) {
            const struct iperf3_counts *counts = receiver_counts(receiver, i);

            assert_true(sender->streams[i].counts.packets > 0);
            assert_int_equal(counts->packets, sender->streams[i].counts.packets);
            assert_int_equal(counts->bytes, sender->streams[i].counts.bytes);
            assert_int_equal(counts->lost, 0);
            assert_int_equal(counts->out_of_order, 0);
        }
    }
}

static void assert_udp_results_exchanged(void) {
    assert_results_exchanged();
    for (unsigned i = 0; i < client.last.stream_count; i++) {
        assert_int_equal(client.streams[i].remote.packets, server.streams[i].counts.packets);
        assert_int_equal(client.streams[i].remote.lost, server.streams[i].counts.lost);
        assert_int_equal(client.streams[i].remote.jitter_us, server.streams[i].counts.jitter_us);
        assert_int_equal(server.streams[i].remote.packets, client.streams[i].counts.packets);
    }
}

// Within half a percent, or the block at the end.
static void assert_paced(uint64_t bytes, uint64_t us, uint64_t bits_per_s, uint32_t length) {
    uint64_t asked = bits_per_s * us / (8 * S);
    uint64_t tolerance = asked / 200 + length;

    assert_in_range(bytes, asked - tolerance, asked + tolerance);
}

static void a_forward_test_is_paced_and_loses_nothing(void **state) {
    struct iperf3_config config = udp_config();

    (void)state;
    whole_test(&config);
    assert_udp_results_exchanged();
    assert_nothing_lost(&client, &server);
    assert_paced(sent(&client), client.last.end_us, 1000000, 1000);
    assert_int_equal(client.streams[0].counts.packets * 1000, sent(&client));
    assert_in_range(server.streams[0].counts.jitter_us, 0, 1100);
    close_both();
}

static void in_reverse_what_was_sent_is_received_or_lost(void **state) {
    struct iperf3_config config = udp_config();

    (void)state;
    config.test.direction = IPERF3_REVERSE;
    config.test.parallel = 3;
    whole_test(&config);
    assert_udp_results_exchanged();
    assert_nothing_lost(&server, &client);
    assert_paced(sent(&server), server.last.end_us, 3000000, 3000);
    close_both();
}

static void in_bidir_both_send_datagrams(void **state) {
    struct iperf3_config config = udp_config();

    (void)state;
    config.test.direction = IPERF3_BIDIR;
    config.test.parallel = 2;
    whole_test(&config);
    assert_int_equal(client.last.stream_count, 4);
    assert_nothing_lost(&client, &server);
    assert_paced(received(&client), client.last.end_us, 2000000, 2000);
    close_both();
}

static void counters_of_64_bits_make_a_longer_header(void **state) {
    struct iperf3_config config = udp_config();

    (void)state;
    config.test.udp_counters_64bit = true;
    config.test.length = 16; // all of it header
    whole_test(&config);
    assert_nothing_lost(&client, &server);
    close_both();
}

static void an_unlimited_sender_fills_the_wire(void **state) {
    struct iperf3_config config = udp_config();

    (void)state;
    config.test.bits_per_s = 0;
    config.test.length = 1460;
    config.test.duration_s = 0;
    config.test.blocks = 500;
    whole_test(&config);
    assert_udp_results_exchanged();
    assert_int_equal(client.streams[0].counts.packets, 500);
    close_both();
}

static void loss_is_counted(void **state) {
    struct iperf3_config config = udp_config();
    const struct iperf3_counts *counts;

    (void)state;
    config.test.duration_s = 20;
    serve(&config);
    connect_client(&config);
    loop_run(S, NULL, NULL);
    wire.loss = 100; // TCP's control connection gets through all the same
    assert_true(loop_run(120 * S, client_is_done, NULL));
    wire.loss = 0;
    loop_run(10 * S, NULL, NULL);
    assert_int_equal(client.last.type, IPERF3_FINISHED);
    assert_udp_results_exchanged();
    counts = receiver_counts(&server, 0);
    assert_int_equal(counts->bytes / 1000 + (uint64_t)counts->lost, counts->packets);
    assert_in_range(counts->lost * 100, counts->packets * 7, counts->packets * 13);
    close_both();
}

static bool client_runs(void *context) {
    (void)context;
    return client.session->phase == PHASE_CLIENT_RUNNING;
}

static void in_reverse_a_lost_datagram_is_made_up_for(void **state) {
    struct iperf3_config config = udp_config();

    (void)state;
    config.test.direction = IPERF3_REVERSE;
    config.test.duration_s = 0;
    config.test.blocks = 500;
    serve(&config);
    connect_client(&config);
    assert_true(loop_run(S, client_runs, NULL));
    wire.loss = 100;
    assert_true(loop_run(20 * S, client_is_done, NULL));
    assert_int_equal(client.last.type, IPERF3_FINISHED);
    assert_true(receiver_counts(&client, 0)->lost > 0);
    assert_true(received(&client) >= 500 * 1000);
    close_both();
}

static void omitted_seconds_are_in_no_count(void **state) {
    struct iperf3_config config = udp_config();

    (void)state;
    config.test.omit_s = 1;
    whole_test(&config);
    assert_udp_results_exchanged();
    assert_paced(sent(&client), client.last.end_us, 1000000, 1000);
    assert_in_range(client.streams[0].counts.packets, 249, 252);
    assert_in_range(server.streams[0].counts.packets, 240, 252);
    close_both();
}

static bool server_waits_for_streams(void *context) {
    (void)context;
    return server.session->phase == PHASE_WAIT_STREAMS;
}

// While it opens UDP streams a client has nothing to say on the control connection
// that would take the acknowledgement along. Old servers wait for it.
static void control_messages_are_acknowledged_at_once(void **state) {
    struct iperf3_config config = udp_config();

    (void)state;
    wire.delay_us = 10000;
    config.test.parallel = 4; // four round trips
    serve(&config);
    connect_client(&config);
    assert_true(loop_run(S, server_waits_for_streams, NULL));
    assert_non_null(server.session->control.channel.pcb->unacked);
    loop_run(25000, NULL, NULL);
    assert_int_equal(server.session->phase, PHASE_WAIT_STREAMS);
    assert_null(server.session->control.channel.pcb->unacked);
    close_both();
}

static void a_lost_reply_does_not_hold_up_the_test(void **state) {
    struct iperf3_config config = udp_config();

    (void)state;
    serve(&config);
    connect_client(&config);
    loop_run(S, server_waits_for_streams, NULL);
    wire.drop_replies = true;
    assert_true(loop_run(30 * S, client_is_done, NULL));
    assert_int_equal(client.last.type, IPERF3_FINISHED);
    close_both();
}

static void a_paced_sender_does_not_begin_with_a_burst(void **state) {
    (void)state;
    for (unsigned udp = 0; udp < 2; udp++) {
        struct iperf3_config config = udp_config();

        loop_set_up();
        config.test.protocol = udp ? IPERF3_UDP : IPERF3_TCP;
        serve(&config);
        connect_client(&config);
        assert_true(loop_run(S, client_runs, NULL));
        loop_run(S / 50, NULL, NULL);
        assert_paced(client.session->streams[0].bytes.all, S / 50, 1000000, 1000);
        close_both();
        loop_tear_down();
    }
}

static void pacing_holds_for_tcp_too(void **state) {
    static const uint64_t rates[] = { 100000, 1000000, 8000000 };

    (void)state;
    for (unsigned i = 0; i < sizeof(rates) / sizeof(rates[0]); i++) {
        for (unsigned reverse = 0; reverse < 2; reverse++) {
            struct iperf3_config config = loop_config();

            loop_set_up();
            config.test.length = 1000;
            config.test.bits_per_s = rates[i];
            config.test.duration_s = 5;
            config.test.direction = reverse ? IPERF3_REVERSE : IPERF3_FORWARD;
            whole_test(&config);
            assert_paced(reverse ? received(&client) : sent(&client), client.last.end_us, rates[i], 2000);
            close_both();
            loop_tear_down();
        }
    }
}

static void bursts_are_as_long_as_asked(void **state) {
    struct iperf3_config config = udp_config();

    (void)state;
    config.test.burst = 10;
    config.interval_ms = 100;
    whole_test(&config);
    assert_nothing_lost(&client, &server);
    assert_int_equal(client.streams[0].counts.packets % 10, 0);
    assert_paced(sent(&client), client.last.end_us, 1000000, 10000);
    close_both();
}

int main(void) {
    const struct CMUnitTest tests[] = {
        PAIR_TEST(a_forward_test_is_paced_and_loses_nothing),
        PAIR_TEST(in_reverse_what_was_sent_is_received_or_lost),
        PAIR_TEST(in_bidir_both_send_datagrams),
        PAIR_TEST(counters_of_64_bits_make_a_longer_header),
        PAIR_TEST(an_unlimited_sender_fills_the_wire),
        PAIR_TEST(loss_is_counted),
        PAIR_TEST(in_reverse_a_lost_datagram_is_made_up_for),
        PAIR_TEST(omitted_seconds_are_in_no_count),
        PAIR_TEST(control_messages_are_acknowledged_at_once),
        PAIR_TEST(a_lost_reply_does_not_hold_up_the_test),
        cmocka_unit_test(a_paced_sender_does_not_begin_with_a_burst),
        cmocka_unit_test(pacing_holds_for_tcp_too),
        PAIR_TEST(bursts_are_as_long_as_asked),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
