// iperf3_client.c - what each action of the client's chart does
// SPDX-License-Identifier: MIT

#include "iperf3_cookie.h"
#include "iperf3_exchange.h"
#include "iperf3_session.h"

#if IPERF3_WITH_CLIENT

static void send_cookie(struct iperf3 *session) {
    iperf3_cookie_make(session->cookie, session->config.random);
    iperf3_control_send(session, session->cookie, sizeof(session->cookie));
}

// iperf3's default for a block: 128 KiB, or a datagram that is not fragmented.
static uint32_t default_length(const struct iperf3 *session) {
    const struct tcp_pcb *pcb = session->control.channel.pcb;
    uint32_t longest = (uint32_t)session->config.payload_size;

    if (session->report.test.protocol == IPERF3_TCP) {
        return IPERF3_DEFAULT_TCP_LENGTH;
    }
    return LWIP_MIN(longest, pcb != NULL ? tcp_mss(pcb) : TCP_MSS);
}

static void send_params(struct iperf3 *session) {
    if (session->report.test.length == 0) {
        session->report.test.length = default_length(session);
    }
    iperf3_session_report(session, IPERF3_CONNECTING);
    iperf3_control_send_json(session, iperf3_exchange_write_params);
}

// The server says that all streams are open. Of a UDP stream's, its reply may
// have been lost; of a TCP stream's it can only be wrong.
static void prepare_test(struct iperf3 *session) {
    FOR_EACH_STREAM(session, stream) {
        if (stream->udp != NULL && stream->state == STREAM_CONNECTING) {
            stream->state = STREAM_OPEN;
        } else if (stream->state != STREAM_OPEN) {
            stream->state = STREAM_FAILED;
        }
    }
    iperf3_session_start_clock(session);
}

static void start_test(struct iperf3 *session) {
    iperf3_session_report(session, IPERF3_STARTED);
    iperf3_session_start_streams(session);
}

static void stop_sending(struct iperf3 *session) {
    iperf3_session_stop_streams(session, true);
}

static void send_test_end(struct iperf3 *session) {
    const struct iperf3_test *test = &session->report.test;

    // A server may have sent more datagrams before it hears of the end. Those
    // that it has numbered would else be neither received nor lost.
    if (test->protocol == IPERF3_TCP || test->direction != IPERF3_REVERSE) {
        iperf3_session_end_counting(session, session->now);
    }
    iperf3_control_send_state(session, STATE_TEST_END);
}

static void send_results(struct iperf3 *session) {
    iperf3_session_end_counting(session, session->now);
    iperf3_control_send_json(session, iperf3_exchange_write_results);
}

static void send_done(struct iperf3 *session) {
    iperf3_control_send_state(session, STATE_IPERF_DONE);
    iperf3_session_close_streams(session);
    iperf3_channel_shut_down(&session->control.channel);
}

static void finish(struct iperf3 *session) {
    iperf3_session_close(session);
    iperf3_session_report(session, IPERF3_FINISHED);
}

// The server numbers the streams in the order of their handshakes, so the next
// one begins when the one before stands.
static void poll_client(struct iperf3 *session) {
    while (session->phase == PHASE_OPENING_STREAMS) {
        struct iperf3_stream *stream = session->next_stream;

        if (stream->state == STREAM_CLOSED) {
            session->kind->connect(stream, &session->peer, session->port);
        }
        if (stream->state == STREAM_CONNECTED) {
            session->kind->greet(stream);
        }
        if (stream->state != STREAM_OPEN) {
            return;
        }
        session->next_stream++;
        if (session->next_stream == session->streams_end) {
            iperf3_session_event(session, EVENT_STREAMS_OPEN);
        }
    }
}

static void ended(struct iperf3 *session) {
    (void)session; // nothing is left
}

