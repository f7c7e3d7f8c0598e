// test_options.c - local addresses and ports, time-outs, and a server's limits
// SPDX-License-Identifier: MIT

#include "iperf3_session.h"
#include "lwip/tcp.h"
#include "pair.h"
#include "wire.h"

/// Where connections come from ///

static void assert_local_ports(uint16_t first) {
    for (unsigned i = 0; i < client.last.stream_count; i++) {
        assert_int_equal(client.streams[i].local_port, first + i);
        assert_int_equal(server.streams[i].remote_port, first + i);
    }
}

static void the_streams_have_the_local_ports_that_were_asked_for(void **state) {
    struct iperf3_config config = loop_config();

    (void)state;
    config.max_streams = 4;
    config.test.parallel = 2;
    config.test.direction = IPERF3_BIDIR;
    config.test.duration_s = 1;
    config.local_port = 7000;
    for (unsigned i = 0; i < 4; i++) { // again and again: none of them stays in TIME_WAIT
        config.test.protocol = i % 2 == 0 ? IPERF3_TCP : IPERF3_UDP;
        config.test.length = 1000;
        config.test.bits_per_s = 100000;
        whole_test(&config);
        assert_int_equal(client.last.stream_count, 4);
        assert_local_ports(7000);
        close_both();
    }
}

static void a_client_may_choose_its_address(void **state) {
    struct iperf3_config config = loop_config();

    (void)state;
    config.local = *loop_address(false);
    for (unsigned i = 0; i < 2; i++) {
        config.test.protocol = i == 0 ? IPERF3_TCP : IPERF3_UDP;
        config.test.length = 1000;
        config.test.bits_per_s = 100000;
        whole_test(&config);
        close_both();
    }
}

// Not the one that lwIP would take, and not of the server's version of IP.
static void a_client_may_choose_among_its_ipv6_addresses(void **state) {
    struct iperf3_config config = loop_config();
    enum iperf3_error errors[2];
    s8_t index;

    (void)state;
    ipaddr_aton("fd00::2", &config.local);
    netif_add_ip6_address(netif_default, ip_2_ip6(&config.local), &index);
    netif_ip6_addr_set_state(netif_default, index, IP6_ADDR_PREFERRED);
    loop_open(&client, &config);
    errors[0] = iperf3_connect(client.session, loop_address(false), WIRE_SERVER_PORT);
    errors[1] = iperf3_connect(client.session, loop_address(true), WIRE_SERVER_PORT);
    loop_close(&client);
    netif_ip6_addr_set_state(netif_default, index, IP6_ADDR_INVALID);
    assert_int_equal(errors[0], IPERF3_ERR_UNREACHABLE);
    assert_int_equal(errors[1], IPERF3_OK);
}

static void an_address_that_is_not_its_own_is_refused(void **state) {
    struct iperf3_config config = loop_config();

    (void)state;
    IP_ADDR4(&config.local, 192, 0, 2, 1);
    loop_open(&client, &config);
    assert_int_equal(iperf3_connect(client.session, loop_address(false), WIRE_SERVER_PORT),
        IPERF3_ERR_UNREACHABLE);
    assert_false(iperf3_running(client.session));
    loop_close(&client);
}

/// What lwIP cannot do ///

static void assert_not_possible(const struct iperf3_config *config) {
    loop_open(&client, config);
    assert_int_equal(iperf3_connect(client.session, loop_address(false), WIRE_SERVER_PORT),
        IPERF3_ERR_ARGUMENT);
    loop_close(&client);
}

static void a_window_is_as_large_as_lwips(void **state) {
    struct iperf3_config config = loop_config();

    (void)state;
    config.test.window = LWIP_MIN(TCP_WND, TCP_SND_BUF);
    whole_test(&config);
    close_both();
    config.test.window++;
    assert_not_possible(&config);
}

static void a_datagram_that_must_not_be_fragmented_fits_a_packet(void **state) {
    struct iperf3_config config = loop_config();

    (void)state;
    config.test.protocol = IPERF3_UDP;
    config.test.dont_fragment = true;
    config.test.bits_per_s = 1000000;
    config.test.length = 1472;
    whole_test(&config);
    close_both();
    config.test.length = 1473;
    assert_not_possible(&config);
}

