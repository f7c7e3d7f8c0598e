// iperf3_clock.c - see iperf3_clock.h
// SPDX-License-Identifier: MIT

#include "iperf3_clock.h"

#include "iperf3_goal.h"
#include "iperf3_session.h"

#define NEVER UINT64_MAX
#define MS 1000ull
#define S 1000000ull

// A test that only sends and in which nothing moves for so long has failed.
#define STALL_US (120 * S)

// A server waits so much longer than the test should take (iperf3's own grace).
#define GRACE_US (40 * S)

// A client's control messages may tell why a data stream broke: wait for them.
#define BROKEN_US (1 * S)

// Between the last acknowledgement and TEST_END: for the server's program to
// read what its TCP has acknowledged. iperf3 up to 3.15 looks at the control
// connection first and then counts no more. And between its FIN and the end of the
// test, for it to listen again.
#define SETTLE_US (20 * MS)

// A server takes data that arrive after TEST_END, on another connection, until
// there have been none for so long.
#define QUIET_US (100 * MS)

// While nobody calls back: how often to look.
#define LOOK_US (1 * MS)
#define IDLE_US (1 * S)

static const uint8_t phase_timeouts_s[PHASE_COUNT] = {
    [PHASE_WAIT_PARAM_EXCHANGE] = 30,
    [PHASE_WAIT_CREATE_STREAMS] = 30,
    [PHASE_OPENING_STREAMS] = 30,
    [PHASE_WAIT_TEST_START] = 30,
    [PHASE_WAIT_TEST_RUNNING] = 30,
    [PHASE_CLIENT_DRAINING] = 10,
    [PHASE_WAIT_EXCHANGE_RESULTS] = 30,
    [PHASE_WAIT_SERVER_RESULTS] = 30,
    [PHASE_WAIT_DISPLAY_RESULTS] = 30,
    [PHASE_CLIENT_CLOSING] = 1,
    [PHASE_WAIT_COOKIE] = 10,
    [PHASE_WAIT_PARAMS] = 10,
    [PHASE_WAIT_STREAMS] = 30,
    [PHASE_SERVER_DRAINING] = 2,
    [PHASE_WAIT_CLIENT_RESULTS] = 10,
    [PHASE_WAIT_IPERF_DONE] = 10,
    [PHASE_REFUSING] = 2,
};

int32_t iperf3_clock_timeout_number(enum iperf3_phase phase) {
    if (phase == PHASE_WAIT_COOKIE) {
        return 106;
    }
    if (phase == PHASE_WAIT_PARAMS) {
        return 114;
    }
    if (phase == PHASE_WAIT_CLIENT_RESULTS) {
        return 117;
    }
    return 144; // no data received
}

void iperf3_clock_update(struct iperf3 *session) {
    uint32_t clock = session->config.now_us();

    session->now += (uint32_t)(clock - session->last_clock);
    session->last_clock = clock;
}

void iperf3_clock_phase_begins(struct iperf3 *session) {
    uint64_t timeout = phase_timeouts_s[session->phase] * S;

    if (session->phase == PHASE_CONNECTING) {
        timeout = session->config.connect_timeout_ms * MS;
    } else if (session->phase == PHASE_LISTENING) {
        timeout = session->config.idle_timeout_s * S;
    }
    session->deadline = timeout > 0 ? session->now + timeout : NEVER;
    session->changed = session->now;
    session->acknowledged = session->now;
}

/// Counting ///

static uint64_t interval_us(const struct iperf3 *session) {
    return session->config.interval_ms * MS;
}

// Counts from here on, as far as the reports are concerned.
static void start_totals(struct iperf3 *session) {
    session->started = session->now;
    session->interval_started = session->now;
    session->next_interval = session->now + interval_us(session);
}

void iperf3_session_start_clock(iperf3_t *session) {
    // What came earlier counts: data may overtake TEST_START.
    start_totals(session);
    session->began = session->now;
    session->counting = true;
    session->interval_reported = false;
    session->omitting = session->report.test.omit_s > 0;
}

static void end_omit(struct iperf3 *session) {
    start_totals(session);
    session->omitting = false;
    session->sent = 0;
    FOR_EACH_STREAM(session, stream) {
        iperf3_counter_omit(&stream->bytes);
        iperf3_loss_omit(&stream->loss);
    }
}

static uint64_t take(struct iperf3_counter *counter, bool total) {
    uint64_t interval = iperf3_counter_take_interval(counter);

    return total ? iperf3_counter_total(counter) : interval;
}

// Reports a stream's last interval, or its totals.
static void count(struct iperf3_stream *stream, bool total) {
    struct iperf3_counts *counts = &stream->report->counts;

    counts->bytes = take(&stream->bytes, total);
    counts->packets = take(&stream->loss.packets, total);
    counts->lost = (int64_t)take(&stream->loss.lost, total);
    counts->out_of_order = take(&stream->loss.out_of_order, total);
    counts->jitter_us = iperf3_loss_jitter_us(&stream->loss);
}

