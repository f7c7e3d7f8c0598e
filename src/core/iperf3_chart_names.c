// iperf3_chart_names.c - what phases, events and actions are called
// SPDX-License-Identifier: MIT

#include "iperf3_chart.h"

#define NAME(prefix, name) [prefix##name] = #name

const char *iperf3_phase_name(enum iperf3_phase phase) {
    static const char *const names[PHASE_COUNT] = {
        NAME(PHASE_, IDLE),
        NAME(PHASE_, CONNECTING),
        NAME(PHASE_, WAIT_PARAM_EXCHANGE),
        NAME(PHASE_, WAIT_CREATE_STREAMS),
        NAME(PHASE_, OPENING_STREAMS),
        NAME(PHASE_, WAIT_TEST_START),
        NAME(PHASE_, WAIT_TEST_RUNNING),
        NAME(PHASE_, CLIENT_RUNNING),
        NAME(PHASE_, CLIENT_DRAINING),
        NAME(PHASE_, WAIT_EXCHANGE_RESULTS),
        NAME(PHASE_, WAIT_SERVER_RESULTS),
        NAME(PHASE_, WAIT_DISPLAY_RESULTS),
        NAME(PHASE_, CLIENT_CLOSING),
        NAME(PHASE_, LISTENING),
        NAME(PHASE_, WAIT_COOKIE),
        NAME(PHASE_, WAIT_PARAMS),
        NAME(PHASE_, WAIT_STREAMS),
        NAME(PHASE_, SERVER_RUNNING),
        NAME(PHASE_, SERVER_DRAINING),
        NAME(PHASE_, WAIT_CLIENT_RESULTS),
        NAME(PHASE_, WAIT_IPERF_DONE),
        NAME(PHASE_, REFUSING),
    };

    return phase < PHASE_COUNT ? names[phase] : "?";
}

const char *iperf3_event_name(enum iperf3_event event) {
    static const char *const names[EVENT_COUNT] = {
        NAME(EVENT_, START),
        NAME(EVENT_, STOP),
        NAME(EVENT_, TIMEOUT),
        NAME(EVENT_, TEST_COMPLETE),
        NAME(EVENT_, DRAINED),
        NAME(EVENT_, CONTROL_OPEN),
        NAME(EVENT_, CONTROL_REFUSED),
        NAME(EVENT_, CONTROL_CLOSED),
        NAME(EVENT_, STREAMS_OPEN),
        NAME(EVENT_, STREAM_FAILED),
        NAME(EVENT_, COOKIE),
        NAME(EVENT_, PARAMS),
        NAME(EVENT_, UNWILLING),
        NAME(EVENT_, RESULTS),
        NAME(EVENT_, RESULTS_BAD),
        NAME(EVENT_, TEST_START),
        NAME(EVENT_, TEST_RUNNING),
        NAME(EVENT_, TEST_END),
        NAME(EVENT_, PARAM_EXCHANGE),
        NAME(EVENT_, CREATE_STREAMS),
        NAME(EVENT_, SERVER_TERMINATE),
        NAME(EVENT_, CLIENT_TERMINATE),
        NAME(EVENT_, EXCHANGE_RESULTS),
        NAME(EVENT_, DISPLAY_RESULTS),
        NAME(EVENT_, IPERF_DONE),
        NAME(EVENT_, ACCESS_DENIED),
        NAME(EVENT_, SERVER_ERROR),
        NAME(EVENT_, UNKNOWN_STATE),
    };

    return event < EVENT_COUNT ? names[event] : "?";
}

const char *iperf3_action_name(enum iperf3_action action) {
    static const char *const names[ACTION_COUNT] = {
        NAME(DO_, NOTHING),
        NAME(DO_, SEND_COOKIE),
        NAME(DO_, SEND_PARAMS),
        NAME(DO_, OPEN_STREAMS),
        NAME(DO_, PREPARE_TEST),
        NAME(DO_, START_TEST),
        NAME(DO_, STOP_SENDING),
        NAME(DO_, SEND_TEST_END),
        NAME(DO_, SEND_RESULTS),
        NAME(DO_, SEND_DONE),
        NAME(DO_, FINISH_CLIENT),
        NAME(DO_, ANNOUNCE),
        NAME(DO_, STOP_LISTENING),
        NAME(DO_, STOP_WAITING),
        NAME(DO_, ASK_PARAMS),
        NAME(DO_, ASK_STREAMS),
        NAME(DO_, BEGIN_TEST),
        NAME(DO_, STOP_TEST),
        NAME(DO_, ASK_RESULTS),
        NAME(DO_, GIVE_RESULTS),
        NAME(DO_, FINISH_SERVER),
        NAME(DO_, TERMINATE),
        NAME(DO_, REFUSE),
        NAME(DO_, SEND_REFUSAL),
        NAME(DO_, END_REFUSED),
        NAME(DO_, FAIL_BUSY),
        NAME(DO_, FAIL_REFUSED),
        NAME(DO_, FAIL_UNREACHABLE),
        NAME(DO_, FAIL_SERVER_ERROR),
        NAME(DO_, FAIL_SERVER_TERMINATED),
        NAME(DO_, FAIL_CLIENT_TERMINATED),
        NAME(DO_, FAIL_CLOSED),
        NAME(DO_, FAIL_TIMEOUT),
        NAME(DO_, FAIL_STREAM),
        NAME(DO_, FAIL_RESULTS),
        NAME(DO_, FAIL_PROTOCOL),
    };

    return action < ACTION_COUNT ? names[action] : "?";
}