/// Time-outs ///

static bool server_is_done(void *context) {
    (void)context;
    return server.last.type == IPERF3_FAILED || server.last.type == IPERF3_FINISHED;
}

static void a_receiver_waits_for_data_as_long_as_it_is_told(void **state) {
    struct iperf3_config config = loop_config();
    uint64_t cut_at;

    (void)state;
    serve(&config);
    config.test.direction = IPERF3_REVERSE;
    config.test.duration_s = 100;
    config.receive_timeout_ms = 2500;
    connect_client(&config);
    loop_run(5 * S, client_is_done, NULL);
    wire.cut = true;
    cut_at = loop_now_us;
    assert_true(loop_run(20 * S, client_is_done, NULL));
    assert_int_equal(client.last.error, IPERF3_ERR_TIMEOUT);
    assert_in_range(loop_now_us - cut_at, 2 * S, 3 * S);
    wire.cut = false;
    close_both();
}

static void a_server_that_receives_does_so_too(void **state) {
    struct iperf3_config config = loop_config();
    uint64_t cut_at;

    (void)state;
    config.receive_timeout_ms = 1500;
    serve(&config);
    config.test.direction = IPERF3_BIDIR; // its own data do not keep the test alive
    config.test.duration_s = 100;
    connect_client(&config);
    loop_run(5 * S, client_is_done, NULL);
    wire.cut = true;
    cut_at = loop_now_us;
    assert_true(loop_run(20 * S, server_is_done, NULL));
    assert_int_equal(server.last.error, IPERF3_ERR_TIMEOUT);
    assert_in_range(loop_now_us - cut_at, S, 2 * S);
    wire.cut = false;
    close_both();
}

static void a_server_that_nobody_comes_to_gives_up(void **state) {
    struct iperf3_config config = loop_config();
    uint64_t began = loop_now_us;

    (void)state;
    config.idle_timeout_s = 3;
    serve(&config);
    assert_true(loop_run(20 * S, server_is_done, NULL));
    assert_int_equal(server.last.error, IPERF3_ERR_IDLE);
    assert_in_range(loop_now_us - began, 3 * S, 3 * S + S / 10);
    assert_int_equal(server.last.stream_count, 0);
    assert_false(iperf3_running(server.session));
    loop_close(&server);
}

static void the_time_in_which_nobody_comes_begins_after_a_test(void **state) {
    struct iperf3_config config = loop_config();

    (void)state;
    config.idle_timeout_s = 3;
    serve(&config);
    config.test.duration_s = 10; // longer than it would have waited
    connect_client(&config);
    assert_true(loop_run(20 * S, client_is_done, NULL));
    assert_int_equal(client.last.type, IPERF3_FINISHED);
    loop_run(S, NULL, NULL);
    server.last.type = IPERF3_LISTENING;
    assert_true(loop_run(4 * S, server_is_done, NULL));
    assert_int_equal(server.last.error, IPERF3_ERR_IDLE);
    assert_int_equal(server.last.stream_count, 0);
    close_both();
}

/// Being woken ///

static unsigned wakes;

static void count_wake(void *context) {
    assert_ptr_equal(context, &wakes);
    wakes++;
}

static bool woken(void *context) {
    (void)context;
    return wakes > 0;
}

static void a_server_rests_until_it_is_woken(void **state) {
    struct iperf3_config config = loop_config();

    (void)state;
    config.wake = count_wake;
    config.context = &wakes;
    wakes = 0;
    serve(&config);
    loop_run(S, NULL, NULL);
    assert_int_equal(iperf3_wait_us(server.session), UINT32_MAX);
    assert_int_equal(wakes, 0);

    config.test.duration_s = 1;
    config.wake = NULL;
    connect_client(&config);
    assert_true(loop_run(S, woken, NULL));
    assert_int_not_equal(iperf3_wait_us(server.session), UINT32_MAX);
    assert_true(loop_run(20 * S, client_is_done, NULL));
    assert_true(wakes >= 4); // a client, and what it says
    loop_run(2 * S, NULL, NULL);
    assert_int_equal(iperf3_wait_us(server.session), UINT32_MAX);
    close_both();
}