static void report_interval(struct iperf3 *session, uint64_t end) {
    FOR_EACH_STREAM(session, stream) {
        count(stream, false);
        stream->report->cwnd = stream->pcb != NULL ? stream->pcb->cwnd : 0;
    }
    session->report.start_us = session->interval_started - session->started;
    session->report.end_us = end - session->started;
    session->report.omitted = session->omitting;
    session->report.first = !session->interval_reported;
    session->interval_reported = true;
    session->interval_started = end;
    iperf3_session_report(session, IPERF3_INTERVAL);
}

// iperf3 leaves out a last interval that is both short and empty.
static bool last_interval_counts(const struct iperf3 *session, uint64_t end) {
    if ((end - session->interval_started) * 10 >= interval_us(session)) {
        return true;
    }
    FOR_EACH_STREAM(session, stream) {
        if (stream->bytes.all != stream->bytes.reported) {
            return true;
        }
    }
    return false;
}

void iperf3_session_end_counting(iperf3_t *session, uint64_t when) {
    if (!session->counting) {
        return;
    }
    session->counting = false;
    session->ended = when;
    if (last_interval_counts(session, when)) {
        report_interval(session, when);
    }
    FOR_EACH_STREAM(session, stream) {
        stream->receives = false;
    }
}

void iperf3_session_sum_up(iperf3_t *session) {
    session->report.start_us = 0;
    session->report.end_us = session->ended - session->started;
    FOR_EACH_STREAM(session, stream) {
        count(stream, true);
    }
}

/// Watching the streams ///

static void watch_streams(struct iperf3 *session) {
    bool receives = iperf3_session_receives(session);
    uint64_t moved = 0;
    bool failed = false;

    FOR_EACH_STREAM(session, stream) {
        if (stream->running) {
            stream->allowed = iperf3_pacer_allowed(&session->report.test, session->now - session->began);
        }
        iperf3_stream_poll(stream);
        if (stream->sender != receives) {
            moved += stream->bytes.all - stream->in_flight;
        }
        failed = failed || stream->state == STREAM_FAILED || (stream->fin_seen && !stream->sender);
    }
    if (moved != session->moved) {
        session->moved = moved;
        session->changed = session->now;
    }
    if (failed && session->broken == 0) {
        session->broken = session->now;
    }
}

static uint64_t received(const struct iperf3 *session) {
    uint64_t bytes = 0;

    FOR_EACH_STREAM(session, stream) {
        bytes += stream->sender ? 0 : iperf3_counter_total(&stream->bytes);
    }
    return bytes;
}

/// The running test ///

static uint64_t test_us(const struct iperf3 *session) {
    return session->report.test.duration_s * S;
}

static uint64_t omit_us(const struct iperf3 *session) {
    return session->report.test.omit_s * S;
}

// When something is due in a running test.

static uint64_t interval_due(const struct iperf3 *session) {
    return session->config.interval_ms > 0 ? session->next_interval : NEVER;
}

static uint64_t end_of_omit_due(const struct iperf3 *session) {
    return session->omitting ? session->started + omit_us(session) : NEVER;
}

static uint64_t end_due(const struct iperf3 *session) {
    bool is_limited = test_us(session) > 0 && !session->omitting
        && session->phase == PHASE_CLIENT_RUNNING;

    return is_limited ? session->started + test_us(session) : NEVER;
}

static bool all_sent(const struct iperf3 *session) {
    return session->sent >= session->goal_to_send;
}

static bool test_is_complete(const struct iperf3 *session) {
    return session->now >= end_due(session)
           || (!session->omitting
               && (all_sent(session) || received(session) >= iperf3_goal(&session->report.test)));
}

static bool test_takes_too_long(const struct iperf3 *session) {
    uint64_t longest = omit_us(session) + test_us(session) + GRACE_US;
    uint64_t stall =
        iperf3_session_receives(session) ? session->config.receive_timeout_ms * MS : STALL_US;

    return session->now - session->changed > stall
           || (test_us(session) > 0 && session->now - session->started > longest);
}

static bool runs(const struct iperf3 *session) {
    return session->phase == PHASE_CLIENT_RUNNING || session->phase == PHASE_SERVER_RUNNING;
}

static void run(struct iperf3 *session) {
    bool is_client = session->phase == PHASE_CLIENT_RUNNING;

    if (is_client && test_is_complete(session)) {
        iperf3_session_event(session, EVENT_TEST_COMPLETE);
    } else if (test_takes_too_long(session)) {
        iperf3_session_event(session, EVENT_TIMEOUT);
    } else if (session->now >= interval_due(session)) {
        while (session->next_interval <= session->now) {
            session->next_interval += interval_us(session);
        }
        report_interval(session, session->now);
    } else if (session->now >= end_of_omit_due(session)) {
        end_omit(session);
    } else if (!is_client && !session->omitting && all_sent(session)) {
        iperf3_session_stop_streams(session, true); // the client will say when the test is over
    }
}

/// Draining ///

