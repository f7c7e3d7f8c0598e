// test_tcp.c - whole TCP tests between two sessions
// SPDX-License-Identifier: MIT

#include "iperf3_session.h"
#include "lwip/tcp.h"
#include "pair.h"
#include "wire.h"

static struct end second;

/// Good ends ///

static void a_forward_test_counts_the_same_on_both_sides(void **state) {
    struct iperf3_config config = loop_config();

    (void)state;
    whole_test(&config);
    assert_results_exchanged();
    assert_int_equal(sent(&client), received(&server));
    assert_int_equal(sent(&client) % config.test.length, 0);
    assert_rate_is_near(sent(&client), client.last.end_us, wire.bits_per_s);
    assert_int_equal(client.interval_bytes, sent(&client));
    assert_int_equal(server.interval_bytes, received(&server));
    assert_int_equal(client.reports[IPERF3_INTERVAL], 2);
    close_both();
}

static void in_reverse_the_server_sends(void **state) {
    struct iperf3_config config = loop_config();

    (void)state;
    config.test.direction = IPERF3_REVERSE;
    whole_test(&config);
    assert_results_exchanged();
    assert_int_equal(sent(&client), 0);
    assert_rate_is_near(received(&client), client.last.end_us, wire.bits_per_s);
    assert_in_range(sent(&server) - received(&client), 0, TCP_SND_BUF + TCP_WND);
    close_both();
}

static void in_bidir_both_directions_run_at_once(void **state) {
    struct iperf3_config config = loop_config();

    (void)state;
    config.test.direction = IPERF3_BIDIR;
    config.test.parallel = 2;
    whole_test(&config);
    assert_results_exchanged();
    assert_int_equal(client.last.stream_count, 4);
    assert_int_equal(sent(&client), received(&server));
    assert_rate_is_near(sent(&client), client.last.end_us, wire.bits_per_s);
    assert_rate_is_near(received(&client), client.last.end_us, wire.bits_per_s);
    close_both();
}

static void a_hundred_and_twenty_eight_streams_run_in_parallel(void **state) {
    struct iperf3_config config = loop_config();

    (void)state;
    config.max_streams = 256;
    config.test.parallel = 128;
    config.test.direction = IPERF3_BIDIR;
    config.test.length = 1460;
    config.test.duration_s = 5;
    whole_test(&config);
    assert_results_exchanged();
    assert_int_equal(sent(&client), received(&server));
    assert_int_equal(client.streams[127].id, 129);
    assert_int_equal(client.streams[255].id, 257);
    close_both();
}

static void a_test_ends_after_a_number_of_bytes(void **state) {
    struct iperf3_config config = loop_config();

    (void)state;
    config.test.duration_s = 0;
    config.test.bytes = 1000000; // 61.03 blocks
    whole_test(&config);
    assert_int_equal(sent(&client), 62 * 16384);
    assert_int_equal(received(&server), 62 * 16384);
    close_both();

    config.test.direction = IPERF3_REVERSE;
    whole_test(&config);
    assert_in_range(received(&client), 1000000, sent(&server)); // it ends with the segment that does it
    assert_in_range(sent(&server), 1000000, 62 * 16384);
    close_both();
}

static void a_test_ends_after_a_number_of_blocks(void **state) {
    struct iperf3_config config = loop_config();

    (void)state;
    config.test.duration_s = 0;
    config.test.blocks = 20;
    config.test.length = 1000;
    config.test.parallel = 3;
    whole_test(&config);
    // Each stream completes the block it has begun, as iperf3's do.
    assert_in_range(sent(&client), 20000, 20000 + 3 * 1000);
    assert_int_equal(sent(&client), received(&server));
    close_both();
}

static void the_omitted_seconds_do_not_count(void **state) {
    struct iperf3_config config = loop_config();

    (void)state;
    config.test.omit_s = 1;
    whole_test(&config);
    assert_results_exchanged();
    assert_rate_is_near(sent(&client), client.last.end_us, wire.bits_per_s);
    assert_in_range(client.last.end_us, 2 * S, 2 * S + S / 10);
    assert_int_equal(client.interval_bytes, sent(&client));
    assert_in_range(client.omitted_interval_bytes, 1000000, 1250000);
    close_both();
}

