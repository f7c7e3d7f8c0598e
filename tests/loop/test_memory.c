// test_memory.c - lwIP runs out of memory at any moment; too many strangers call
// SPDX-License-Identifier: MIT

#include <string.h>

#include "iperf3_session.h"
#include "lwip/tcp.h"
#include "pair.h"
#include "wire.h"

/// No memory ///

static bool both_at_rest(void *context) {
    (void)context;
    return !iperf3_running(client.session)
           && (!iperf3_running(server.session) || server.session->phase == PHASE_LISTENING);
}

// Runs a short test with the n-th allocation failing. Whatever comes of it, both
// ends come to rest, and tear-down finds nothing left.
static void run_without_allocation(unsigned n, const struct iperf3_config *config) {
    loop_set_up();
    loop_open(&server, config);
    loop_open(&client, config);
    loop_fail_allocation(n);
    if (iperf3_listen(server.session, NULL, WIRE_SERVER_PORT) == IPERF3_OK
        && iperf3_connect(client.session, loop_address(false), WIRE_SERVER_PORT) == IPERF3_OK) {
        assert_true(loop_run(300 * S, both_at_rest, NULL));
    }
    loop_fail_allocation(0);
    close_both();
    loop_tear_down();
}

static void one_failing_allocation_leaves_nothing_behind(void **state) {
    static const enum iperf3_protocol protocols[] = { IPERF3_TCP, IPERF3_UDP };

    (void)state;
    for (unsigned p = 0; p < 2; p++) {
        for (unsigned n = 1; n < 400; n++) {
            struct iperf3_config config = loop_config();

            config.test.protocol = protocols[p];
            config.test.direction = IPERF3_BIDIR;
            config.test.length = 1000;
            config.test.duration_s = 0;
            config.test.blocks = 20;
            // an unlimited server of datagrams goes on until the client stops it
            config.test.bits_per_s = protocols[p] == IPERF3_UDP ? 10000000 : 0;
            run_without_allocation(n, &config);
        }
    }
}

static void a_lasting_shortage_ends_the_test_and_not_the_server(void **state) {
    struct iperf3_config config = loop_config();

    (void)state;
    serve(&config);
    connect_client(&config);
    loop_run(S, NULL, NULL);
    loop_fail_allocations(true);
    assert_true(loop_run(300 * S, both_at_rest, NULL));
    loop_fail_allocations(false);
    loop_close(&client);

    connect_client(&config);
    assert_true(loop_run(60 * S, client_is_done, NULL));
    assert_int_equal(client.last.type, IPERF3_FINISHED);
    close_both();
}

/// Strangers ///

#define STRANGERS 12

// What a stranger's connection has come to.
struct stranger {
    struct tcp_pcb *pcb;
    bool denied;
};

static err_t on_recv(void *arg, struct tcp_pcb *pcb, struct pbuf *p, err_t err) {
    struct stranger *stranger = arg;

    (void)err;
    if (p == NULL) {
        stranger->pcb = NULL;
        tcp_arg(pcb, NULL);
        tcp_recv(pcb, NULL);
        tcp_err(pcb, NULL);
        tcp_close(pcb);
        return ERR_OK;
    }
    stranger->denied = pbuf_get_at(p, 0) == 0xff;
    tcp_recved(pcb, p->tot_len);
    pbuf_free(p);
    return ERR_OK;
}

static void on_error(void *arg, err_t err) {
    struct stranger *stranger = arg;

    (void)err;
    stranger->pcb = NULL;
}

static err_t on_connected(void *arg, struct tcp_pcb *pcb, err_t err) {
    (void)arg;
    (void)pcb;
    (void)err;
    return ERR_OK;
}

static void call(struct stranger *stranger) {
    stranger->pcb = tcp_new();
    tcp_arg(stranger->pcb, stranger);
    tcp_recv(stranger->pcb, on_recv);
    tcp_err(stranger->pcb, on_error);
    tcp_connect(stranger->pcb, loop_address(false), WIRE_SERVER_PORT, on_connected);
}

static void a_crowd_of_strangers_is_turned_away(void **state) {
    struct iperf3_config config = loop_config();
    struct stranger strangers[STRANGERS];

    (void)state;
    memset(strangers, 0, sizeof(strangers));
    serve(&config);
    connect_client(&config);
    loop_run(S, NULL, NULL);
    for (unsigned i = 0; i < STRANGERS; i++) {
        call(&strangers[i]);
    }
    assert_true(loop_run(60 * S, client_is_done, NULL));
    assert_int_equal(client.last.type, IPERF3_FINISHED);
    for (unsigned i = 0; i < STRANGERS; i++) {
        assert_true(strangers[i].denied);
        assert_null(strangers[i].pcb);
    }
    close_both();
}

static void a_silent_stranger_holds_a_server_up_for_ten_seconds(void **state) {
    struct iperf3_config config = loop_config();
    struct stranger stranger = { .pcb = NULL };

    (void)state;
    serve(&config);
    call(&stranger);
    loop_run(S, NULL, NULL);
    connect_client(&config);
    assert_true(loop_run(S, client_is_done, NULL));
    assert_int_equal(client.last.error, IPERF3_ERR_BUSY);
    loop_close(&client);

    loop_run(10 * S, NULL, NULL);
    assert_null(stranger.pcb);
    connect_client(&config);
    assert_true(loop_run(60 * S, client_is_done, NULL));
    assert_int_equal(client.last.type, IPERF3_FINISHED);
    close_both();
}

int main(void) {
    const struct CMUnitTest tests[] = {
        PAIR_TEST(one_failing_allocation_leaves_nothing_behind),
        PAIR_TEST(a_lasting_shortage_ends_the_test_and_not_the_server),
        PAIR_TEST(a_crowd_of_strangers_is_turned_away),
        PAIR_TEST(a_silent_stranger_holds_a_server_up_for_ten_seconds),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
