// iperf3_session.c - memory, phases, reports: what holds a session together
// SPDX-License-Identifier: MIT

#include "iperf3_session.h"

#include <string.h>

#include "iperf3_client.h"
#include "iperf3_goal.h"
#include "iperf3_server.h"
#include "iperf3_udp.h"

// iperf3's error numbers for SERVER_ERROR.
#define NUMBER_UNKNOWN_STATE 110
#define NUMBER_BAD_RESULTS 117

const struct iperf3_config iperf3_default_config = {
    .max_streams = 1,
    .interval_ms = 1000,
    .receive_timeout_ms = 120000,
    .rate_window_s = 5,
    .connect_timeout_ms = 10000,
    .test = {
        .protocol = IPERF3_TCP,
        .direction = IPERF3_FORWARD,
        .parallel = 1,
        .duration_s = 10,
    },
};

/// Memory ///

#define ALIGNED(size) (((size) + sizeof(uint64_t) - 1) & ~(sizeof(uint64_t) - 1))

size_t iperf3_memory_size(unsigned max_streams) {
    return ALIGNED(sizeof(struct iperf3)) + ALIGNED(max_streams * sizeof(struct iperf3_stream))
           + max_streams * sizeof(struct iperf3_stream_report);
}

static bool config_is_valid(const struct iperf3_config *config) {
    return config->now_us != NULL && config->random != NULL && config->payload != NULL
           && config->payload_size > 0 && config->max_streams >= 1
           && config->max_streams <= 2 * IPERF3_MAX_STREAMS
           && (config->interval_ms == 0
               || (config->interval_ms >= 100 && config->interval_ms <= 60000))
           && config->receive_timeout_ms >= 100 && config->rate_window_s >= 1;
}

enum iperf3_error iperf3_init(
    iperf3_t **session, void *memory, size_t size, const struct iperf3_config *config) {
    struct iperf3 *self = memory;
    uint8_t *bytes = memory;

    if (!config_is_valid(config)) {
        return IPERF3_ERR_ARGUMENT;
    }
    if (memory == NULL || size < iperf3_memory_size(config->max_streams)) {
        return IPERF3_ERR_MEMORY;
    }
    memset(self, 0, sizeof(*self));
    self->config = *config;
    bytes += ALIGNED(sizeof(*self));
    self->streams = (void *)bytes;
    bytes += ALIGNED(config->max_streams * sizeof(struct iperf3_stream));
    self->stream_reports = (void *)bytes;
    self->report.streams = self->stream_reports;
    self->report.cookie = (const char *)self->cookie;
    self->last_clock = config->now_us();
    *session = self;
    return IPERF3_OK;
}

/// Phases ///

void iperf3_session_report(iperf3_t *session, enum iperf3_report_type type) {
    LWIP_ASSERT("reports fit", session->report_count < IPERF3_MAX_REPORTS);
    session->reports[session->report_count++] = (uint8_t)type;
}

void iperf3_session_wake(void *context) {
    const struct iperf3_config *config = &((struct iperf3 *)context)->config;

    if (config->wake != NULL) {
        config->wake(config->context);
    }
}

void iperf3_session_begin(iperf3_t *session) {
    session->report.error = IPERF3_OK;
    session->report.server_error = 0;
    session->report.stream_count = 0;
    session->report.measured = false;
    session->server_output = NULL;
    memset(session->report.remote_cpu_millipercent, 0,
        sizeof(session->report.remote_cpu_millipercent));
    session->started = 0;
    session->ended = 0;
    session->counting = false;
    session->omitting = false;
    session->accepted = false;
}

/// Streams ///

// Streams 0 to parallel-1 carry the client's data, or with -R the server's; with
// --bidir the others carry the server's.
static bool is_sender(const iperf3_t *session, unsigned index) {
    const struct iperf3_test *test = &session->report.test;
    bool from_client = test->direction != IPERF3_REVERSE && index < test->parallel;

    return from_client == (session->report.role == IPERF3_CLIENT);
}

bool iperf3_session_sends(const iperf3_t *session) {
    bool is_client = session->report.role == IPERF3_CLIENT;

    return session->report.test.direction != (is_client ? IPERF3_REVERSE : IPERF3_FORWARD);
}

bool iperf3_session_receives(const iperf3_t *session) {
    return session->report.test.direction == IPERF3_BIDIR || !iperf3_session_sends(session);
}

