// test_pools.c - several streams where lwIP has few buffers, as on boards
// SPDX-License-Identifier: MIT
//
// The windows of three streams hold more than lwIP has to send with. Built on an lwIP
// with pools, and on the usual one, which has as much as it likes.

#include "iperf3_session.h"
#include "pair.h"
#include "wire.h"

static void assert_each_has_its_part(const struct end *end) {
    uint64_t part = sent(end) / end->last.test.parallel;

    for (unsigned i = 0; i < end->last.stream_count; i++) {
        if (end->streams[i].sender) {
            assert_in_range(end->streams[i].counts.bytes, part * 9 / 10, part * 11 / 10);
        }
    }
}

static void all_streams_send_the_same(void **state) {
    (void)state;
    for (uint8_t parallel = 1; parallel <= 8; parallel++) {
        struct iperf3_config config = loop_config();

        config.test.parallel = parallel;
        whole_test(&config);
        assert_rate_is_near(sent(&client), client.last.end_us, wire.bits_per_s);
        assert_each_has_its_part(&client);
        close_both();
    }
}

static void all_streams_of_a_server_send_the_same(void **state) {
    (void)state;
    for (uint8_t parallel = 1; parallel <= 8; parallel++) {
        struct iperf3_config config = loop_config();

        config.test.parallel = parallel;
        config.test.direction = IPERF3_REVERSE;
        whole_test(&config);
        assert_each_has_its_part(&server);
        close_both();
    }
}

// There are not as many buffers as streams.
static void more_streams_than_buffers_end_well(void **state) {
    struct iperf3_config config = loop_config();

    (void)state;
    config.max_streams = 20;
    config.test.parallel = 20;
    whole_test(&config);
    assert_int_equal(sent(&client), received(&server));
    assert_in_range(sent(&client), 2000000, 4000000); // at least 80 % of the link
    close_both();
}

static void a_payload_shorter_than_a_segment_is_sent_by_all(void **state) {
    (void)state;
    for (uint8_t parallel = 1; parallel <= 4; parallel++) {
        struct iperf3_config config = loop_config();

        config.test.parallel = parallel;
        config.payload_size = 1024;
        whole_test(&config);
        assert_rate_is_near(sent(&client), client.last.end_us, wire.bits_per_s);
        for (unsigned i = 0; i < parallel; i++) {
            assert_int_not_equal(client.streams[i].counts.bytes, 0);
        }
        close_both();
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        PAIR_TEST(all_streams_send_the_same),
        PAIR_TEST(all_streams_of_a_server_send_the_same),
        PAIR_TEST(more_streams_than_buffers_end_well),
        PAIR_TEST(a_payload_shorter_than_a_segment_is_sent_by_all),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
