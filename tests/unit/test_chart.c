// test_chart.c - the two charts fit each other, and nothing escapes them
// SPDX-License-Identifier: MIT
//
// With --print it prints the charts as they stand in docs/PROTOCOL.md.

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "iperf3_chart.h"
#include "iperf3_wire.h"

#define FIRST_UNHAPPY_ACTION DO_TERMINATE

/// A whole test ///

// Both roles, joined by a queue of control messages instead of TCP. Each action
// is replaced by the messages it would send and the events it would cause.
struct end {
    enum iperf3_role role;
    enum iperf3_phase phase;
    enum iperf3_event queue[16]; // events waiting for this end
    unsigned count;
};

static void push(struct end *end, enum iperf3_event event) {
    assert_true(end->count < 16);
    end->queue[end->count++] = event;
}

static void act(struct end *self, struct end *peer, enum iperf3_action action) {
    switch ((unsigned)action) {
        case DO_NOTHING:
        case DO_PREPARE_TEST:
        case DO_ANNOUNCE:
        case DO_STOP_LISTENING:
        case DO_FINISH_CLIENT:
        case DO_FINISH_SERVER:
            break;
        case DO_SEND_COOKIE:
            push(peer, EVENT_COOKIE);
            break;
        case DO_ASK_PARAMS:
            push(peer, EVENT_PARAM_EXCHANGE);
            break;
        case DO_SEND_PARAMS:
            push(peer, EVENT_PARAMS);
            break;
        case DO_ASK_STREAMS:
            push(peer, EVENT_CREATE_STREAMS);
            break;
        case DO_OPEN_STREAMS:
            push(self, EVENT_STREAMS_OPEN);
            push(peer, EVENT_STREAMS_OPEN);
            break;
        case DO_BEGIN_TEST:
            push(peer, EVENT_TEST_START);
            push(peer, EVENT_TEST_RUNNING);
            break;
        case DO_START_TEST:
            push(self, EVENT_TEST_COMPLETE);
            break;
        case DO_STOP_SENDING:
        case DO_STOP_TEST:
            push(self, EVENT_DRAINED);
            break;
        case DO_SEND_TEST_END:
            push(peer, EVENT_TEST_END);
            break;
        case DO_ASK_RESULTS:
            push(peer, EVENT_EXCHANGE_RESULTS);
            break;
        case DO_SEND_RESULTS:
            push(peer, EVENT_RESULTS);
            break;
        case DO_GIVE_RESULTS:
            push(peer, EVENT_RESULTS);
            push(peer, EVENT_DISPLAY_RESULTS);
            break;
        case DO_SEND_DONE:
            push(peer, EVENT_IPERF_DONE);
            push(self, EVENT_DRAINED);
            break;
        default:
            fail_msg("%s", iperf3_action_name(action));
    }
}

static void deliver_one(struct end *self, struct end *peer) {
    struct iperf3_step step = iperf3_chart_step(self->role, self->phase, self->queue[0]);

    self->count--;
    memmove(self->queue, self->queue + 1, sizeof(self->queue[0]) * self->count);
    self->phase = step.next;
    act(self, peer, step.action);
}

static void a_whole_test_returns_both_ends_to_rest(void **state) {
    struct end client = { .role = IPERF3_CLIENT };
    struct end server = { .role = IPERF3_SERVER };
    unsigned steps = 0;

    (void)state;
    push(&server, EVENT_START);
    deliver_one(&server, &client);
    push(&client, EVENT_START);
    push(&client, EVENT_CONTROL_OPEN);
    push(&server, EVENT_CONTROL_OPEN);
    while (client.count > 0 || server.count > 0) {
        if (client.count > 0) {
            deliver_one(&client, &server);
            steps++;
        }
        if (server.count > 0) {
            deliver_one(&server, &client);
            steps++;
        }
    }

    assert_int_equal(client.phase, PHASE_IDLE);
    assert_int_equal(server.phase, PHASE_LISTENING);
    assert_int_equal(steps, 21); // 13 of the client, 8 of the server
    push(&server, EVENT_STOP);
    deliver_one(&server, &client);
    assert_int_equal(server.phase, PHASE_IDLE);
}

