// iperf3_stream_tcp.c - TCP payload in and out
// SPDX-License-Identifier: MIT
//
// The callbacks may run in an interrupt: they count, send and free. Payload is
// never copied: lwIP sends it from where it lies, so a connection that still
// holds some of it is reset before the session's memory is given back.

#include "iperf3_stream.h"

#include "iperf3_session.h"
#include "iperf3_wire.h"
#include "lwip/priv/tcp_priv.h" // tcp_tw_pcbs

static void detach(struct iperf3_stream *stream) {
    struct tcp_pcb *pcb = stream->pcb;

    tcp_arg(pcb, NULL);
    tcp_recv(pcb, NULL);
    tcp_sent(pcb, NULL);
    tcp_err(pcb, NULL);
    stream->pcb = NULL;
}

// Once both FINs are out lwIP may free the pcb without a word (TIME_WAIT).
static void detach_if_over(struct iperf3_stream *stream) {
    if (stream->shut && stream->fin_seen && stream->in_flight == 0 && stream->pcb != NULL) {
        detach(stream);
    }
}

// Payload that is not copied takes an item of two of lwIP's pools per segment. A
// stream that fills its window may hold them all, and would get back at once what it
// frees: so that all streams send, none holds more than its share. In bytes.
static uint32_t share(const struct iperf3_stream *stream) {
    #if MEMP_MEM_MALLOC
    (void)stream;
    return UINT32_MAX; // no pools
    #else
    const struct iperf3 *session = stream->session;

    if (session->report.test.parallel == 1) {
        return UINT32_MAX;
    }
    uint32_t item = (uint32_t)LWIP_MIN(tcp_mss(stream->pcb), session->config.payload_size);
    uint32_t held = (stream->in_flight + item - 1) / item;
    uint32_t most = LWIP_MIN(MEMP_NUM_PBUF, MEMP_NUM_TCP_SEG) / session->report.test.parallel;

    most = LWIP_MAX(most, 2); // a receiver puts off acknowledging a single segment
    return most > held ? (most - held) * item : 0;
    #endif
}

// How much to hand over now: whole segments, so that lwIP neither chains small
// pieces nor sends small segments, or all that is left. 0: wait for more room.
static u16_t run_size(const struct iperf3_stream *stream, uint32_t allowed) {
    uint32_t mss = tcp_mss(stream->pcb);
    uint32_t room = LWIP_MIN(tcp_sndbuf(stream->pcb), 0xffff);
    uint32_t size = (uint32_t)LWIP_MIN(room, stream->session->config.payload_size);

    size = LWIP_MIN(size, share(stream));
    if (size >= allowed) {
        return (u16_t)allowed;
    }
    if (size >= mss) {
        return (u16_t)(size - size % mss);
    }
    return size < room ? (u16_t)size : 0; // the payload is shorter than a segment
}

static bool write_run(struct iperf3_stream *stream) {
    const struct iperf3 *session = stream->session;
    uint32_t allowed = iperf3_stream_allowance(stream);
    u16_t size = run_size(stream, allowed);
    u8_t flags = size < allowed ? TCP_WRITE_FLAG_MORE : 0;
    err_t err;

    if (size == 0) {
        return false;
    }
    err = tcp_write(stream->pcb, session->config.payload, size, flags);
    if (err == ERR_MEM && size > tcp_mss(stream->pcb)) {
        size = tcp_mss(stream->pcb);
        err = tcp_write(stream->pcb, session->config.payload, size, TCP_WRITE_FLAG_MORE);
    }
    if (err != ERR_OK) {
        return false;
    }

    stream->in_flight += size;
    iperf3_stream_count_sent(stream, size);
    return true;
}

static void fill(struct iperf3_stream *stream) {
    while (tcp_sndbuf(stream->pcb) > 0 && write_run(stream)) {
    }
}

static err_t on_sent(void *arg, struct tcp_pcb *pcb, u16_t len) {
    struct iperf3_stream *stream = arg;

    (void)pcb;
    stream->in_flight -= len;
    fill(stream); // lwIP calls tcp_output() when we return
    detach_if_over(stream);
    return ERR_OK;
}

static err_t on_recv(void *arg, struct tcp_pcb *pcb, struct pbuf *p, err_t err) {
    struct iperf3_stream *stream = arg;

    (void)err;
    if (p == NULL) {
        stream->fin_seen = true;
        detach_if_over(stream);
        return ERR_OK;
    }
    stream->bytes.all += stream->receives ? p->tot_len : 0;
    tcp_recved(pcb, p->tot_len);
    pbuf_free(p);
    return ERR_OK;
}