static void drain_client(struct iperf3 *session) {
    bool handed_over = true;
    bool acknowledged = true;

    FOR_EACH_STREAM(session, stream) {
        handed_over = handed_over && stream->rest == 0;
        acknowledged = acknowledged && stream->in_flight == 0;
    }
    if (handed_over && iperf3_session_sends(session)) {
        iperf3_session_end_counting(session, session->now);
    }
    if (!handed_over || !acknowledged) {
        session->acknowledged = session->now;
    }
    if (!iperf3_session_sends(session)
        || session->now - session->acknowledged >= SETTLE_US) {
        iperf3_session_event(session, EVENT_DRAINED);
    }
}

// Nagle's algorithm may hold a client's last bytes back until those before are
// acknowledged, which lwIP puts off for longer than QUIET_US.
static void acknowledge(const struct iperf3 *session) {
    for (unsigned i = 0; i < session->report.stream_count; i++) {
        struct tcp_pcb *pcb = session->streams[i].pcb;

        if (pcb != NULL && (pcb->flags & TF_ACK_DELAY) != 0) {
            tcp_set_flags(pcb, TF_ACK_NOW);
            tcp_output(pcb);
        }
    }
}

static void drain_server(struct iperf3 *session) {
    acknowledge(session);
    if (!iperf3_session_receives(session) || session->now - session->changed >= QUIET_US) {
        iperf3_session_end_counting(session, session->changed);
        iperf3_session_event(session, EVENT_DRAINED);
    }
}

// A real server says that it is busy, or does not listen, for a moment after the
// end of a test.
static void close_client(struct iperf3 *session) {
    if (session->control.channel.pcb != NULL) {
        session->acknowledged = session->now;
    } else if (session->now - session->acknowledged >= SETTLE_US) {
        iperf3_session_event(session, EVENT_DRAINED);
    }
}

/// What is due ///

static bool broken_for_good(const struct iperf3 *session) {
    return session->phase >= PHASE_OPENING_STREAMS && session->phase <= PHASE_CLIENT_DRAINING
           && session->broken > 0 && session->now - session->broken >= BROKEN_US;
}

void iperf3_clock_poll(struct iperf3 *session) {
    if (session->report_count > 0) {
        return;
    }
    watch_streams(session);
    if (broken_for_good(session)) {
        iperf3_session_event(session, EVENT_STREAM_FAILED);
    } else if (session->now >= session->deadline) {
        iperf3_session_event(session, EVENT_TIMEOUT);
    } else if (runs(session)) {
        run(session);
    } else if (session->phase == PHASE_CLIENT_DRAINING) {
        drain_client(session);
    } else if (session->phase == PHASE_SERVER_DRAINING) {
        drain_server(session);
    } else if (session->phase == PHASE_CLIENT_CLOSING) {
        close_client(session);
    }
}

static bool needs_a_look(const struct iperf3 *session) {
    if (session->phase == PHASE_CLIENT_DRAINING || session->phase == PHASE_SERVER_DRAINING
        || session->phase == PHASE_CLIENT_CLOSING) {
        return true;
    }
    FOR_EACH_STREAM(session, stream) {
        if (stream->running && stream->in_flight == 0 && stream->pcb != NULL
            && stream->allowed > stream->bytes.all) {
            return true; // lwIP had no memory
        }
    }
    return false;
}

// When the streams that send may or will send more by themselves.
static uint64_t next_send(const struct iperf3 *session) {
    const struct iperf3_test *test = &session->report.test;
    uint64_t next = NEVER;

    FOR_EACH_STREAM(session, stream) {
        if (!stream->running) {
            continue;
        }
        if (stream->bytes.all >= stream->allowed) {
            next = LWIP_MIN(next, session->began + iperf3_pacer_due(test, stream->bytes.all));
        } else if (test->protocol == IPERF3_UDP) {
            return session->now; // datagrams are sent from iperf3_poll()
        }
    }
    return next;
}

static uint64_t sooner(const struct iperf3 *session, uint64_t wait, uint64_t when) {
    uint64_t left = when > session->now ? when - session->now : 0;

    return left < wait ? left : wait;
}

static bool waits_for_a_client(const struct iperf3 *session) {
    return session->phase == PHASE_LISTENING && session->guest_count == 0
           && session->control.channel.pcb == NULL && session->deadline == NEVER;
}

uint32_t iperf3_clock_wait_us(const struct iperf3 *session) {
    uint64_t wait = IDLE_US;

    if (session->config.wake != NULL && waits_for_a_client(session)) {
        return UINT32_MAX;
    }
    if (needs_a_look(session)) {
        return (uint32_t)LOOK_US;
    }
    wait = sooner(session, wait, next_send(session));
    wait = sooner(session, wait, session->deadline);
    if (runs(session)) {
        wait = sooner(session, wait, interval_due(session));
        wait = sooner(session, wait, end_of_omit_due(session));
        wait = sooner(session, wait, end_due(session));
    }
    return (uint32_t)wait;
}