/// Rows that a good test does not need ///

static void each_other_end_says_why(void **state) {
    static const struct {
        enum iperf3_role role;
        enum iperf3_phase phase;
        enum iperf3_event event;
        enum iperf3_action action;
        enum iperf3_phase next;
    } ends[] = {
        { IPERF3_CLIENT, PHASE_CONNECTING, EVENT_CONTROL_REFUSED, DO_FAIL_REFUSED, PHASE_IDLE },
        { IPERF3_CLIENT, PHASE_CONNECTING, EVENT_CONTROL_CLOSED, DO_FAIL_UNREACHABLE, PHASE_IDLE },
        { IPERF3_CLIENT, PHASE_CONNECTING, EVENT_TIMEOUT, DO_FAIL_UNREACHABLE, PHASE_IDLE },
        { IPERF3_CLIENT, PHASE_WAIT_SERVER_RESULTS, EVENT_RESULTS_BAD, DO_FAIL_RESULTS, PHASE_IDLE },
        { IPERF3_CLIENT, PHASE_CLIENT_CLOSING, EVENT_TIMEOUT, DO_FINISH_CLIENT, PHASE_IDLE },
        { IPERF3_CLIENT, PHASE_CLIENT_CLOSING, EVENT_CONTROL_CLOSED, DO_FINISH_CLIENT, PHASE_IDLE },
        { IPERF3_CLIENT, PHASE_CLIENT_CLOSING, EVENT_STOP, DO_FINISH_CLIENT, PHASE_IDLE },
        { IPERF3_CLIENT, PHASE_CLIENT_RUNNING, EVENT_STOP, DO_TERMINATE, PHASE_IDLE },
        { IPERF3_CLIENT, PHASE_CLIENT_RUNNING, EVENT_SERVER_ERROR, DO_FAIL_SERVER_ERROR, PHASE_IDLE },
        { IPERF3_CLIENT, PHASE_CLIENT_RUNNING, EVENT_SERVER_TERMINATE, DO_FAIL_SERVER_TERMINATED, PHASE_IDLE },
        { IPERF3_CLIENT, PHASE_CLIENT_RUNNING, EVENT_CONTROL_CLOSED, DO_FAIL_CLOSED, PHASE_IDLE },
        { IPERF3_CLIENT, PHASE_CLIENT_RUNNING, EVENT_STREAM_FAILED, DO_FAIL_STREAM, PHASE_IDLE },
        { IPERF3_CLIENT, PHASE_CLIENT_RUNNING, EVENT_TIMEOUT, DO_FAIL_TIMEOUT, PHASE_IDLE },
        { IPERF3_CLIENT, PHASE_WAIT_PARAM_EXCHANGE, EVENT_ACCESS_DENIED, DO_FAIL_BUSY, PHASE_IDLE },
        { IPERF3_SERVER, PHASE_WAIT_PARAMS, EVENT_UNWILLING, DO_REFUSE, PHASE_LISTENING },
        { IPERF3_SERVER, PHASE_WAIT_CLIENT_RESULTS, EVENT_RESULTS_BAD, DO_FAIL_RESULTS, PHASE_LISTENING },
        { IPERF3_SERVER, PHASE_SERVER_RUNNING, EVENT_STOP, DO_TERMINATE, PHASE_IDLE },
        { IPERF3_SERVER, PHASE_SERVER_RUNNING, EVENT_UNWILLING, DO_SEND_REFUSAL, PHASE_REFUSING },
        { IPERF3_SERVER, PHASE_REFUSING, EVENT_CONTROL_CLOSED, DO_END_REFUSED, PHASE_LISTENING },
        { IPERF3_SERVER, PHASE_REFUSING, EVENT_IPERF_DONE, DO_END_REFUSED, PHASE_LISTENING },
        { IPERF3_SERVER, PHASE_REFUSING, EVENT_TEST_END, DO_END_REFUSED, PHASE_LISTENING },
        { IPERF3_SERVER, PHASE_REFUSING, EVENT_TIMEOUT, DO_END_REFUSED, PHASE_LISTENING },
        { IPERF3_SERVER, PHASE_SERVER_RUNNING, EVENT_CLIENT_TERMINATE, DO_FAIL_CLIENT_TERMINATED, PHASE_LISTENING },
        { IPERF3_SERVER, PHASE_SERVER_RUNNING, EVENT_IPERF_DONE, DO_FAIL_CLOSED, PHASE_LISTENING },
        { IPERF3_SERVER, PHASE_SERVER_RUNNING, EVENT_CONTROL_CLOSED, DO_FAIL_CLOSED, PHASE_LISTENING },
        { IPERF3_SERVER, PHASE_SERVER_RUNNING, EVENT_TIMEOUT, DO_FAIL_TIMEOUT, PHASE_LISTENING },
        { IPERF3_SERVER, PHASE_WAIT_IPERF_DONE, EVENT_CONTROL_CLOSED, DO_FINISH_SERVER, PHASE_LISTENING },
        { IPERF3_SERVER, PHASE_WAIT_IPERF_DONE, EVENT_TIMEOUT, DO_FINISH_SERVER, PHASE_LISTENING },
        { IPERF3_SERVER, PHASE_LISTENING, EVENT_STOP, DO_STOP_LISTENING, PHASE_IDLE },
        { IPERF3_SERVER, PHASE_LISTENING, EVENT_TIMEOUT, DO_STOP_WAITING, PHASE_IDLE },
    };

    (void)state;
    for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
        struct iperf3_step step = iperf3_chart_step(ends[i].role, ends[i].phase, ends[i].event);

        assert_int_equal(step.action, ends[i].action);
        assert_int_equal(step.next, ends[i].next);
    }
}