static void the_address_may_be_ip6(void **state) {
    struct iperf3_config config = loop_config();

    (void)state;
    serve(&config);
    loop_open(&client, &config);
    assert_int_equal(
        iperf3_connect(client.session, loop_address(true), WIRE_SERVER_PORT), IPERF3_OK);
    assert_true(loop_run(10 * S, client_is_done, NULL));
    assert_string_equal(client.last.remote_host, "fd00::1");
    assert_int_equal(client.last.type, IPERF3_FINISHED);
    close_both();
}

static void a_server_serves_one_test_after_another(void **state) {
    struct iperf3_config config = loop_config();

    (void)state;
    config.test.duration_s = 1;
    serve(&config);
    for (unsigned i = 1; i <= 10; i++) {
        connect_client(&config);
        assert_true(loop_run(10 * S, client_is_done, NULL));
        assert_int_equal(client.last.type, IPERF3_FINISHED);
        loop_close(&client);
        loop_run(S / 10, NULL, NULL);
        assert_int_equal(server.reports[IPERF3_FINISHED], i);
        assert_int_equal(sent(&client), received(&server));
    }
    loop_close(&server);
}

static void a_one_off_server_stops_after_one_test(void **state) {
    struct iperf3_config config = loop_config();

    (void)state;
    config.one_off = true;
    whole_test(&config);
    assert_false(iperf3_running(server.session));
    close_both();
}

static void loss_does_not_make_the_counts_differ(void **state) {
    struct iperf3_config config = loop_config();

    (void)state;
    config.test.duration_s = 10;
    config.test.direction = IPERF3_BIDIR;
    struct iperf3_config serving = config;

    serve(&serving);
    wire.loss = 10;
    connect_client(&config);
    assert_true(loop_run(120 * S, client_is_done, NULL));
    loop_run(S, NULL, NULL);
    assert_int_equal(client.last.type, IPERF3_FINISHED);
    assert_results_exchanged();
    assert_int_equal(sent(&client), received(&server));
    close_both();
}

static void the_same_seed_gives_the_same_test(void **state) {
    struct iperf3_config config = loop_config();
    uint64_t bytes[2];

    (void)state;
    for (unsigned i = 0; i < 2; i++) {
        loop_now_us += S - loop_now_us % S; // lwIP's timers count whole milliseconds
        loop_set_up();
        wire_reset(7);
        wire.loss = 20;
        whole_test(&config);
        bytes[i] = sent(&client);
        close_both();
        loop_tear_down();
    }
    assert_int_equal(bytes[0], bytes[1]);
}

/// Unhappy ends ///

static void nobody_listening_is_refused(void **state) {
    struct iperf3_config config = loop_config();

    (void)state;
    connect_client(&config);
    assert_true(loop_run(S, client_is_done, NULL));
    assert_int_equal(client.last.type, IPERF3_FAILED);
    assert_int_equal(client.last.error, IPERF3_ERR_REFUSED);
    loop_close(&client);
}

static void nobody_answering_is_unreachable_after_the_timeout(void **state) {
    struct iperf3_config config = loop_config();

    (void)state;
    wire.cut = true;
    config.connect_timeout_ms = 5000;
    connect_client(&config);
    assert_false(loop_run(4900000, client_is_done, NULL));
    assert_true(loop_run(200000, client_is_done, NULL));
    assert_int_equal(client.last.error, IPERF3_ERR_UNREACHABLE);
    loop_close(&client);
}

static void a_second_client_is_turned_away_and_not_noticed(void **state) {
    struct iperf3_config config = loop_config();
    uint64_t alone;

    (void)state;
    whole_test(&config);
    alone = received(&server);
    close_both();

    serve(&config);
    connect_client(&config);
    loop_run(S, NULL, NULL);
    loop_open(&second, &config);
    iperf3_connect(second.session, loop_address(false), WIRE_SERVER_PORT);
    loop_run(S / 2, NULL, NULL);
    assert_int_equal(second.last.error, IPERF3_ERR_BUSY);
    loop_close(&second);

    assert_true(loop_run(10 * S, client_is_done, NULL));
    loop_run(S, NULL, NULL);
    assert_int_equal(server.last.type, IPERF3_FINISHED);
    assert_int_equal(server.reports[IPERF3_FAILED], 0);
    assert_in_range(received(&server), alone * 99 / 100, alone * 101 / 100);
    close_both();
}

