// iperf3_clock.c - see iperf3_clock.h
// SPDX-License-Identifier: MIT

#include "iperf3_clock.h"

#include "iperf3_goal.h"
#include "iperf3_session.h"

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
// connection first and then counts no more.
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
    session->deadline = timeout > 0 ? session->now + timeout : 0;
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
    for (unsigned i = 0; i < session->report.stream_count; i++) {
        iperf3_counter_omit(&session->streams[i].bytes);
        iperf3_loss_omit(&session->streams[i].loss);
    }
}

static void take_interval(struct iperf3_stream *stream, struct iperf3_counts *counts) {
    counts->bytes = iperf3_counter_take_interval(&stream->bytes);
    counts->packets = iperf3_counter_take_interval(&stream->loss.packets);
    counts->lost = (int64_t)iperf3_counter_take_interval(&stream->loss.lost);
    counts->out_of_order = iperf3_counter_take_interval(&stream->loss.out_of_order);
    counts->jitter_us = iperf3_loss_jitter_us(&stream->loss);
}

static void take_total(const struct iperf3_stream *stream, struct iperf3_counts *counts) {
    counts->bytes = iperf3_counter_total(&stream->bytes);
    counts->packets = iperf3_counter_total(&stream->loss.packets);
    counts->lost = (int64_t)iperf3_counter_total(&stream->loss.lost);
    counts->out_of_order = iperf3_counter_total(&stream->loss.out_of_order);
    counts->jitter_us = iperf3_loss_jitter_us(&stream->loss);
}

static void report_interval(struct iperf3 *session, uint64_t end) {
    for (unsigned i = 0; i < session->report.stream_count; i++) {
        struct iperf3_stream *stream = &session->streams[i];

        take_interval(stream, &stream->report->counts);
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
    for (unsigned i = 0; i < session->report.stream_count; i++) {
        const struct iperf3_counter *bytes = &session->streams[i].bytes;

        if (bytes->all != bytes->reported) {
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
    for (unsigned i = 0; i < session->report.stream_count; i++) {
        session->streams[i].receives = false;
    }
}

void iperf3_session_sum_up(iperf3_t *session) {
    session->report.start_us = 0;
    session->report.end_us = session->ended - session->started;
    for (unsigned i = 0; i < session->report.stream_count; i++) {
        take_total(&session->streams[i], &session->stream_reports[i].counts);
    }
}

/// Watching the streams ///

static void watch_streams(struct iperf3 *session) {
    bool receives = iperf3_session_receives(session);
    uint64_t moved = 0;
    bool failed = false;

    for (unsigned i = 0; i < session->report.stream_count; i++) {
        struct iperf3_stream *stream = &session->streams[i];

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

    for (unsigned i = 0; i < session->report.stream_count; i++) {
        const struct iperf3_stream *stream = &session->streams[i];

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

static bool all_sent(const struct iperf3 *session) {
    return session->sent >= session->goal_to_send;
}

static bool test_is_complete(const struct iperf3 *session) {
    if (session->omitting) {
        return false;
    }
    return (test_us(session) > 0 && session->now - session->started >= test_us(session))
           || all_sent(session) || received(session) >= iperf3_goal(&session->report.test);
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
    } else if (session->config.interval_ms > 0 && session->now >= session->next_interval) {
        while (session->next_interval <= session->now) {
            session->next_interval += interval_us(session);
        }
        report_interval(session, session->now);
    } else if (session->omitting && session->now - session->started >= omit_us(session)) {
        end_omit(session);
    } else if (!is_client && !session->omitting && all_sent(session)) {
        iperf3_session_stop_streams(session, true); // the client will say when the test is over
    }
}

/// Draining ///

static void drain_client(struct iperf3 *session) {
    bool handed_over = true;
    bool acknowledged = true;

    for (unsigned i = 0; i < session->report.stream_count; i++) {
        handed_over = handed_over && session->streams[i].rest == 0;
        acknowledged = acknowledged && session->streams[i].in_flight == 0;
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

static void drain_server(struct iperf3 *session) {
    if (!iperf3_session_receives(session) || session->now - session->changed >= QUIET_US) {
        iperf3_session_end_counting(session, session->changed);
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
    } else if (session->deadline > 0 && session->now >= session->deadline) {
        iperf3_session_event(session, EVENT_TIMEOUT);
    } else if (runs(session)) {
        run(session);
    } else if (session->phase == PHASE_CLIENT_DRAINING) {
        drain_client(session);
    } else if (session->phase == PHASE_SERVER_DRAINING) {
        drain_server(session);
    }
}

static bool needs_a_look(const struct iperf3 *session) {
    if (session->phase == PHASE_CLIENT_DRAINING || session->phase == PHASE_SERVER_DRAINING) {
        return true;
    }
    for (unsigned i = 0; i < session->report.stream_count; i++) {
        const struct iperf3_stream *stream = &session->streams[i];

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
    uint64_t next = UINT64_MAX;

    for (unsigned i = 0; i < session->report.stream_count; i++) {
        const struct iperf3_stream *stream = &session->streams[i];

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
           && session->control.channel.pcb == NULL && session->deadline == 0;
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
    if (session->deadline > 0) {
        wait = sooner(session, wait, session->deadline);
    }
    if (runs(session) && session->config.interval_ms > 0) {
        wait = sooner(session, wait, session->next_interval);
    }
    if (runs(session) && session->omitting) {
        wait = sooner(session, wait, session->started + omit_us(session));
    } else if (session->phase == PHASE_CLIENT_RUNNING && test_us(session) > 0) {
        wait = sooner(session, wait, session->started + test_us(session));
    }
    return (uint32_t)wait;
}