static void a_link_that_fails_while_draining_is_the_result(void **state) {
    static const enum iperf3_event events[] = { EVENT_STREAM_FAILED, EVENT_TIMEOUT };

    (void)state;
    for (unsigned i = 0; i < 2; i++) {
        struct iperf3_step step = iperf3_chart_step(IPERF3_CLIENT, PHASE_CLIENT_DRAINING, events[i]);

        assert_int_equal(step.action, DO_SEND_TEST_END);
        assert_int_equal(step.next, PHASE_WAIT_EXCHANGE_RESULTS);
    }
    struct iperf3_step step = iperf3_chart_step(IPERF3_SERVER, PHASE_SERVER_DRAINING, EVENT_TIMEOUT);

    assert_int_equal(step.action, DO_ASK_RESULTS);
    assert_int_equal(step.next, PHASE_WAIT_CLIENT_RESULTS);
}

static void a_lost_udp_reply_does_not_hold_up_the_test(void **state) {
    struct iperf3_step step = iperf3_chart_step(IPERF3_CLIENT, PHASE_OPENING_STREAMS, EVENT_TEST_START);

    (void)state;
    assert_int_equal(step.action, DO_PREPARE_TEST);
    assert_int_equal(step.next, PHASE_WAIT_TEST_RUNNING);
}

/// What holds for all rows ///

static bool is_phase_of(enum iperf3_role role, enum iperf3_phase phase) {
    return role == IPERF3_CLIENT ? phase < PHASE_LISTENING : phase == PHASE_IDLE || phase >= PHASE_LISTENING;
}