void iperf3_session_set_up_streams(iperf3_t *session) {
    const struct iperf3_test *test = &session->report.test;
    unsigned count = iperf3_test_streams(test);

    memset(session->streams, 0, count * sizeof(*session->streams));
    memset(session->stream_reports, 0, count * sizeof(*session->stream_reports));
    for (unsigned i = 0; i < count; i++) {
        struct iperf3_stream *stream = &session->streams[i];

        stream->kind = test->protocol == IPERF3_TCP ? &iperf3_stream_tcp : &iperf3_stream_udp;
        stream->session = session;
        stream->report = &session->stream_reports[i];
        stream->sender = is_sender(session, i);
        stream->report->id = (uint16_t)iperf3_stream_id(i);
        stream->report->sender = stream->sender;
        stream->report->interval.retransmits = -1; // lwIP does not count all of them
        stream->report->total.retransmits = -1;
        stream->report->remote.retransmits = -1;
    }
    session->report.stream_count = count;
    session->streams_open = 0;
    session->goal_to_send = iperf3_goal_to_send(test);
    session->sent = 0;
    session->moved = 0;
    session->broken = 0;
}

void iperf3_session_start_streams(iperf3_t *session) {
    for (unsigned i = 0; i < session->report.stream_count; i++) {
        iperf3_stream_start(&session->streams[i]);
    }
}

void iperf3_session_stop_streams(iperf3_t *session, bool complete) {
    for (unsigned i = 0; i < session->report.stream_count; i++) {
        iperf3_stream_stop(&session->streams[i], complete);
    }
}

/// Ends ///

void iperf3_session_close(iperf3_t *session) {
    iperf3_control_close(session);
    for (unsigned i = 0; i < session->report.stream_count; i++) {
        session->streams[i].kind->close(&session->streams[i]);
    }
    iperf3_stream_udp_close_port(session);
}

// Every end but the good one. farewell: what is said to the peer before closing,
// 0: nothing.
static void fail(iperf3_t *session, enum iperf3_error error, uint8_t farewell) {
    bool is_client = session->report.role == IPERF3_CLIENT;

    session->report.error = error;
    if (farewell != 0) {
        iperf3_control_send_state(session, farewell);
    }
    iperf3_session_end_counting(session, session->now);
    iperf3_session_close(session);
    // A stranger that did not get as far as a test is not worth a word.
    if (is_client || session->accepted || error == IPERF3_ERR_UNWILLING) {
        iperf3_session_report(session, IPERF3_FAILED);
    }
    if (!is_client && session->phase == PHASE_LISTENING) {
        iperf3_server_next(session);
    }
}

// A server tells the client iperf3's number for what went wrong; a client just
// says good-bye.
static void fail_and_tell(iperf3_t *session, enum iperf3_error error, int32_t number) {
    if (session->report.role == IPERF3_SERVER) {
        iperf3_control_send_error(session, number);
        fail(session, error, 0);
    } else {
        fail(session, error, STATE_IPERF_DONE);
    }
}

static void stop_waiting(iperf3_t *session) {
    iperf3_session_begin(session); // or the last test's totals would be told again
    iperf3_server_stop_listening(session);
    session->report.error = IPERF3_ERR_IDLE;
    iperf3_session_report(session, IPERF3_FAILED);
}

static void terminate(iperf3_t *session) {
    bool is_client = session->report.role == IPERF3_CLIENT;

    fail(session, IPERF3_ERR_STOPPED, is_client ? STATE_CLIENT_TERMINATE : STATE_SERVER_TERMINATE);
    iperf3_server_stop_listening(session);
}

