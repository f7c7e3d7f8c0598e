// iperf3_server.c - who connects to a server, and what each action of its chart does
// SPDX-License-Identifier: MIT

#include <string.h>

#include "iperf3_cookie.h"
#include "iperf3_exchange.h"
#include "iperf3_session.h"
#include "lwip/prot/udp.h" // UDP_HLEN

#if IPERF3_WITH_SERVER

#define US_PER_S 1000000ull

// iperf3's error numbers that a server refuses parameters with.
#define NUMBER_TOO_MANY_STREAMS 6
#define NUMBER_BAD_UDP_LENGTH 20
#define NUMBER_TOO_FAST 27
#define NUMBER_TOO_LONG 37
#define NUMBER_BAD_PARAMETERS 114
#define NUMBER_NO_PROTOCOL 131
#define NUMBER_WINDOW 141
#define NUMBER_DONT_FRAGMENT 145
#define NUMBER_NO_UDP_PORT 201

// How long a connection may take to show a data stream's cookie. Others behind
// it wait, since streams are numbered in the order of their connections.
#define GUEST_TIMEOUT_US (5 * US_PER_S)

/// Guests: connections not yet told from strangers, in the order they came ///

static void remove_first_guest(struct iperf3 *session) {
    for (unsigned i = 0; i + 1 < session->guest_count; i++) {
        iperf3_channel_move(&session->guests[i].channel, &session->guests[i + 1].channel);
        session->guests[i].since = session->guests[i + 1].since;
    }
    session->guest_count--;
    memset(&session->guests[session->guest_count], 0, sizeof(session->guests[0]));
}

static void turn_away(struct iperf3_channel *channel) {
    static const uint8_t denied = STATE_ACCESS_DENIED;

    iperf3_channel_write(channel, &denied, 1);
    iperf3_channel_close(channel);
}

static struct iperf3_cookie_check check_cookie(
    const struct iperf3 *session, const struct pbuf *input) {
    struct iperf3_cookie_check check;

    iperf3_cookie_check_init(&check);
    for (; input != NULL && !iperf3_cookie_check_done(&check); input = input->next) {
        iperf3_cookie_check_feed(&check, session->cookie, input->payload, input->len);
    }
    return check;
}

// Makes data streams of the guests that have shown the cookie, up to the first
// that has not yet. Runs in lwIP's callback too: a client opens its streams
// faster than iperf3_poll() may come round.
static void admit_guests(struct iperf3 *session) {
    while (session->guest_count > 0 && session->phase == PHASE_WAIT_STREAMS && session->udp == NULL
           && session->next_stream < session->streams_end) {
        struct iperf3_channel *channel = &session->guests[0].channel;
        struct iperf3_cookie_check check = check_cookie(session, channel->input);
        struct pbuf *rest;

        if (!iperf3_cookie_check_done(&check) || check.differs || channel->pcb == NULL) {
            return;
        }
        iperf3_channel_take(channel, IPERF3_COOKIE_SIZE);
        rest = channel->input;
        iperf3_stream_adopt(session->next_stream, iperf3_channel_detach(channel), rest);
        session->next_stream++;
        remove_first_guest(session);
    }
}

static void on_guest(void *context) {
    admit_guests(context);
    iperf3_session_wake(context);
}

static err_t on_accept(void *arg, struct tcp_pcb *pcb, err_t err) {
    struct iperf3 *session = arg;

    if (err != ERR_OK || pcb == NULL) {
        return ERR_VAL;
    }
    if (session->guest_count == IPERF3_GUESTS) {
        struct iperf3_channel stranger;

        iperf3_channel_attach(&stranger, pcb);
        turn_away(&stranger);
        return ERR_OK;
    }
    struct iperf3_guest *guest = &session->guests[session->guest_count++];

    iperf3_channel_attach(&guest->channel, pcb);
    guest->channel.on_change = on_guest;
    guest->channel.context = session;
    guest->since = session->now;
    iperf3_session_wake(session);
    return ERR_OK;
}

