// iperf3_chart.h - the iperf3 control dialogue as two charts, one per role
// SPDX-License-Identifier: MIT
//
// A chart knows nothing of sockets, clocks or memory. Given where a session is
// (its phase) and what just happened (an event), it says what to do (an action)
// and where the session is then. Phases are named after what the session waits
// for; they are not the state bytes on the wire, which are events here.

#ifndef IPERF3_CHART_H
#define IPERF3_CHART_H

#include <stdint.h>

#include "iperf3_test.h"

enum iperf3_phase {
    PHASE_IDLE,
    // client
    PHASE_CONNECTING,
    PHASE_WAIT_PARAM_EXCHANGE,
    PHASE_WAIT_CREATE_STREAMS,
    PHASE_OPENING_STREAMS,
    PHASE_WAIT_TEST_START,
    PHASE_WAIT_TEST_RUNNING,
    PHASE_CLIENT_RUNNING,  // the client decides when the test is over
    PHASE_CLIENT_DRAINING, // what was sent is still on its way
    PHASE_WAIT_EXCHANGE_RESULTS,
    PHASE_WAIT_SERVER_RESULTS,
    PHASE_WAIT_DISPLAY_RESULTS,
    PHASE_CLIENT_CLOSING, // all is said; the server makes itself ready for the next client
    // server
    PHASE_LISTENING,
    PHASE_WAIT_COOKIE,
    PHASE_WAIT_PARAMS,
    PHASE_WAIT_STREAMS,
    PHASE_SERVER_RUNNING,
    PHASE_SERVER_DRAINING, // what the client sent is still on its way
    PHASE_WAIT_CLIENT_RESULTS,
    PHASE_WAIT_IPERF_DONE,
    PHASE_REFUSING, // the client of a running test has been told to go

    PHASE_COUNT,
    PHASE_BUSY = PHASE_COUNT, // in a rule: every phase of a test
};

enum iperf3_event {
    // the application and the clock
    EVENT_START,
    EVENT_STOP,
    EVENT_TIMEOUT,
    EVENT_TEST_COMPLETE, // time, bytes or blocks used up
    EVENT_DRAINED,       // nothing of the payload is under way any more
    // connections
    EVENT_CONTROL_OPEN,
    EVENT_CONTROL_REFUSED,
    EVENT_CONTROL_CLOSED,
    EVENT_STREAMS_OPEN, // all of them
    EVENT_STREAM_FAILED,
    // control messages without a state byte
    EVENT_COOKIE,
    EVENT_PARAMS,
    EVENT_UNWILLING, // parameters malformed or out of range, or more than this server does
    EVENT_RESULTS,
    EVENT_RESULTS_BAD,
    // state bytes, none in between
    EVENT_TEST_START,
    EVENT_TEST_RUNNING,
    EVENT_TEST_END,
    EVENT_PARAM_EXCHANGE,
    EVENT_CREATE_STREAMS,
    EVENT_SERVER_TERMINATE,
    EVENT_CLIENT_TERMINATE,
    EVENT_EXCHANGE_RESULTS,
    EVENT_DISPLAY_RESULTS,
    EVENT_IPERF_DONE,
    EVENT_ACCESS_DENIED,
    EVENT_SERVER_ERROR,
    EVENT_UNKNOWN_STATE, // any other byte

    EVENT_COUNT,
};

enum iperf3_action {
    DO_NOTHING,
    // client
    DO_SEND_COOKIE,
    FIRST_CLIENT_ACTION = DO_SEND_COOKIE,
    DO_SEND_PARAMS,
    DO_OPEN_STREAMS,
    DO_PREPARE_TEST, // start the clock
    DO_START_TEST,   // start sending
    DO_STOP_SENDING, // send no more but the rest of a block
    DO_SEND_TEST_END,
    DO_SEND_RESULTS,
    DO_SEND_DONE,     // send IPERF_DONE and nothing more
    DO_FINISH_CLIENT, // close, report
    // server
    DO_ANNOUNCE, // report that the session listens
    FIRST_SERVER_ACTION = DO_ANNOUNCE,
    DO_STOP_LISTENING,
    DO_STOP_WAITING,  // the same, and report why
    DO_ASK_PARAMS,    // send PARAM_EXCHANGE
    DO_ASK_STREAMS,   // send CREATE_STREAMS
    DO_BEGIN_TEST,    // send TEST_START and TEST_RUNNING, start clock and sending
    DO_STOP_TEST,     // stop sending
    DO_ASK_RESULTS,   // shut the streams down, send EXCHANGE_RESULTS
    DO_GIVE_RESULTS,  // send ours, then DISPLAY_RESULTS
    DO_FINISH_SERVER, // close, report, ready for the next client
    DO_SEND_REFUSAL, // tell the client; its connections stay until it has heard
    // the unhappy ends: close everything and report why
    DO_TERMINATE, // tell the peer
    FIRST_END = DO_TERMINATE,
    DO_REFUSE,    // tell the client
    DO_END_REFUSED,
    DO_FAIL_BUSY,
    DO_FAIL_REFUSED,
    DO_FAIL_UNREACHABLE,
    DO_FAIL_SERVER_ERROR,
    DO_FAIL_SERVER_TERMINATED,
    DO_FAIL_CLIENT_TERMINATED,
    DO_FAIL_CLOSED,
    DO_FAIL_TIMEOUT,
    DO_FAIL_STREAM,
    DO_FAIL_RESULTS,
    DO_FAIL_PROTOCOL,

    ACTION_COUNT,
};

// What the next bytes of the control connection are.
enum iperf3_frame_kind { FRAME_STATE, FRAME_COOKIE, FRAME_JSON };

struct iperf3_step {
    enum iperf3_action action;
    enum iperf3_phase next;
};

// Never fails. During a test, an event that does not belong in the phase is a
// protocol error and ends the test like any other failure; at rest it is ignored.
struct iperf3_step iperf3_chart_step(
    enum iperf3_role role, enum iperf3_phase phase, enum iperf3_event event);

// The event that a state byte is. A byte out of turn, such as a server's from a
// client, is an event that the phase's chart does not name.
enum iperf3_event iperf3_chart_event(uint8_t state);

enum iperf3_frame_kind iperf3_chart_expects(enum iperf3_phase phase);

// For traces and tests, in a file of their own: small firmware leaves them out.
const char *iperf3_phase_name(enum iperf3_phase phase);
const char *iperf3_event_name(enum iperf3_event event);
const char *iperf3_action_name(enum iperf3_action action);

#endif // IPERF3_CHART_H
