// iperf3_lwip_result.c - reports as Python dicts, described in iperf3_lwip.h
// SPDX-License-Identifier: MIT

#include "py/runtime.h"

#if MICROPY_PY_LWIP

#include "iperf3_lwip.h"

#define NOT_KNOWN (-1)

// Whose counts of a stream.
enum side {
    LOCAL,  // in the interval or the test, whichever the report is about
    REMOTE, // in the test
};

struct figures {
    uint64_t bytes;
    uint64_t us;
    int32_t retransmits; // NOT_KNOWN also where the counting side receives
    // UDP
    uint64_t packets;
    int64_t lost;
    uint64_t out_of_order;
    uint64_t jitter_us; // the average of the streams
};

/// Figures ///

static struct figures stream_figures(const struct iperf3_report *report,
    const struct iperf3_stream_report *stream, enum side side) {
    const struct iperf3_counts *counts = side == LOCAL ? &stream->counts : &stream->remote;
    bool sends = stream->sender == (side != REMOTE);
    uint64_t us = side == REMOTE ? stream->remote_us : report->end_us - report->start_us;
    int32_t retransmits = sends ? counts->retransmits : NOT_KNOWN;
    const struct figures figures = {
        .bytes = counts->bytes,
        .us = us,
        .retransmits = retransmits,
        .packets = counts->packets,
        .lost = counts->lost,
        .out_of_order = counts->out_of_order,
        .jitter_us = counts->jitter_us,
    };
    return figures;
}

// All streams of one direction together.
static struct figures sum_figures(
    const struct iperf3_report *report, bool sends, enum side side) {
    struct figures sum = { 0 };
    unsigned streams = 0;
    for (unsigned i = 0; i < report->stream_count; ++i) {
        const struct iperf3_stream_report *stream = &report->streams[i];
        if (stream->sender != sends) {
            continue;
        }
        struct figures figures = stream_figures(report, stream, side);
        sum.bytes += figures.bytes;
        sum.us = MAX(sum.us, figures.us);
        if (sum.retransmits < 0 || figures.retransmits < 0) {
            sum.retransmits = NOT_KNOWN;
        } else {
            sum.retransmits += figures.retransmits;
        }
        sum.packets += figures.packets;
        sum.lost += figures.lost;
        sum.out_of_order += figures.out_of_order;
        sum.jitter_us += figures.jitter_us;
        ++streams;
    }
    if (streams > 0) {
        sum.jitter_us /= streams;
    }
    return sum;
}

// Whether this side sends in the test's first direction: client to server,
// unless the test is reversed.
static bool sends_first(const struct iperf3_report *report) {
    bool client = report->role == IPERF3_CLIENT;
    return client == (report->test.direction != IPERF3_REVERSE);
}

static bool both_directions(const struct iperf3_report *report) {
    return report->test.direction == IPERF3_BIDIR;
}

/// Numbers ///

// Microseconds in a unit of so many.
static mp_obj_t new_time(uint64_t us, uint32_t unit) {
    #if MICROPY_PY_BUILTINS_FLOAT
    return mp_obj_new_float((mp_float_t)us / (mp_float_t)unit);
    #else
    return mp_obj_new_int_from_ull(us / unit);
    #endif
}

static mp_obj_t new_seconds(uint64_t us) {
    return new_time(us, 1000000);
}

static mp_obj_t new_ms(uint64_t us) {
    return new_time(us, 1000);
}

static mp_obj_t new_bits_per_second(uint64_t bytes, uint64_t us) {
    if (us == 0) {
        bytes = 0;
        us = 1;
    }
    #if MICROPY_PY_BUILTINS_FLOAT
    return mp_obj_new_float((mp_float_t)bytes * MICROPY_FLOAT_CONST(8000000.0) / (mp_float_t)us);
    #else
    return mp_obj_new_int_from_ull(bytes * 8000000 / us);
    #endif
}

static mp_obj_t new_percent(int64_t part, uint64_t whole) {
    if (whole == 0) {
        part = 0;
        whole = 1;
    }
    #if MICROPY_PY_BUILTINS_FLOAT
    return mp_obj_new_float((mp_float_t)part * MICROPY_FLOAT_CONST(100.0) / (mp_float_t)whole);
    #else
    return mp_obj_new_int_from_ll(part * 100 / (int64_t)whole);
    #endif
}

static mp_obj_t new_count(int32_t count) {
    return count == NOT_KNOWN ? mp_const_none : mp_obj_new_int(count);
}

/// Dicts ///

static void store(mp_obj_t dict, qstr key, mp_obj_t value) {
    mp_obj_dict_store(dict, MP_OBJ_NEW_QSTR(key), value);
}

static void store_figures(mp_obj_t dict, const struct figures *figures) {
    store(dict, MP_QSTR_bytes, mp_obj_new_int_from_ull(figures->bytes));
    store(dict, MP_QSTR_seconds, new_seconds(figures->us));
    store(dict, MP_QSTR_bits_per_second, new_bits_per_second(figures->bytes, figures->us));
}

static void store_retransmits(mp_obj_t dict, const struct figures *sender) {
    store(dict, MP_QSTR_retransmits, new_count(sender->retransmits));
}

static bool is_udp(const struct iperf3_report *report) {
    return report->test.protocol == IPERF3_UDP;
}

static void store_packets(mp_obj_t dict, const struct figures *figures) {
    store(dict, MP_QSTR_packets, mp_obj_new_int_from_ull(figures->packets));
}