static void on_error(void *arg, err_t err) {
    struct iperf3_stream *stream = arg;

    (void)err;
    stream->pcb = NULL; // lwIP has freed it
    stream->running = false;
    stream->in_flight = 0;
    stream->rest = 0;
    if (!stream->shut) {
        stream->state = STREAM_FAILED;
    }
}

static err_t on_connected(void *arg, struct tcp_pcb *pcb, err_t err) {
    struct iperf3_stream *stream = arg;

    (void)pcb;
    (void)err; // always ERR_OK, says lwIP
    stream->state = STREAM_CONNECTED;
    return ERR_OK;
}

static void take_over(struct iperf3_stream *stream, struct tcp_pcb *pcb) {
    const struct iperf3_test *test = &stream->session->report.test;

    stream->pcb = pcb;
    pcb->tos = test->tos;
    tcp_setprio(pcb, TCP_PRIO_MAX);
    if (test->no_delay) {
        tcp_nagle_disable(pcb);
    } else {
        tcp_nagle_enable(pcb);
    }
    tcp_arg(pcb, stream);
    tcp_recv(pcb, on_recv);
    tcp_sent(pcb, on_sent);
    tcp_err(pcb, on_error);
}

static void open_up(struct iperf3_stream *stream) {
    const struct iperf3_test *test = &stream->session->report.test;

    if (test->mss > 0 && test->mss < stream->pcb->mss) {
        stream->pcb->mss = test->mss;
    }
    stream->report->local_port = stream->pcb->local_port;
    stream->report->remote_port = stream->pcb->remote_port;
    stream->state = STREAM_OPEN;
}

// Removes what lwIP remembers of a connection that both sides have closed. It
// would take up one of few pcbs, and for two minutes lwIP would not let a client
// in that uses the same port again (iperf3 --cport).
static void forget(const struct iperf3_stream *stream) {
    for (struct tcp_pcb *pcb = tcp_tw_pcbs; pcb != NULL; pcb = pcb->next) {
        if (pcb->local_port == stream->report->local_port
            && pcb->remote_port == stream->report->remote_port
            && ip_addr_eq(&pcb->remote_ip, &stream->session->peer)) {
            tcp_abort(pcb); // in TIME_WAIT this sends nothing
            return;
        }
    }
}

static void close_stream(struct iperf3_stream *stream) {
    struct tcp_pcb *pcb = stream->pcb;

    stream->state = STREAM_CLOSED;
    if (pcb == NULL) {
        forget(stream);
        return;
    }
    detach(stream);
    if (stream->in_flight > 0 || stream->shut || tcp_close(pcb) != ERR_OK) {
        tcp_abort(pcb);
    }
    stream->in_flight = 0;
}

static void connect(struct iperf3_stream *stream, const ip_addr_t *server, u16_t port) {
    struct tcp_pcb *pcb = tcp_new_ip_type(IP_GET_TYPE(server));

    stream->state = STREAM_FAILED;
    if (pcb == NULL) {
        return;
    }
    take_over(stream, pcb);
    stream->state = STREAM_CONNECTING;
    if (iperf3_tcp_connect(pcb, &stream->session->config.local, iperf3_stream_local_port(stream),
        server, port, on_connected) != ERR_OK) {
        close_stream(stream);
        stream->state = STREAM_FAILED;
    }
}

static void greet(struct iperf3_stream *stream) {
    const uint8_t *cookie = stream->session->cookie;

    if (tcp_write(stream->pcb, cookie, IPERF3_COOKIE_SIZE, TCP_WRITE_FLAG_COPY) == ERR_OK) {
        stream->in_flight += IPERF3_COOKIE_SIZE;
        tcp_output(stream->pcb);
        open_up(stream);
    }
}

void iperf3_stream_adopt(struct iperf3_stream *stream, struct tcp_pcb *pcb, struct pbuf *input) {
    take_over(stream, pcb);
    open_up(stream);
    if (input != NULL) {
        on_recv(stream, pcb, input, ERR_OK);
    }
}

static void send_now(struct iperf3_stream *stream) {
    if (stream->pcb != NULL) {
        fill(stream);
        tcp_output(stream->pcb);
    }
}

static void shut_down(struct iperf3_stream *stream) {
    if (stream->pcb != NULL) {
        stream->shut = true;
        tcp_shutdown(stream->pcb, 0, 1);
        detach_if_over(stream);
    }
}

const struct iperf3_stream_kind iperf3_stream_tcp = {
    .connect = connect,
    .greet = greet,
    .send = send_now,
    .shutdown = shut_down,
    .close = close_stream,
};
