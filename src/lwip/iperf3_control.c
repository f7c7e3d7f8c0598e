// iperf3_control.c - see iperf3_control.h
// SPDX-License-Identifier: MIT

#include "iperf3_control.h"

#include <string.h>

#include "iperf3_session.h"

// JSON is sent in pieces of this many bytes, on the stack.
#define WINDOW_SIZE 256

/// Out ///

static bool send_bytes(struct iperf3_control *control, uint8_t size) {
    if (size == 0) {
        return true;
    }
    if (!iperf3_channel_write(&control->channel, control->out, size)) {
        return false;
    }
    control->out_size = (uint8_t)(control->out_size - size);
    memmove(control->out, control->out + size, control->out_size);
    return true;
}

static bool send_json_piece(struct iperf3 *session) {
    struct iperf3_control *control = &session->control;
    char window[WINDOW_SIZE];
    struct iperf3_json_writer writer;
    size_t size;

    iperf3_json_writer_init(&writer, window, sizeof(window), control->json_sent);
    control->json(session, &writer);
    size = iperf3_json_written(&writer);
    if (!iperf3_channel_write(&control->channel, window, size)) {
        return false;
    }
    control->json_sent += (uint32_t)size;
    return true;
}

static void flush(struct iperf3 *session) {
    struct iperf3_control *control = &session->control;

    if (control->json != NULL) {
        if (!send_bytes(control, control->json_at)) {
            return;
        }
        control->json_at = 0;
        while (control->json_sent < control->json_size) {
            if (!send_json_piece(session)) {
                break;
            }
        }
        if (control->json_sent == control->json_size) {
            control->json = NULL;
        }
    }
    if (control->json == NULL) {
        send_bytes(control, control->out_size);
    }
    if (control->channel.pcb != NULL) {
        tcp_output(control->channel.pcb);
    }
}

void iperf3_control_send(struct iperf3 *session, const void *data, uint8_t size) {
    struct iperf3_control *control = &session->control;

    if (size > sizeof(control->out) - control->out_size) {
        return; // lwIP has had no room for all that was to be said: a lost cause
    }
    memcpy(control->out + control->out_size, data, size);
    control->out_size = (uint8_t)(control->out_size + size);
    flush(session);
}

void iperf3_control_send_state(struct iperf3 *session, uint8_t state) {
    iperf3_control_send(session, &state, 1);
}

void iperf3_control_send_error(struct iperf3 *session, int32_t number) {
    uint8_t message[1 + IPERF3_SERVER_ERROR_SIZE] = { STATE_SERVER_ERROR };

    iperf3_put_u32(message + 1, (uint32_t)number); // errno stays 0: nothing for the client's strerror()
    iperf3_control_send(session, message, sizeof(message));
}

void iperf3_control_send_json(struct iperf3 *session, iperf3_control_json_fn json) {
    struct iperf3_control *control = &session->control;
    struct iperf3_json_writer writer;
    uint8_t prefix[IPERF3_JSON_PREFIX_SIZE];

    iperf3_json_writer_init(&writer, NULL, 0, 0);
    json(session, &writer);
    iperf3_put_u32(prefix, (uint32_t)writer.length);
    iperf3_control_send(session, prefix, sizeof(prefix));

    control->json = json;
    control->json_at = control->out_size;
    control->json_size = (uint32_t)writer.length;
    control->json_sent = 0;
    flush(session);
}

void iperf3_control_close(struct iperf3 *session) {
    iperf3_channel_close(&session->control.channel);
    memset(&session->control, 0, sizeof(session->control));
}

/// In ///

#define NO_EVENT EVENT_COUNT

// What comes next depends on the phase, so a message is begun only when its
// first byte is there.
static void begin_message(struct iperf3 *session) {
    enum iperf3_frame_kind kind = iperf3_chart_expects(session->phase);
    uint32_t max_json = kind == FRAME_JSON ? session->side->expect_json(session) : 0;

    iperf3_frame_expect(&session->control.frame, kind, max_json);
}

