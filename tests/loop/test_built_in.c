// test_built_in.c - what an engine refuses of which a part is not built in
// SPDX-License-Identifier: MIT
//
// Built with all of iperf3_opts.h, and without each part in turn.

#include "iperf3_session.h"
#include "pair.h"
#include "wire.h"

static enum iperf3_error if_built_in(bool built_in) {
    return built_in ? IPERF3_OK : IPERF3_ERR_NOT_BUILT_IN;
}

static void assert_client(enum iperf3_protocol protocol, bool built_in) {
    struct iperf3_config config = loop_config();

    config.test.protocol = protocol;
    config.test.length = 1000;
    loop_open(&client, &config);
    assert_int_equal(iperf3_connect(client.session, loop_address(false), WIRE_SERVER_PORT),
        if_built_in(built_in));
    assert_int_equal(iperf3_running(client.session), built_in);
}

static void a_client_runs_if_built_in(void **state) {
    (void)state;
    assert_client(IPERF3_TCP, IPERF3_WITH_CLIENT);
}

static void a_udp_client_runs_if_built_in(void **state) {
    (void)state;
    assert_client(IPERF3_UDP, IPERF3_WITH_CLIENT && IPERF3_WITH_UDP);
}

static void a_server_runs_if_built_in(void **state) {
    struct iperf3_config config = loop_config();

    (void)state;
    loop_open(&server, &config);
    assert_int_equal(iperf3_listen(server.session, NULL, WIRE_SERVER_PORT),
        if_built_in(IPERF3_WITH_SERVER));
    assert_int_equal(iperf3_running(server.session), IPERF3_WITH_SERVER);
}

static void a_server_without_udp_says_so(void **state) {
    struct iperf3_config config = loop_config();

    (void)state;
    if (IPERF3_WITH_UDP || !IPERF3_WITH_CLIENT || !IPERF3_WITH_SERVER) {
        return;
    }
    serve(&config);
    connect_client(&config);
    client.session->report.test.protocol = IPERF3_UDP; // what it is about to ask for
    client.session->report.test.length = 1000;
    assert_true(loop_run(60 * S, client_is_done, NULL));
    assert_int_equal(client.last.error, IPERF3_ERR_SERVER_ERROR);
    assert_int_equal(client.last.server_error, 131);
    assert_int_equal(server.last.error, IPERF3_ERR_UNWILLING);
    assert_int_equal(server.last.server_error, 131);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        PAIR_TEST(a_client_runs_if_built_in),
        PAIR_TEST(a_udp_client_runs_if_built_in),
        PAIR_TEST(a_server_runs_if_built_in),
        PAIR_TEST(a_server_without_udp_says_so),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