static void(*const actions[])(struct iperf3 *session) = {
    [DO_SEND_COOKIE - FIRST_CLIENT_ACTION] = send_cookie,
    [DO_SEND_PARAMS - FIRST_CLIENT_ACTION] = send_params,
    [DO_OPEN_STREAMS - FIRST_CLIENT_ACTION] = iperf3_session_set_up_streams,
    [DO_PREPARE_TEST - FIRST_CLIENT_ACTION] = prepare_test,
    [DO_START_TEST - FIRST_CLIENT_ACTION] = start_test,
    [DO_STOP_SENDING - FIRST_CLIENT_ACTION] = stop_sending,
    [DO_SEND_TEST_END - FIRST_CLIENT_ACTION] = send_test_end,
    [DO_SEND_RESULTS - FIRST_CLIENT_ACTION] = send_results,
    [DO_SEND_DONE - FIRST_CLIENT_ACTION] = send_done,
    [DO_FINISH_CLIENT - FIRST_CLIENT_ACTION] = finish,
};

static const struct iperf3_side client = {
    .role = IPERF3_CLIENT,
    .first_action = FIRST_CLIENT_ACTION,
    .actions = actions,
    .poll = poll_client,
    .expect_json = iperf3_exchange_expect_results,
    .take_json = iperf3_exchange_take_results,
    .judge_json = iperf3_exchange_judge_results,
    .ended = ended,
};

/// The interface ///

static enum iperf3_error network_error(err_t err) {
    return err == ERR_RTE ? IPERF3_ERR_UNREACHABLE : IPERF3_ERR_NO_MEMORY;
}

// Whether a client can run this test with the memory it has.
static bool test_is_valid(const iperf3_t *session) {
    const struct iperf3_config *config = &session->config;
    const struct iperf3_test *test = &config->test;

    return test->parallel >= 1 && test->parallel <= IPERF3_MAX_STREAMS
           && iperf3_test_streams(test) <= config->max_streams
           && (test->length == 0 || iperf3_session_length_fits(session, test))
           && test->burst <= IPERF3_MAX_BURST && test->duration_s <= IPERF3_MAX_DURATION_S && test->omit_s <= IPERF3_MAX_OMIT_S
           && test->mss <= IPERF3_MAX_MSS && iperf3_session_window_fits(test);
}

static bool is_address_of(struct netif *netif, const ip_addr_t *local, const ip_addr_t *server) {
    #if LWIP_IPV6
    if (IP_IS_V6(server)) { // there may be several of them
        return IP_IS_V6(local) && netif_get_ip6_addr_match(netif, ip_2_ip6(local)) >= 0;
    }
    #endif
    const ip_addr_t *address = ip_netif_get_local_ip(netif, server);

    (void)server; // with one version of IP it does not matter
    return address != NULL && ip_addr_eq(address, local);
}

// Whether it has the address from which it is to reach the server.
static bool has_local_address(const struct iperf3_config *config, const ip_addr_t *server) {
    struct netif *netif;

    if (ip_addr_isany(&config->local)) {
        return true;
    }
    NETIF_FOREACH(netif) {
        if (is_address_of(netif, &config->local, server)) {
            return true;
        }
    }
    return false;
}

enum iperf3_error iperf3_connect(iperf3_t *session, const ip_addr_t *server, uint16_t port) {
    err_t err;

    LWIP_ASSERT_CORE_LOCKED();
    if (iperf3_running(session)) {
        return IPERF3_ERR_STATE;
    }
    if (iperf3_stream_kind(session->config.test.protocol) == NULL) {
        return IPERF3_ERR_NOT_BUILT_IN;
    }
    if (!test_is_valid(session)
        || !iperf3_session_fits_packet(
            &session->config.test, session->config.test.direction != IPERF3_REVERSE, server)) {
        return IPERF3_ERR_ARGUMENT;
    }
    if (!has_local_address(&session->config, server)) {
        return IPERF3_ERR_UNREACHABLE;
    }
    err = iperf3_channel_connect(
        &session->control.channel, &session->config.local, server, port);
    if (err != ERR_OK) {
        return network_error(err);
    }
    session->control.channel.on_change = iperf3_session_wake;
    session->control.channel.context = session;
    iperf3_session_begin(session);
    session->peer = *server;
    session->report.test = session->config.test;
    session->kind = iperf3_stream_kind(session->config.test.protocol);
    iperf3_session_start(session, &client, port);
    return IPERF3_OK;
}

#else

enum iperf3_error iperf3_connect(iperf3_t *session, const ip_addr_t *server, uint16_t port) {
    (void)session;
    (void)server;
    (void)port;
    return IPERF3_ERR_NOT_BUILT_IN;
}

#endif // IPERF3_WITH_CLIENT