static enum iperf3_event take_json(struct iperf3 *session, const uint8_t *text) {
    const struct iperf3_frame *frame = &session->control.frame;
    enum iperf3_json_status status =
        session->side->take_json(session, (const char *)text, frame->piece);

    if (status != JSON_BAD && frame->left > 0) {
        return NO_EVENT;
    }
    return session->side->judge_json(session, status == JSON_DONE);
}

static enum iperf3_event take_state(struct iperf3 *session) {
    const struct iperf3_frame *frame = &session->control.frame;

    if (frame->state == STATE_SERVER_ERROR) {
        session->report.server_error = frame->error;
    }
    return iperf3_chart_event(frame->state);
}

// Takes bytes up to the end of one message or piece.
static enum iperf3_event take_bytes(struct iperf3 *session, const uint8_t *data, size_t size) {
    struct iperf3_frame *frame = &session->control.frame;
    enum iperf3_event event = NO_EVENT;
    size_t used;

    if (iperf3_frame_idle(frame)) {
        begin_message(session);
    }
    switch (iperf3_frame_feed(frame, data, LWIP_MIN(size, IPERF3_RESULTS_PIECE), &used)) {
        case FRAME_MORE:
            break;
        case FRAME_GOT_STATE:
            event = take_state(session);
            break;
        case FRAME_GOT_COOKIE:
            memcpy(session->cookie, frame->bytes, sizeof(session->cookie));
            event = EVENT_COOKIE;
            break;
        case FRAME_GOT_JSON:
            event = take_json(session, data + used - frame->piece);
            break;
        case FRAME_BAD:
            event = session->side->judge_json(session, false);
            break;
    }
    iperf3_channel_take(&session->control.channel, used);
    if (event != NO_EVENT) {
        iperf3_frame_expect(frame, FRAME_STATE, 0);
    }
    return event;
}

static enum iperf3_event closed_event(struct iperf3 *session) {
    struct iperf3_control *control = &session->control;

    if (iperf3_frame_end(&control->frame) == FRAME_GOT_STATE) {
        return take_state(session);
    }
    if (!control->channel.open && control->channel.error == ERR_RST) {
        return EVENT_CONTROL_REFUSED;
    }
    return EVENT_CONTROL_CLOSED;
}

// An address as iperf3 prints it: lwIP has the digits of IPv6 in capitals.
static void print_host(char host[IPERF3_HOST_SIZE], const ip_addr_t *addr) {
    ipaddr_ntoa_r(addr, host, IPERF3_HOST_SIZE);
    for (; *host != '\0' && *host != '%'; host++) {
        *host = (char)lwip_tolower((unsigned char)*host);
    }
}

// A new dialogue: note who takes part.
static void begin_dialogue(struct iperf3 *session) {
    const struct tcp_pcb *pcb = session->control.channel.pcb;
    struct iperf3_report *report = &session->report;

    iperf3_session_begin(session);
    if (pcb != NULL) {
        session->peer = pcb->remote_ip;
        print_host(report->local_host, &pcb->local_ip);
        print_host(report->remote_host, &pcb->remote_ip);
        report->local_port = pcb->local_port;
        report->remote_port = pcb->remote_port;
        report->mss = tcp_mss(pcb);
    }
}

void iperf3_control_poll(struct iperf3 *session) {
    struct iperf3_control *control = &session->control;
    const uint8_t *data;
    size_t size;

    if (control->json != NULL || control->out_size > 0) {
        flush(session);
    }
    if (control->channel.open && !control->open) {
        control->open = true;
        begin_dialogue(session);
        iperf3_session_event(session, EVENT_CONTROL_OPEN);
    }
    while (session->report_count == 0
           && (data = iperf3_channel_peek(&control->channel, &size)) != NULL) {
        enum iperf3_event event = take_bytes(session, data, size);

        if (event != NO_EVENT) {
            iperf3_session_event(session, event);
        }
    }
    if (session->report_count == 0 && iperf3_channel_closed(&control->channel)) {
        iperf3_session_event(session, closed_event(session));
    }
}