// Whether a guest in the phase of opening streams can be told to be none.
static bool is_stranger(const struct iperf3 *session, const struct iperf3_guest *guest) {
    return check_cookie(session, guest->channel.input).differs
           || session->now - guest->since > GUEST_TIMEOUT_US;
}

static void welcome_client(struct iperf3 *session) {
    if (session->control.channel.pcb != NULL) {
        return; // it has just come, and is about to be noticed
    }
    iperf3_channel_move(&session->control.channel, &session->guests[0].channel);
    session->control.channel.on_change = iperf3_session_wake;
    remove_first_guest(session);
}

// Deals with the first guest. False: it has to wait.
static bool sort_out_guest(struct iperf3 *session) {
    struct iperf3_guest *guest = &session->guests[0];

    if (guest->channel.pcb == NULL) {
        iperf3_channel_close(&guest->channel);
        remove_first_guest(session);
        return true;
    }
    if (session->phase == PHASE_LISTENING) {
        welcome_client(session);
        return false;
    }
    // A client may come before the last one has said good-bye.
    if (session->phase == PHASE_WAIT_IPERF_DONE
        || (session->phase == PHASE_WAIT_STREAMS && !is_stranger(session, guest))) {
        return false;
    }
    turn_away(&guest->channel);
    remove_first_guest(session);
    return true;
}

static void poll_guests(struct iperf3 *session) {
    admit_guests(session);
    while (session->guest_count > 0 && sort_out_guest(session)) {
        admit_guests(session);
    }
    if (session->phase == PHASE_WAIT_STREAMS
        && session->next_stream == session->streams_end) {
        iperf3_session_event(session, EVENT_STREAMS_OPEN);
    }
}

/// Listening ///

static enum iperf3_error bind_and_listen(
    struct iperf3 *session, struct tcp_pcb *pcb, const ip_addr_t *local, u16_t port) {
    struct tcp_pcb *listener = NULL;
    err_t err;

    ip_set_option(pcb, SOF_REUSEADDR); // the last test's connections may be in TIME_WAIT
    err = tcp_bind(pcb, local, port);
    if (err == ERR_OK) {
        listener = tcp_listen_with_backlog_and_err(pcb, TCP_DEFAULT_LISTEN_BACKLOG, &err);
    }
    if (listener == NULL) {
        tcp_close(pcb);
        return err == ERR_USE ? IPERF3_ERR_ADDRESS_IN_USE : IPERF3_ERR_NO_MEMORY;
    }
    tcp_arg(listener, session);
    tcp_accept(listener, on_accept);
    session->listener = listener;
    return IPERF3_OK;
}

static enum iperf3_error open_listener(struct iperf3 *session, const ip_addr_t *local, u16_t port) {
    struct tcp_pcb *pcb = tcp_new_ip_type(local == NULL ? IPADDR_TYPE_ANY : IP_GET_TYPE(local));

    if (pcb == NULL) {
        return IPERF3_ERR_NO_MEMORY;
    }
    return bind_and_listen(session, pcb, local == NULL ? IP_ANY_TYPE : local, port);
}

static void stop_listening(struct iperf3 *session) {
    while (session->guest_count > 0) {
        turn_away(&session->guests[0].channel);
        remove_first_guest(session);
    }
    if (session->listener != NULL) {
        tcp_close(session->listener);
        session->listener = NULL;
    }
}

/// The test ///

static void ask_params(struct iperf3 *session) {
    iperf3_control_send_state(session, STATE_PARAM_EXCHANGE);
}

static bool is_too_fast(const struct iperf3 *session, const struct iperf3_test *test) {
    uint64_t most = session->config.max_bits_per_s;

    return most > 0 && test->bits_per_s > most / iperf3_test_streams(test);
}