static void each_message_wakes_a_server(void **state) {
    struct iperf3_config config = loop_config();

    (void)state;
    config.wake = count_wake;
    config.context = &wakes;
    serve(&config);
    config.wake = NULL;
    connect_client(&config);
    for (unsigned messages = 0; messages < 4; messages++) { // SYN, cookie, parameters, TEST_END
        wakes = 0;
        assert_true(loop_run(20 * S, woken, NULL));
    }
    close_both();
}

/// The rate that a server allows ///

static void assert_too_fast(void) {
    assert_true(loop_run(60 * S, client_is_done, NULL));
    assert_int_equal(client.last.error, IPERF3_ERR_SERVER_ERROR);
    assert_int_equal(client.last.server_error, 27);
    loop_run(S, NULL, NULL);
    assert_int_equal(server.last.error, IPERF3_ERR_UNWILLING);
    assert_int_equal(server.last.server_error, 27);
}

static void a_rate_above_the_limit_is_refused(void **state) {
    struct iperf3_config config = loop_config();

    (void)state;
    config.max_streams = 4;
    config.max_bits_per_s = 400000;
    serve(&config);
    config.test.parallel = 2;
    config.test.direction = IPERF3_BIDIR;
    config.test.bits_per_s = 100001; // of each of 4 streams
    connect_client(&config);
    assert_too_fast();
    assert_int_equal(client.last.stream_count, 0);
    loop_close(&client);

    config.test.bits_per_s = 100000;
    config.test.length = 1000;
    connect_client(&config);
    assert_true(loop_run(60 * S, client_is_done, NULL));
    assert_int_equal(client.last.type, IPERF3_FINISHED);
    close_both();
}

static void a_test_that_turns_out_too_fast_is_ended(void **state) {
    struct iperf3_config config = loop_config();

    (void)state;
    for (unsigned direction = IPERF3_FORWARD; direction <= IPERF3_BIDIR; direction++) {
        config.max_bits_per_s = wire.bits_per_s / 2;
        config.rate_window_s = 3;
        serve(&config);
        config.test.direction = (enum iperf3_direction)direction;
        config.test.duration_s = 20;
        connect_client(&config);
        assert_too_fast();
        assert_in_range(client.last.end_us, 2 * S + S / 2, 3 * S + S / 2);
        close_both();
    }
}

static void a_test_below_the_limit_is_not(void **state) {
    struct iperf3_config config = loop_config();

    (void)state;
    config.max_bits_per_s = wire.bits_per_s;
    config.rate_window_s = 1;
    serve(&config);
    config.test.duration_s = 5;
    connect_client(&config);
    assert_true(loop_run(60 * S, client_is_done, NULL));
    assert_int_equal(client.last.type, IPERF3_FINISHED);
    close_both();
}

int main(void) {
    const struct CMUnitTest tests[] = {
        PAIR_TEST(the_streams_have_the_local_ports_that_were_asked_for),
        PAIR_TEST(a_client_may_choose_its_address),
        PAIR_TEST(a_client_may_choose_among_its_ipv6_addresses),
        PAIR_TEST(an_address_that_is_not_its_own_is_refused),
        PAIR_TEST(a_window_is_as_large_as_lwips),
        PAIR_TEST(a_datagram_that_must_not_be_fragmented_fits_a_packet),
        PAIR_TEST(a_receiver_waits_for_data_as_long_as_it_is_told),
        PAIR_TEST(a_server_that_receives_does_so_too),
        PAIR_TEST(a_server_that_nobody_comes_to_gives_up),
        PAIR_TEST(the_time_in_which_nobody_comes_begins_after_a_test),
        PAIR_TEST(a_server_rests_until_it_is_woken),
        PAIR_TEST(each_message_wakes_a_server),
        PAIR_TEST(a_rate_above_the_limit_is_refused),
        PAIR_TEST(a_test_that_turns_out_too_fast_is_ended),
        PAIR_TEST(a_test_below_the_limit_is_not),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