// One line per action of the chart.
// NOLINTNEXTLINE(readability-function-size)
static void perform(iperf3_t *session, enum iperf3_action action, enum iperf3_phase from) {
    switch (action) {
        case DO_NOTHING:
            break;
        case DO_SEND_COOKIE:
            iperf3_client_send_cookie(session);
            break;
        case DO_SEND_PARAMS:
            iperf3_client_send_params(session);
            break;
        case DO_OPEN_STREAMS:
            iperf3_client_open_streams(session);
            break;
        case DO_PREPARE_TEST:
            iperf3_client_prepare_test(session);
            break;
        case DO_START_TEST:
            iperf3_client_start_test(session);
            break;
        case DO_STOP_SENDING:
            iperf3_session_stop_streams(session, true);
            break;
        case DO_SEND_TEST_END:
            iperf3_client_send_test_end(session);
            break;
        case DO_SEND_RESULTS:
            iperf3_client_send_results(session);
            break;
        case DO_FINISH_CLIENT:
            iperf3_client_finish(session);
            break;
        case DO_ANNOUNCE:
            iperf3_session_report(session, IPERF3_LISTENING);
            break;
        case DO_STOP_LISTENING:
            iperf3_server_stop_listening(session);
            break;
        case DO_STOP_WAITING:
            stop_waiting(session);
            break;
        case DO_ASK_PARAMS:
            iperf3_server_ask_params(session);
            break;
        case DO_ASK_STREAMS:
            iperf3_server_ask_streams(session);
            break;
        case DO_BEGIN_TEST:
            iperf3_server_begin_test(session);
            break;
        case DO_STOP_TEST:
            iperf3_session_stop_streams(session, false);
            break;
        case DO_ASK_RESULTS:
            iperf3_server_ask_results(session);
            break;
        case DO_GIVE_RESULTS:
            iperf3_server_give_results(session);
            break;
        case DO_FINISH_SERVER:
            iperf3_server_finish(session);
            break;
        case DO_TERMINATE:
            terminate(session);
            break;
        case DO_REFUSE:
            fail_and_tell(session, IPERF3_ERR_UNWILLING, session->report.server_error);
            break;
        case DO_SEND_REFUSAL:
            iperf3_server_send_refusal(session);
            break;
        case DO_END_REFUSED:
            fail(session, IPERF3_ERR_UNWILLING, 0);
            break;
        case DO_FAIL_BUSY:
            fail(session, IPERF3_ERR_BUSY, 0);
            break;
        case DO_FAIL_REFUSED:
            fail(session, IPERF3_ERR_REFUSED, 0);
            break;
        case DO_FAIL_UNREACHABLE:
            fail(session, IPERF3_ERR_UNREACHABLE, 0);
            break;
        case DO_FAIL_SERVER_ERROR:
            fail(session, IPERF3_ERR_SERVER_ERROR, 0);
            break;
        case DO_FAIL_SERVER_TERMINATED:
            fail(session, IPERF3_ERR_SERVER_TERMINATED, STATE_IPERF_DONE);
            break;
        case DO_FAIL_CLIENT_TERMINATED:
            fail(session, IPERF3_ERR_CLIENT_TERMINATED, 0);
            break;
        case DO_FAIL_CLOSED:
            fail(session, IPERF3_ERR_CLOSED, 0);
            break;
        case DO_FAIL_TIMEOUT:
            fail_and_tell(session, IPERF3_ERR_TIMEOUT, iperf3_clock_timeout_number(from));
            break;
        case DO_FAIL_STREAM:
            fail(session, IPERF3_ERR_STREAM, STATE_IPERF_DONE);
            break;
        case DO_FAIL_RESULTS:
            fail_and_tell(session, IPERF3_ERR_RESULTS, NUMBER_BAD_RESULTS);
            break;
        case DO_FAIL_PROTOCOL:
            fail_and_tell(session, IPERF3_ERR_PROTOCOL, NUMBER_UNKNOWN_STATE);
            break;
        case ACTION_COUNT:
            break;
    }
}

void iperf3_session_event(iperf3_t *session, enum iperf3_event event) {
    enum iperf3_phase from = session->phase;
    struct iperf3_step step = iperf3_chart_step(session->report.role, from, event);

    session->phase = step.next; // first, so that what the action causes is judged in it
    iperf3_clock_phase_begins(session);
    perform(session, step.action, from);
}

/// The interface ///

static enum iperf3_error network_error(err_t err) {
    return err == ERR_RTE ? IPERF3_ERR_UNREACHABLE : IPERF3_ERR_NO_MEMORY;
}

bool iperf3_session_length_fits(const iperf3_t *session, const struct iperf3_test *test) {
    size_t header = iperf3_udp_header_size(test->udp_counters_64bit);

    if (test->protocol == IPERF3_TCP) {
        return test->length >= 1 && test->length <= IPERF3_MAX_TCP_LENGTH;
    }
    // The payload of a datagram is sent from where it lies, in one piece.
    return test->length >= IPERF3_MIN_UDP_LENGTH && test->length <= IPERF3_MAX_UDP_LENGTH
           && test->length - header <= session->config.payload_size;
}