static void every_phase_of_a_test_has_a_way_out(void **state) {
    (void)state;
    for (unsigned role = IPERF3_CLIENT; role <= IPERF3_SERVER; role++) {
        for (unsigned phase = 0; phase < PHASE_COUNT; phase++) {
            if (phase == PHASE_IDLE || phase == PHASE_LISTENING || !is_phase_of(role, phase)) {
                continue;
            }
            enum iperf3_phase rest = role == IPERF3_CLIENT ? PHASE_IDLE : PHASE_LISTENING;

            assert_int_equal(iperf3_chart_step(role, phase, EVENT_STOP).next, PHASE_IDLE);
            assert_int_equal(iperf3_chart_step(role, phase, EVENT_CONTROL_CLOSED).next, rest);
            assert_int_not_equal(iperf3_chart_step(role, phase, EVENT_TIMEOUT).next, phase);
        }
    }
}

static void at_rest_only_start_stop_time_and_a_client_matter(void **state) {
    (void)state;
    for (unsigned event = 0; event < EVENT_COUNT; event++) {
        struct iperf3_step idle = iperf3_chart_step(IPERF3_SERVER, PHASE_IDLE, event);
        struct iperf3_step listening = iperf3_chart_step(IPERF3_SERVER, PHASE_LISTENING, event);

        assert_int_equal(idle.next == PHASE_IDLE, event != EVENT_START);
        assert_int_equal(listening.next == PHASE_LISTENING,
            event != EVENT_STOP && event != EVENT_TIMEOUT && event != EVENT_CONTROL_OPEN);
        assert_int_equal(
            listening.action == DO_NOTHING, event != EVENT_STOP && event != EVENT_TIMEOUT);
    }
}

static void what_the_chart_does_not_name_is_a_protocol_error(void **state) {
    static const struct {
        enum iperf3_role role;
        enum iperf3_phase phase;
        enum iperf3_event event;
    } wrong[] = {
        { IPERF3_CLIENT, PHASE_CLIENT_RUNNING, EVENT_PARAM_EXCHANGE },
        { IPERF3_CLIENT, PHASE_WAIT_PARAM_EXCHANGE, EVENT_DISPLAY_RESULTS },
        { IPERF3_CLIENT, PHASE_WAIT_TEST_START, EVENT_TEST_RUNNING },
        { IPERF3_SERVER, PHASE_SERVER_RUNNING, EVENT_TEST_START },
        { IPERF3_SERVER, PHASE_WAIT_STREAMS, EVENT_TEST_END },
        { IPERF3_SERVER, PHASE_SERVER_RUNNING, EVENT_UNKNOWN_STATE },
    };

    (void)state;
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        struct iperf3_step step = iperf3_chart_step(wrong[i].role, wrong[i].phase, wrong[i].event);

        assert_int_equal(step.action, DO_FAIL_PROTOCOL);
        assert_int_equal(step.next, wrong[i].role == IPERF3_CLIENT ? PHASE_IDLE : PHASE_LISTENING);
    }
}

static void every_byte_is_an_event_and_reserved_ones_are_unknown(void **state) {
    static const uint8_t reserved[] = { 0, 3, 5, 6, 7, 8, 15, 17, 0x7f, 0x80, 0xfd };
    unsigned known = 0;

    (void)state;
    for (unsigned byte = 0; byte < 256; byte++) {
        known += iperf3_chart_event((uint8_t)byte) != EVENT_UNKNOWN_STATE;
    }
    assert_int_equal(known, 12);
    for (size_t i = 0; i < sizeof(reserved); i++) {
        assert_int_equal(iperf3_chart_event(reserved[i]), EVENT_UNKNOWN_STATE);
    }
    assert_int_equal(iperf3_chart_event(STATE_TEST_START), EVENT_TEST_START);
    assert_int_equal(iperf3_chart_event(STATE_ACCESS_DENIED), EVENT_ACCESS_DENIED);
}

static void the_phase_says_what_the_next_bytes_are(void **state) {
    (void)state;
    for (unsigned phase = 0; phase < PHASE_COUNT; phase++) {
        enum iperf3_frame_kind kind = FRAME_STATE;

        if (phase == PHASE_WAIT_COOKIE) {
            kind = FRAME_COOKIE;
        } else if (phase == PHASE_WAIT_PARAMS || phase == PHASE_WAIT_CLIENT_RESULTS
                   || phase == PHASE_WAIT_SERVER_RESULTS) {
            kind = FRAME_JSON;
        }
        assert_int_equal(iperf3_chart_expects(phase), kind);
    }
}

