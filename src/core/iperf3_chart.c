// iperf3_chart.c - see iperf3_chart.h
// SPDX-License-Identifier: MIT

#include "iperf3_chart.h"

#include <stdbool.h>
#include <stddef.h>

#include "iperf3_wire.h"

struct rule {
    uint8_t phase;
    uint8_t event;
    uint8_t action;
    uint8_t next;
};

#define RULE(phase, event, action, next) \
    { (uint8_t)PHASE_##phase, (uint8_t)EVENT_##event, (uint8_t)DO_##action, (uint8_t)PHASE_##next }

// Read a row as: in this phase, on this event, do this, then be in that phase.
// BUSY stands for every phase but the two at rest, IDLE and LISTENING. The first
// matching row counts, so its rows come last. tools/check_chart_rows deletes one
// row after another and sees a unit test fail each time.

// *FORMAT-OFF*
static const struct rule client_chart[] = {
    RULE(IDLE,                  START,            NOTHING,           CONNECTING),
    RULE(CONNECTING,            CONTROL_OPEN,     SEND_COOKIE,       WAIT_PARAM_EXCHANGE),
    RULE(CONNECTING,            CONTROL_REFUSED,  FAIL_REFUSED,      IDLE),
    RULE(CONNECTING,            CONTROL_CLOSED,   FAIL_UNREACHABLE,  IDLE),
    RULE(CONNECTING,            TIMEOUT,          FAIL_UNREACHABLE,  IDLE),
    RULE(WAIT_PARAM_EXCHANGE,   PARAM_EXCHANGE,   SEND_PARAMS,       WAIT_CREATE_STREAMS),
    RULE(WAIT_CREATE_STREAMS,   CREATE_STREAMS,   OPEN_STREAMS,      OPENING_STREAMS),
    RULE(OPENING_STREAMS,       STREAMS_OPEN,     NOTHING,           WAIT_TEST_START),
    // UDP: the reply that opens a stream may be lost, but the server has them all.
    RULE(OPENING_STREAMS,       TEST_START,       PREPARE_TEST,      WAIT_TEST_RUNNING),
    RULE(WAIT_TEST_START,       TEST_START,       PREPARE_TEST,      WAIT_TEST_RUNNING),
    RULE(WAIT_TEST_RUNNING,     TEST_RUNNING,     START_TEST,        CLIENT_RUNNING),
    RULE(CLIENT_RUNNING,        TEST_COMPLETE,    STOP_SENDING,      CLIENT_DRAINING),
    RULE(CLIENT_DRAINING,       DRAINED,          SEND_TEST_END,     WAIT_EXCHANGE_RESULTS),
    // The data that cannot be brought across is the result, not a failure.
    RULE(CLIENT_DRAINING,       STREAM_FAILED,    SEND_TEST_END,     WAIT_EXCHANGE_RESULTS),
    RULE(CLIENT_DRAINING,       TIMEOUT,          SEND_TEST_END,     WAIT_EXCHANGE_RESULTS),
    RULE(WAIT_EXCHANGE_RESULTS, EXCHANGE_RESULTS, SEND_RESULTS,      WAIT_SERVER_RESULTS),
    RULE(WAIT_SERVER_RESULTS,   RESULTS,          NOTHING,           WAIT_DISPLAY_RESULTS),
    RULE(WAIT_SERVER_RESULTS,   RESULTS_BAD,      FAIL_RESULTS,      IDLE),
    RULE(WAIT_DISPLAY_RESULTS,  DISPLAY_RESULTS,  SEND_DONE,         CLIENT_CLOSING),
    RULE(CLIENT_CLOSING,        DRAINED,          FINISH_CLIENT,     IDLE),
    RULE(CLIENT_CLOSING,        TIMEOUT,          FINISH_CLIENT,     IDLE),
    RULE(CLIENT_CLOSING,        CONTROL_CLOSED,   FINISH_CLIENT,     IDLE),
    RULE(CLIENT_CLOSING,        STOP,             FINISH_CLIENT,     IDLE),

    RULE(BUSY, STOP,             TERMINATE,              IDLE),
    RULE(BUSY, ACCESS_DENIED,    FAIL_BUSY,              IDLE),
    RULE(BUSY, SERVER_ERROR,     FAIL_SERVER_ERROR,      IDLE),
    RULE(BUSY, SERVER_TERMINATE, FAIL_SERVER_TERMINATED, IDLE),
    RULE(BUSY, CONTROL_CLOSED,   FAIL_CLOSED,            IDLE),
    RULE(BUSY, STREAM_FAILED,    FAIL_STREAM,            IDLE),
    RULE(BUSY, TIMEOUT,          FAIL_TIMEOUT,           IDLE),
};

static const struct rule server_chart[] = {
    RULE(IDLE,                START,          ANNOUNCE,       LISTENING),
    RULE(LISTENING,           CONTROL_OPEN,   NOTHING,        WAIT_COOKIE),
    RULE(LISTENING,           STOP,           STOP_LISTENING, IDLE),
    RULE(LISTENING,           TIMEOUT,        STOP_WAITING,   IDLE),
    RULE(WAIT_COOKIE,         COOKIE,         ASK_PARAMS,     WAIT_PARAMS),
    RULE(WAIT_PARAMS,         PARAMS,         ASK_STREAMS,    WAIT_STREAMS),
    RULE(WAIT_PARAMS,         UNWILLING,      REFUSE,         LISTENING),
    RULE(WAIT_STREAMS,        STREAMS_OPEN,   BEGIN_TEST,     SERVER_RUNNING),
    RULE(SERVER_RUNNING,      TEST_END,       STOP_TEST,      SERVER_DRAINING),
    RULE(SERVER_RUNNING,      UNWILLING,      SEND_REFUSAL,   REFUSING),
    RULE(SERVER_DRAINING,     DRAINED,        ASK_RESULTS,    WAIT_CLIENT_RESULTS),
    RULE(SERVER_DRAINING,     TIMEOUT,        ASK_RESULTS,    WAIT_CLIENT_RESULTS),
    RULE(WAIT_CLIENT_RESULTS, RESULTS,        GIVE_RESULTS,   WAIT_IPERF_DONE),
    RULE(WAIT_CLIENT_RESULTS, RESULTS_BAD,    FAIL_RESULTS,   LISTENING),
    RULE(WAIT_IPERF_DONE,     IPERF_DONE,     FINISH_SERVER,  LISTENING),
    // Resetting its streams at once would keep a client that sends from reading why.
    RULE(REFUSING,            CONTROL_CLOSED, END_REFUSED,    LISTENING),
    RULE(REFUSING,            IPERF_DONE,     END_REFUSED,    LISTENING),
    RULE(REFUSING,            TEST_END,       END_REFUSED,    LISTENING),
    RULE(REFUSING,            TIMEOUT,        END_REFUSED,    LISTENING),
    // A client that has its results may simply go, or hang.
    RULE(WAIT_IPERF_DONE,     CONTROL_CLOSED, FINISH_SERVER,  LISTENING),
    RULE(WAIT_IPERF_DONE,     TIMEOUT,        FINISH_SERVER,  LISTENING),

    RULE(BUSY, STOP,             TERMINATE,              IDLE),
    RULE(BUSY, CLIENT_TERMINATE, FAIL_CLIENT_TERMINATED, LISTENING),
    RULE(BUSY, IPERF_DONE,       FAIL_CLOSED,            LISTENING), // the client gave up
    RULE(BUSY, CONTROL_CLOSED,   FAIL_CLOSED,            LISTENING),
    RULE(BUSY, TIMEOUT,          FAIL_TIMEOUT,           LISTENING),
};
// *FORMAT-ON*

#define COUNT(chart) (sizeof(chart) / sizeof((chart)[0]))

static bool at_rest(enum iperf3_phase phase) {
    return phase == PHASE_IDLE || phase == PHASE_LISTENING;
}

static bool matches(const struct rule *rule, enum iperf3_phase phase, enum iperf3_event event) {
    return rule->event == event
           && (rule->phase == phase || (rule->phase == PHASE_BUSY && !at_rest(phase)));
}

struct iperf3_step iperf3_chart_step(
    enum iperf3_role role, enum iperf3_phase phase, enum iperf3_event event) {
    bool client = role == IPERF3_CLIENT;
    const struct rule *rule = client ? client_chart : server_chart;
    const struct rule *end = client ? client_chart + COUNT(client_chart)
                                    : server_chart + COUNT(server_chart);

    for (; rule < end; rule++) {
        if (matches(rule, phase, event)) {
            return (struct iperf3_step) {
                       .action = (enum iperf3_action)rule->action,
                       .next = (enum iperf3_phase)rule->next,
            };
        }
    }

    if (at_rest(phase)) {
        return (struct iperf3_step) { .action = DO_NOTHING, .next = phase };
    }
    return (struct iperf3_step) {
               .action = DO_FAIL_PROTOCOL,
               .next = client ? PHASE_IDLE : PHASE_LISTENING,
    };
}

#define STATE(name) [EVENT_##name - EVENT_TEST_START] = STATE_##name

static const uint8_t states[] = {
    STATE(TEST_START),
    STATE(TEST_RUNNING),
    STATE(TEST_END),
    STATE(PARAM_EXCHANGE),
    STATE(CREATE_STREAMS),
    STATE(SERVER_TERMINATE),
    STATE(CLIENT_TERMINATE),
    STATE(EXCHANGE_RESULTS),
    STATE(DISPLAY_RESULTS),
    STATE(IPERF_DONE),
    STATE(ACCESS_DENIED),
    STATE(SERVER_ERROR),
};

enum iperf3_event iperf3_chart_event(uint8_t state) {
    unsigned event = EVENT_TEST_START;

    while (event < EVENT_UNKNOWN_STATE && states[event - EVENT_TEST_START] != state) {
        event++;
    }
    return (enum iperf3_event)event;
}

enum iperf3_frame_kind iperf3_chart_expects(enum iperf3_phase phase) {
    if (phase == PHASE_WAIT_COOKIE) {
        return FRAME_COOKIE;
    }
    if (phase == PHASE_WAIT_PARAMS || phase == PHASE_WAIT_CLIENT_RESULTS
        || phase == PHASE_WAIT_SERVER_RESULTS) {
        return FRAME_JSON;
    }
    return FRAME_STATE;
}