static void store_loss(mp_obj_t dict, const struct figures *receiver) {
    store_packets(dict, receiver);
    store(dict, MP_QSTR_lost_packets, mp_obj_new_int_from_ll(receiver->lost));
    store(dict, MP_QSTR_lost_percent, new_percent(receiver->lost, receiver->packets));
    store(dict, MP_QSTR_out_of_order, mp_obj_new_int_from_ull(receiver->out_of_order));
    store(dict, MP_QSTR_jitter_ms, new_ms(receiver->jitter_us));
}

static mp_obj_t new_figures(const struct figures *figures) {
    mp_obj_t dict = mp_obj_new_dict(0);
    store_figures(dict, figures);
    return dict;
}

// One direction of a finished test.
static void store_direction(mp_obj_t dict, const struct iperf3_report *report, bool sends) {
    struct figures total = sum_figures(report, sends, LOCAL);
    struct figures remote = sum_figures(report, sends, REMOTE);
    const struct figures *sender = sends ? &total : &remote;
    const struct figures *receiver = sends ? &remote : &total;
    mp_obj_t sender_dict = new_figures(sender);
    mp_obj_t receiver_dict = new_figures(receiver);

    store_figures(dict, &total);
    if (is_udp(report)) {
        store_packets(sender_dict, sender);
        store_loss(receiver_dict, receiver);
        store_loss(dict, receiver);
    } else {
        store_retransmits(sender_dict, sender);
        store_retransmits(dict, sender);
    }
    store(dict, MP_QSTR_sender, sender_dict);
    store(dict, MP_QSTR_receiver, receiver_dict);
}

// What a side counted besides bytes.
static void store_counts(
    mp_obj_t dict, const struct iperf3_report *report, bool sends, const struct figures *figures) {
    if (!is_udp(report)) {
        store_retransmits(dict, figures);
    } else if (sends) {
        store_packets(dict, figures);
    } else {
        store_loss(dict, figures);
    }
}

static void store_interval(mp_obj_t dict, const struct iperf3_report *report, bool sends) {
    struct figures sum = sum_figures(report, sends, LOCAL);
    store_figures(dict, &sum);
    store_counts(dict, report, sends, &sum);
}

// What the dicts of a stream have in common.
static mp_obj_t new_stream(
    const struct iperf3_stream_report *stream, const struct figures *figures) {
    mp_obj_t dict = new_figures(figures);
    store(dict, MP_QSTR_id, MP_OBJ_NEW_SMALL_INT(stream->id));
    store(dict, MP_QSTR_sender, mp_obj_new_bool(stream->sender));
    store(dict, MP_QSTR_local_port, MP_OBJ_NEW_SMALL_INT(stream->local_port));
    store(dict, MP_QSTR_remote_port, MP_OBJ_NEW_SMALL_INT(stream->remote_port));
    return dict;
}

static mp_obj_t new_result_stream(
    const struct iperf3_report *report, const struct iperf3_stream_report *stream) {
    struct figures total = stream_figures(report, stream, LOCAL);
    struct figures remote = stream_figures(report, stream, REMOTE);
    mp_obj_t dict = new_stream(stream, &total);
    mp_obj_t remote_dict = new_figures(&remote);
    if (is_udp(report)) {
        store_counts(dict, report, stream->sender, &total);
        store_counts(remote_dict, report, !stream->sender, &remote);
    } else {
        store_retransmits(dict, stream->sender ? &total : &remote);
    }
    store(dict, MP_QSTR_remote, remote_dict);
    return dict;
}

static mp_obj_t new_interval_stream(
    const struct iperf3_report *report, const struct iperf3_stream_report *stream) {
    struct figures interval = stream_figures(report, stream, LOCAL);
    mp_obj_t dict = new_stream(stream, &interval);
    store_counts(dict, report, stream->sender, &interval);
    if (stream->sender && !is_udp(report)) {
        store(dict, MP_QSTR_cwnd, mp_obj_new_int_from_uint(stream->cwnd));
    }
    return dict;
}

static void store_streams(mp_obj_t dict, const struct iperf3_report *report,
    mp_obj_t (*new_dict)(const struct iperf3_report *, const struct iperf3_stream_report *)) {
    mp_obj_t list = mp_obj_new_list(0, NULL);
    for (unsigned i = 0; i < report->stream_count; ++i) {
        mp_obj_list_append(list, new_dict(report, &report->streams[i]));
    }
    store(dict, MP_QSTR_streams, list);
}

mp_obj_t iperf3_lwip_result(const struct iperf3_report *report) {
    bool sends = sends_first(report);
    mp_obj_t dict = mp_obj_new_dict(0);
    store_direction(dict, report, sends);
    if (both_directions(report)) {
        mp_obj_t reverse = mp_obj_new_dict(0);
        store_direction(reverse, report, !sends);
        store(dict, MP_QSTR_reverse, reverse);
    }
    store_streams(dict, report, new_result_stream);
    return dict;
}

mp_obj_t iperf3_lwip_interval(const struct iperf3_report *report) {
    bool sends = sends_first(report);
    mp_obj_t dict = mp_obj_new_dict(0);
    store(dict, MP_QSTR_start, new_seconds(report->start_us));
    store(dict, MP_QSTR_end, new_seconds(report->end_us));
    store(dict, MP_QSTR_omitted, mp_obj_new_bool(report->omitted));
    store_interval(dict, report, sends);
    if (both_directions(report)) {
        mp_obj_t reverse = mp_obj_new_dict(0);
        store_interval(reverse, report, !sends);
        store(dict, MP_QSTR_reverse, reverse);
    }
    store_streams(dict, report, new_interval_stream);
    return dict;
}

#endif // MICROPY_PY_LWIP