bool iperf3_session_window_fits(const struct iperf3_test *test) {
    return test->protocol == IPERF3_UDP
           || test->window <= LWIP_MIN((uint32_t)TCP_WND, (uint32_t)TCP_SND_BUF);
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

// lwIP cannot set the bit that dont_fragment is about; that does not matter where
// a datagram fits a packet anyhow.
bool iperf3_session_fits_packet(
    const struct iperf3_test *test, bool sends, const ip_addr_t *peer) {
    return !test->dont_fragment || !sends || test->protocol == IPERF3_TCP || IP_IS_V6(peer)
           || iperf3_stream_udp_fits_packet(peer, test->length);
}

// Whether it has the address from which it is to reach the server.
static bool has_local_address(const struct iperf3_config *config, const ip_addr_t *server) {
    struct netif *netif;

    if (ip_addr_isany(&config->local)) {
        return true;
    }
    NETIF_FOREACH(netif) {
        const ip_addr_t *local = ip_netif_get_local_ip(netif, server);

        if (local != NULL && ip_addr_eq(local, &config->local)) {
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
    session->port = port;
    session->report.role = IPERF3_CLIENT;
    session->report.test = session->config.test;
    iperf3_clock_update(session);
    iperf3_session_event(session, EVENT_START);
    return IPERF3_OK;
}

enum iperf3_error iperf3_listen(iperf3_t *session, const ip_addr_t *local, uint16_t port) {
    enum iperf3_error error;

    LWIP_ASSERT_CORE_LOCKED();
    if (iperf3_running(session)) {
        return IPERF3_ERR_STATE;
    }
    error = iperf3_server_open(session, local, port);
    if (error != IPERF3_OK) {
        return error;
    }
    session->port = port;
    session->report.role = IPERF3_SERVER;
    iperf3_clock_update(session);
    iperf3_session_event(session, EVENT_START);
    return IPERF3_OK;
}

static void give_output(iperf3_t *session) {
    const struct iperf3_results_reader *results = &session->reading.results;
    struct iperf3_report *report = &session->report;

    report->server_output = results->output;
    report->server_output_size = results->output_size;
    report->server_output_is_json = results->output_is_json;
}

static bool is_total(enum iperf3_report_type type) {
    return type == IPERF3_MEASURED || type == IPERF3_FINISHED || type == IPERF3_FAILED;
}

static const struct iperf3_report *next_report(iperf3_t *session) {
    struct iperf3_report *report = &session->report;

    if (session->report_count == 0) {
        return NULL;
    }
    report->type = (enum iperf3_report_type)session->reports[0];
    session->report_count--;
    memmove(session->reports, session->reports + 1, session->report_count);

    if (report->type == IPERF3_LISTENING) {
        report->test_number++;
        report->local_port = session->port;
    } else if (report->type == IPERF3_SERVER_OUTPUT) {
        give_output(session);
    } else if (is_total(report->type)) {
        report->start_us = 0;
        report->end_us = session->ended - session->started;
        report->server_output = NULL;
    }
    return report;
}

const struct iperf3_report *iperf3_poll(iperf3_t *session) {
    LWIP_ASSERT_CORE_LOCKED();
    iperf3_clock_update(session);
    if (session->report_count == 0 && session->phase != PHASE_IDLE) {
        iperf3_control_poll(session);
        iperf3_client_poll(session);
        if (session->listener != NULL) {
            iperf3_server_poll(session);
        }
        iperf3_clock_poll(session);
    }
    return next_report(session);
}

uint32_t iperf3_wait_us(const iperf3_t *session) {
    LWIP_ASSERT_CORE_LOCKED();
    return session->report_count > 0 ? 0 : iperf3_clock_wait_us(session);
}

bool iperf3_running(const iperf3_t *session) {
    LWIP_ASSERT_CORE_LOCKED();
    return session->phase != PHASE_IDLE || session->report_count > 0;
}

void iperf3_set_server_output(iperf3_t *session, const char *text) {
    LWIP_ASSERT_CORE_LOCKED();
    session->server_output = text;
}

void iperf3_stop(iperf3_t *session) {
    LWIP_ASSERT_CORE_LOCKED();
    iperf3_clock_update(session);
    if (session->phase != PHASE_IDLE) {
        session->report_count = 0; // what was still to be told is overtaken
        iperf3_session_event(session, EVENT_STOP);
    }
}