// 0, or iperf3's error number for a test that is fine but not for us.
static int32_t unwilling(const struct iperf3 *session, const struct iperf3_test *test) {
    uint32_t max_duration = session->config.max_duration_s;

    if (iperf3_stream_kind(test->protocol) == NULL) {
        return NUMBER_NO_PROTOCOL;
    }
    if (!iperf3_session_length_fits(session, test)) {
        return NUMBER_BAD_UDP_LENGTH;
    }
    if (!iperf3_session_window_fits(test)) {
        return NUMBER_WINDOW;
    }
    if (!iperf3_session_fits_packet(test, test->direction != IPERF3_FORWARD, &session->peer)) {
        return NUMBER_DONT_FRAGMENT;
    }
    if (is_too_fast(session, test)) {
        return NUMBER_TOO_FAST;
    }
    if (iperf3_test_streams(test) > session->config.max_streams) {
        return NUMBER_TOO_MANY_STREAMS;
    }
    if (max_duration > 0 && (test->duration_s == 0 || test->duration_s > max_duration)) {
        return NUMBER_TOO_LONG;
    }
    return 0;
}

static enum iperf3_event judge_params(struct iperf3 *session, bool good) {
    const struct iperf3_params_reader *params = &session->reading.params;
    int32_t number = good ? iperf3_params_refusal(params) : NUMBER_BAD_PARAMETERS;

    if (number == 0) {
        number = unwilling(session, &params->test);
    }
    if (number != 0) {
        session->report.server_error = number;
        return EVENT_UNWILLING;
    }
    session->report.test = params->test;
    session->kind = iperf3_stream_kind(params->test.protocol);
    if (session->kind->listen != NULL && session->kind->listen(session) != ERR_OK) {
        session->report.server_error = NUMBER_NO_UDP_PORT;
        return EVENT_UNWILLING;
    }
    return EVENT_PARAMS;
}

static void send_refusal(struct iperf3 *session) {
    iperf3_session_stop_streams(session, false);
    iperf3_session_end_counting(session, session->now);
    iperf3_control_send_error(session, session->report.server_error);
}

static void ask_streams(struct iperf3 *session) {
    session->accepted = true;
    iperf3_session_set_up_streams(session);
    iperf3_session_report(session, IPERF3_ACCEPTED);
    iperf3_control_send_state(session, STATE_CREATE_STREAMS);
}

static uint64_t bytes_of_all_streams(const struct iperf3 *session) {
    uint64_t bytes = 0;

    FOR_EACH_STREAM(session, stream) {
        bytes += stream->bytes.all;
    }
    return bytes;
}

static void begin_test(struct iperf3 *session) {
    static const uint8_t states[] = { STATE_TEST_START, STATE_TEST_RUNNING };

    iperf3_control_send(session, states, sizeof(states));
    iperf3_session_start_clock(session);
    session->rate_since = session->now;
    session->rate_bytes = bytes_of_all_streams(session);
    iperf3_session_report(session, IPERF3_STARTED);
    iperf3_session_start_streams(session);
}

static void announce(struct iperf3 *session) {
    iperf3_session_report(session, IPERF3_LISTENING);
}

static void stop_waiting(struct iperf3 *session) {
    iperf3_session_begin(session); // or the last test's totals would be told again
    stop_listening(session);
    session->report.error = IPERF3_ERR_IDLE;
    iperf3_session_report(session, IPERF3_FAILED);
}

static void stop_test(struct iperf3 *session) {
    iperf3_session_stop_streams(session, false);
}

static void ask_results(struct iperf3 *session) {
    iperf3_session_end_counting(session, session->now);
    session->report.measured = true;
    iperf3_session_report(session, IPERF3_MEASURED);
    // FIN now, but no reset before the client is done: clients up to 3.15 take
    // a reset for a failure, and 3.12 as receiver waits for the FIN.
    FOR_EACH_STREAM(session, stream) {
        session->kind->shutdown(stream);
    }
    iperf3_control_send_state(session, STATE_EXCHANGE_RESULTS);
}

static void give_results(struct iperf3 *session) {
    iperf3_control_send_json(session, iperf3_exchange_write_results);
    iperf3_control_send_state(session, STATE_DISPLAY_RESULTS);
}

// After a test, whatever its end: listens again, or stops (one_off).
static void next_test(struct iperf3 *session) {
    bool accepted = session->accepted;

    session->accepted = false;
    if (accepted && session->config.one_off) {
        iperf3_session_event(session, EVENT_STOP);
    } else if (accepted) {
        announce(session);
    }
}

static void finish(struct iperf3 *session) {
    iperf3_session_close(session);
    iperf3_session_report(session, IPERF3_FINISHED);
    next_test(session);
}

