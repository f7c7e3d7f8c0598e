// pair.c - see pair.h
// SPDX-License-Identifier: MIT

#include "pair.h"

#include "wire.h"

struct end server, client;

bool client_is_done(void *context) {
    (void)context;
    return !iperf3_running(client.session);
}

void serve(const struct iperf3_config *config) {
    loop_open(&server, config);
    assert_int_equal(iperf3_listen(server.session, NULL, WIRE_SERVER_PORT), IPERF3_OK);
}

void connect_client(const struct iperf3_config *config) {
    loop_open(&client, config);
    assert_int_equal(
        iperf3_connect(client.session, loop_address(false), WIRE_SERVER_PORT), IPERF3_OK);
}

void whole_test(const struct iperf3_config *config) {
    struct iperf3_config serving = loop_config();

    serving.max_streams = config->max_streams;
    serving.one_off = config->one_off;
    serve(&serving);
    connect_client(config);
    assert_true(loop_run(60 * S, client_is_done, NULL));
    loop_run(S, NULL, NULL);
    assert_int_equal(client.last.type, IPERF3_FINISHED);
    assert_int_equal(server.last.type, IPERF3_FINISHED);
}

void close_both(void) {
    loop_close(&client);
    loop_close(&server);
}

uint64_t sent(const struct end *end) {
    return end_bytes(end, true);
}

uint64_t received(const struct end *end) {
    return end_bytes(end, false);
}

void assert_results_exchanged(void) {
    assert_int_equal(client.last.stream_count, server.last.stream_count);
    for (unsigned i = 0; i < client.last.stream_count; i++) {
        assert_int_equal(client.streams[i].id, server.streams[i].id);
        assert_int_not_equal(client.streams[i].sender, server.streams[i].sender);
        assert_int_equal(client.streams[i].remote.bytes, server.streams[i].counts.bytes);
        assert_int_equal(server.streams[i].remote.bytes, client.streams[i].counts.bytes);
        assert_int_equal(client.streams[i].remote_us, server.last.end_us);
        assert_int_equal(client.streams[i].local_port, server.streams[i].remote_port);
    }
}

void assert_rate_is_near(uint64_t bytes, uint64_t us, uint64_t bits_per_s) {
    assert_in_range(bytes * 8 * S / us, bits_per_s * 90 / 100, bits_per_s);
}

int pair_set_up(void **state) {
    (void)state;
    loop_set_up();
    return 0;
}

int pair_tear_down(void **state) {
    (void)state;
    loop_tear_down();
    return 0;
}