static void what_a_server_does_not_run_is_refused_with_a_number(void **state) {
    struct iperf3_config config = loop_config();

    (void)state;
    serve(&config);
    config.max_streams = 64;
    config.test.parallel = 64;
    connect_client(&config);
    assert_true(loop_run(S, client_is_done, NULL));
    assert_int_equal(client.last.error, IPERF3_ERR_SERVER_ERROR);
    assert_int_equal(client.last.server_error, 6);
    loop_run(S, NULL, NULL);
    assert_int_equal(server.last.error, IPERF3_ERR_UNWILLING);
    assert_int_equal(server.reports[IPERF3_ACCEPTED], 0);
    close_both();
}

static bool phase_reached(void *context) {
    enum iperf3_phase phase = *(enum iperf3_phase *)context;

    return client.session->phase == phase || server.session->phase == phase;
}

// Begins a test and stops the clock when either end is in this phase. False:
// none ever is, the test is over.
static bool begin_test_up_to(enum iperf3_phase phase) {
    struct iperf3_config config = loop_config();

    config.test.duration_s = 1;
    config.test.direction = IPERF3_BIDIR;
    serve(&config);
    connect_client(&config);
    return loop_run(5 * S, phase_reached, &phase);
}

static bool both_at_rest(void *context) {
    (void)context;
    return !iperf3_running(client.session)
           && (!iperf3_running(server.session) || server.session->phase == PHASE_LISTENING);
}

static void stopping_either_end_in_any_phase_ends_both(void **state) {
    (void)state;
    for (enum iperf3_phase phase = PHASE_CONNECTING; phase < PHASE_COUNT; phase++) {
        for (unsigned stop_server = 0; stop_server < 2; stop_server++) {
            loop_set_up();
            if (begin_test_up_to(phase)) {
                iperf3_stop(stop_server ? server.session : client.session);
                assert_true(loop_run(20 * S, both_at_rest, NULL));
            }
            close_both();
            loop_tear_down();
        }
    }
}

static void a_dead_link_in_any_phase_ends_both(void **state) {
    (void)state;
    for (enum iperf3_phase phase = PHASE_CONNECTING; phase < PHASE_COUNT; phase++) {
        loop_set_up();
        if (begin_test_up_to(phase)) {
            wire.cut = true;
            assert_true(loop_run(200 * S, both_at_rest, NULL));
        }
        wire.cut = false;
        close_both();
        loop_tear_down();
    }
}

static void the_test_after_a_broken_one_works(void **state) {
    struct iperf3_config config = loop_config();

    (void)state;
    begin_test_up_to(PHASE_SERVER_RUNNING);
    iperf3_stop(client.session);
    loop_run(S, NULL, NULL);
    assert_int_equal(client.last.error, IPERF3_ERR_STOPPED);
    assert_int_equal(server.last.error, IPERF3_ERR_CLIENT_TERMINATED);
    loop_close(&client);

    connect_client(&config);
    assert_true(loop_run(10 * S, client_is_done, NULL));
    assert_int_equal(client.last.type, IPERF3_FINISHED);
    assert_int_equal(sent(&client), client.streams[0].remote.bytes);
    close_both();
}

int main(void) {
    const struct CMUnitTest tests[] = {
        PAIR_TEST(a_forward_test_counts_the_same_on_both_sides),
        PAIR_TEST(in_reverse_the_server_sends),
        PAIR_TEST(in_bidir_both_directions_run_at_once),
        PAIR_TEST(a_hundred_and_twenty_eight_streams_run_in_parallel),
        PAIR_TEST(a_test_ends_after_a_number_of_bytes),
        PAIR_TEST(a_test_ends_after_a_number_of_blocks),
        PAIR_TEST(the_omitted_seconds_do_not_count),
        PAIR_TEST(the_address_may_be_ip6),
        PAIR_TEST(a_server_serves_one_test_after_another),
        PAIR_TEST(a_one_off_server_stops_after_one_test),
        PAIR_TEST(loss_does_not_make_the_counts_differ),
        PAIR_TEST(the_same_seed_gives_the_same_test),
        PAIR_TEST(nobody_listening_is_refused),
        PAIR_TEST(nobody_answering_is_unreachable_after_the_timeout),
        PAIR_TEST(a_second_client_is_turned_away_and_not_noticed),
        PAIR_TEST(what_a_server_does_not_run_is_refused_with_a_number),
        PAIR_TEST(stopping_either_end_in_any_phase_ends_both),
        PAIR_TEST(a_dead_link_in_any_phase_ends_both),
        PAIR_TEST(the_test_after_a_broken_one_works),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