static void everything_has_a_name(void **state) {
    (void)state;
    for (unsigned i = 0; i < PHASE_COUNT; i++) {
        assert_true(strlen(iperf3_phase_name(i)) > 1);
    }
    for (unsigned i = 0; i < EVENT_COUNT; i++) {
        assert_true(strlen(iperf3_event_name(i)) > 1);
    }
    for (unsigned i = 0; i < ACTION_COUNT; i++) {
        assert_true(strlen(iperf3_action_name(i)) > 1);
    }
    assert_string_equal(iperf3_phase_name(PHASE_COUNT), "?");
    assert_string_equal(iperf3_event_name(EVENT_COUNT), "?");
    assert_string_equal(iperf3_action_name(ACTION_COUNT), "?");
}

/// docs/PROTOCOL.md ///

static void print_row(const char *phase, enum iperf3_event event, struct iperf3_step step) {
    printf("| %s | %s | %s | %s |\n", phase, iperf3_event_name(event),
        iperf3_action_name(step.action), iperf3_phase_name(step.next));
}

// Rows that hold in every phase of a test are printed once, from a phase in
// which they have no row of their own.
static void print_chart(enum iperf3_role role) {
    enum iperf3_phase any = role == IPERF3_CLIENT ? PHASE_WAIT_TEST_START : PHASE_WAIT_STREAMS;

    printf("\n| %s is in | on | does | then is in |\n|---|---|---|---|\n", role == IPERF3_CLIENT ? "client" : "server");
    for (unsigned phase = 0; phase < PHASE_COUNT; phase++) {
        for (unsigned event = 0; event < EVENT_COUNT; event++) {
            struct iperf3_step step = iperf3_chart_step(role, phase, event);
            struct iperf3_step general = iperf3_chart_step(role, any, event);
            bool is_general = phase != any && step.action == general.action && step.next == general.next;

            if (is_phase_of(role, phase) && !is_general && step.action != DO_FAIL_PROTOCOL
                && (step.next != phase || step.action != DO_NOTHING)
                && (phase != any || step.action < FIRST_UNHAPPY_ACTION)) {
                print_row(iperf3_phase_name(phase), event, step);
            }
        }
    }
    for (unsigned event = 0; event < EVENT_COUNT; event++) {
        struct iperf3_step step = iperf3_chart_step(role, any, event);

        if (step.action >= FIRST_UNHAPPY_ACTION && step.action != DO_FAIL_PROTOCOL) {
            print_row("any", event, step);
        }
    }
    printf("| any | anything else | FAIL_PROTOCOL | %s |\n", role == IPERF3_CLIENT ? "IDLE" : "LISTENING");
}

int main(int argc, char **argv) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_whole_test_returns_both_ends_to_rest),
        cmocka_unit_test(each_other_end_says_why),
        cmocka_unit_test(a_link_that_fails_while_draining_is_the_result),
        cmocka_unit_test(a_lost_udp_reply_does_not_hold_up_the_test),
        cmocka_unit_test(every_phase_of_a_test_has_a_way_out),
        cmocka_unit_test(at_rest_only_start_stop_time_and_a_client_matter),
        cmocka_unit_test(what_the_chart_does_not_name_is_a_protocol_error),
        cmocka_unit_test(every_byte_is_an_event_and_reserved_ones_are_unknown),
        cmocka_unit_test(the_phase_says_what_the_next_bytes_are),
        cmocka_unit_test(everything_has_a_name),
    };

    if (argc > 1 && strcmp(argv[1], "--print") == 0) {
        print_chart(IPERF3_CLIENT);
        print_chart(IPERF3_SERVER);
        return 0;
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}
