// iperf3_session.c - memory, phases, reports: what holds a session together
// SPDX-License-Identifier: MIT

#include "iperf3_session.h"

#include <string.h>

#include "iperf3_goal.h"
#include "iperf3_udp.h"
#include "lwip/prot/udp.h" // UDP_HLEN

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
    iperf3_clock_phase_begins(self);
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
    session->streams_end = session->streams;
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

// A server's datagrams may be lost: it goes on until the client has enough of them.
static uint64_t goal_to_send(const iperf3_t *session) {
    const struct iperf3_test *test = &session->report.test;
    bool goes_on = session->report.role == IPERF3_SERVER && test->protocol == IPERF3_UDP;

    return goes_on ? IPERF3_NO_GOAL : iperf3_goal_to_send(test);
}

void iperf3_session_set_up_streams(iperf3_t *session) {
    const struct iperf3_test *test = &session->report.test;
    unsigned count = iperf3_test_streams(test);

    memset(session->streams, 0, count * sizeof(*session->streams));
    memset(session->stream_reports, 0, count * sizeof(*session->stream_reports));
    for (unsigned i = 0; i < count; i++) {
        struct iperf3_stream *stream = &session->streams[i];

        stream->session = session;
        stream->report = &session->stream_reports[i];
        stream->sender = is_sender(session, i);
        stream->receives = !stream->sender;
        stream->report->id = (uint16_t)iperf3_stream_id(i);
        stream->report->sender = stream->sender;
        stream->report->counts.retransmits = -1; // lwIP does not count all of them
        stream->report->remote.retransmits = -1;
    }
    session->report.stream_count = count;
    session->streams_end = session->streams + count;
    session->next_stream = session->streams;
    session->goal_to_send = goal_to_send(session);
    session->sent = 0;
    session->moved = 0;
    session->broken = 0;
}

void iperf3_session_start_streams(iperf3_t *session) {
    FOR_EACH_STREAM(session, stream) {
        iperf3_stream_start(stream);
    }
}

void iperf3_session_stop_streams(iperf3_t *session, bool complete) {
    FOR_EACH_STREAM(session, stream) {
        iperf3_stream_stop(stream, complete);
    }
}

/// Ends ///

void iperf3_session_close_streams(iperf3_t *session) {
    FOR_EACH_STREAM(session, stream) {
        session->kind->close(stream);
    }
}

void iperf3_session_close(iperf3_t *session) {
    iperf3_control_close(session);
    iperf3_session_close_streams(session);
}

// The unhappy ends: what is reported, and what is said to the other side before
// closing, 0: nothing. With SERVER_ERROR goes iperf3's number for why.
struct end {
    int8_t error;
    uint8_t client_says;
    uint8_t server_says;
    uint8_t number; // 0: only known when it happens
};

#define END(action, error, client, server, number) \
    [DO_##action - FIRST_END] = { IPERF3_ERR_##error, (client), (server), (number) }

// *FORMAT-OFF*
static const struct end ends[] = {
    END(TERMINATE,              STOPPED,           STATE_CLIENT_TERMINATE, STATE_SERVER_TERMINATE, 0),
    END(REFUSE,                 UNWILLING,         0,                      STATE_SERVER_ERROR,     0),
    END(END_REFUSED,            UNWILLING,         0,                      0,                      0),
    END(FAIL_BUSY,              BUSY,              0,                      0,                      0),
    END(FAIL_REFUSED,           REFUSED,           0,                      0,                      0),
    END(FAIL_UNREACHABLE,       UNREACHABLE,       0,                      0,                      0),
    END(FAIL_SERVER_ERROR,      SERVER_ERROR,      0,                      0,                      0),
    END(FAIL_SERVER_TERMINATED, SERVER_TERMINATED, STATE_IPERF_DONE,       0,                      0),
    END(FAIL_CLIENT_TERMINATED, CLIENT_TERMINATED, 0,                      0,                      0),
    END(FAIL_CLOSED,            CLOSED,            0,                      0,                      0),
    END(FAIL_TIMEOUT,           TIMEOUT,           STATE_IPERF_DONE,       STATE_SERVER_ERROR,     0),
    END(FAIL_STREAM,            STREAM,            STATE_IPERF_DONE,       0,                      0),
    END(FAIL_RESULTS,           RESULTS,           STATE_IPERF_DONE,       STATE_SERVER_ERROR,     117),
    END(FAIL_PROTOCOL,          PROTOCOL,          STATE_IPERF_DONE,       STATE_SERVER_ERROR,     110),
};
// *FORMAT-ON*

static int32_t number_of(
    const iperf3_t *session, enum iperf3_action action, enum iperf3_phase from) {
    if (action == DO_REFUSE) {
        return session->report.server_error;
    }
    if (action == DO_FAIL_TIMEOUT) {
        return iperf3_clock_timeout_number(from);
    }
    return ends[action - FIRST_END].number;
}

static void fail(iperf3_t *session, enum iperf3_action action, enum iperf3_phase from) {
    bool is_client = session->report.role == IPERF3_CLIENT;
    const struct end *end = &ends[action - FIRST_END];
    uint8_t farewell = is_client ? end->client_says : end->server_says;

    session->report.error = (enum iperf3_error)end->error;
    if (farewell == STATE_SERVER_ERROR) {
        iperf3_control_send_error(session, number_of(session, action, from));
    } else if (farewell != 0) {
        iperf3_control_send_state(session, farewell);
    }
    iperf3_session_end_counting(session, session->now);
    iperf3_session_close(session);
    // A stranger that did not get as far as a test is not worth a word.
    if (is_client || session->accepted || action == DO_REFUSE) {
        iperf3_session_report(session, IPERF3_FAILED);
    }
    session->side->ended(session);
}

static void perform(iperf3_t *session, enum iperf3_action action, enum iperf3_phase from) {
    const struct iperf3_side *side = session->side;

    if (action >= FIRST_END) {
        fail(session, action, from);
    } else if (action != DO_NOTHING) {
        side->actions[action - side->first_action](session);
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

void iperf3_session_start(iperf3_t *session, const struct iperf3_side *side, uint16_t port) {
    session->side = side;
    session->port = port;
    session->report.role = side->role;
    iperf3_clock_update(session);
    iperf3_session_event(session, EVENT_START);
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

// Whether a datagram of so many bytes goes to this IPv4 host in one piece.
static bool fits_packet(const ip_addr_t *peer, uint32_t length) {
    const struct netif *netif = ip_route(IP46_ADDR_ANY(IP_GET_TYPE(peer)), peer);

    return netif == NULL || length + IP_HLEN + UDP_HLEN <= netif->mtu;
}

// lwIP cannot set the bit that dont_fragment is about; that does not matter where
// a datagram fits a packet anyhow.
bool iperf3_session_fits_packet(
    const struct iperf3_test *test, bool sends, const ip_addr_t *peer) {
    return !test->dont_fragment || !sends || test->protocol == IPERF3_TCP || IP_IS_V6(peer)
           || fits_packet(peer, test->length);
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
        iperf3_session_sum_up(session);
        report->server_output = NULL;
    }
    return report;
}

const struct iperf3_report *iperf3_poll(iperf3_t *session) {
    LWIP_ASSERT_CORE_LOCKED();
    iperf3_clock_update(session);
    if (session->report_count == 0 && session->phase != PHASE_IDLE) {
        iperf3_control_poll(session);
        session->side->poll(session);
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