static void ended(struct iperf3 *session) {
    if (session->phase == PHASE_LISTENING) {
        next_test(session);
    } else {
        stop_listening(session);
    }
}

// The mean rate is looked at once in each window.
static void watch_rate(struct iperf3 *session) {
    uint64_t us = session->now - session->rate_since;
    uint64_t bytes;

    if (session->config.max_bits_per_s == 0 || us < session->config.rate_window_s * US_PER_S) {
        return;
    }
    bytes = bytes_of_all_streams(session) - session->rate_bytes;
    session->rate_since += us;
    session->rate_bytes += bytes;
    if (bytes * 8 * 1000 / (us / 1000) > session->config.max_bits_per_s) {
        session->report.server_error = NUMBER_TOO_FAST;
        iperf3_session_event(session, EVENT_UNWILLING);
    }
}

static void poll_server(struct iperf3 *session) {
    poll_guests(session);
    if (session->phase == PHASE_SERVER_RUNNING) {
        watch_rate(session);
    }
}

static bool expects_params(const struct iperf3 *session) {
    return session->phase == PHASE_WAIT_PARAMS;
}

static uint32_t expect_json(struct iperf3 *session) {
    if (!expects_params(session)) {
        return iperf3_exchange_expect_results(session);
    }
    iperf3_params_reader_init(
        &session->reading.params, session->config.text, session->config.text_size);
    return IPERF3_MAX_PARAMS_SIZE;
}

static enum iperf3_json_status take_json(struct iperf3 *session, const char *text, size_t size) {
    return expects_params(session)
        ? iperf3_json_reader_feed(&session->reading.params.json, text, size)
        : iperf3_exchange_take_results(session, text, size);
}

static enum iperf3_event judge_json(struct iperf3 *session, bool good) {
    return expects_params(session) ? judge_params(session, good)
                                   : iperf3_exchange_judge_results(session, good);
}

static void(*const actions[])(struct iperf3 *session) = {
    [DO_ANNOUNCE - FIRST_SERVER_ACTION] = announce,
    [DO_STOP_LISTENING - FIRST_SERVER_ACTION] = stop_listening,
    [DO_STOP_WAITING - FIRST_SERVER_ACTION] = stop_waiting,
    [DO_ASK_PARAMS - FIRST_SERVER_ACTION] = ask_params,
    [DO_ASK_STREAMS - FIRST_SERVER_ACTION] = ask_streams,
    [DO_BEGIN_TEST - FIRST_SERVER_ACTION] = begin_test,
    [DO_STOP_TEST - FIRST_SERVER_ACTION] = stop_test,
    [DO_ASK_RESULTS - FIRST_SERVER_ACTION] = ask_results,
    [DO_GIVE_RESULTS - FIRST_SERVER_ACTION] = give_results,
    [DO_FINISH_SERVER - FIRST_SERVER_ACTION] = finish,
    [DO_SEND_REFUSAL - FIRST_SERVER_ACTION] = send_refusal,
};

static const struct iperf3_side server = {
    .role = IPERF3_SERVER,
    .first_action = FIRST_SERVER_ACTION,
    .actions = actions,
    .poll = poll_server,
    .expect_json = expect_json,
    .take_json = take_json,
    .judge_json = judge_json,
    .ended = ended,
};

/// The interface ///

enum iperf3_error iperf3_listen(iperf3_t *session, const ip_addr_t *local, uint16_t port) {
    enum iperf3_error error;

    LWIP_ASSERT_CORE_LOCKED();
    if (iperf3_running(session)) {
        return IPERF3_ERR_STATE;
    }
    error = open_listener(session, local, port);
    if (error != IPERF3_OK) {
        return error;
    }
    iperf3_session_start(session, &server, port);
    return IPERF3_OK;
}

#else

enum iperf3_error iperf3_listen(iperf3_t *session, const ip_addr_t *local, uint16_t port) {
    (void)session;
    (void)local;
    (void)port;
    return IPERF3_ERR_NOT_BUILT_IN;
}

#endif // IPERF3_WITH_SERVER
