// iperf3_stream_udp.c - datagrams in and out
// SPDX-License-Identifier: MIT
//
// A client has a port for each stream; a server has one for all, and tells the
// streams apart by the client's port. Only the host of the control connection
// takes part. Datagrams are sent from iperf3_poll(); payload is never copied.

#include "iperf3_session.h"
#include "iperf3_stream.h"
#include "iperf3_udp.h"

#if IPERF3_WITH_UDP

// Datagrams that a stream sends in one go, so that the other streams and the
// control connection get their turn.
#define BURST 16

/// Out ///

// Sends a datagram from the stream's own port, or the server's.
static err_t send_pbuf(struct iperf3_stream *stream, struct pbuf *p) {
    struct iperf3 *session = stream->session;
    err_t err = ERR_MEM;

    if (p != NULL && stream->udp != NULL) {
        err = udp_send(stream->udp, p);
    } else if (p != NULL && session->udp != NULL) {
        err = udp_sendto(session->udp, p, &session->peer, stream->report->remote_port);
    }
    if (p != NULL) {
        pbuf_free(p);
    }
    return err;
}

static err_t send_word(struct iperf3_stream *stream, const uint8_t *word) {
    struct pbuf *p = pbuf_alloc(PBUF_TRANSPORT, IPERF3_UDP_WORD_SIZE, PBUF_RAM);

    if (p != NULL) {
        pbuf_take(p, word, IPERF3_UDP_WORD_SIZE);
    }
    return send_pbuf(stream, p);
}

// A header of its own, chained to the payload that never changes.
static struct pbuf *make_datagram(const struct iperf3_stream *stream) {
    const struct iperf3 *session = stream->session;
    const struct iperf3_test *test = &session->report.test;
    const struct iperf3_udp_header header = {
        .sequence = stream->loss.packets.all + 1,
        .sent_us = session->now,
    };
    u16_t head_size = (u16_t)iperf3_udp_header_size(test->udp_counters_64bit);
    struct pbuf *head = pbuf_alloc(PBUF_TRANSPORT, head_size, PBUF_RAM);
    struct pbuf *body = pbuf_alloc_reference(
        LWIP_CONST_CAST(void *, session->config.payload), (u16_t)(test->length - head_size), PBUF_ROM);

    if (head == NULL || body == NULL) {
        if (head != NULL) {
            pbuf_free(head);
        }
        if (body != NULL) {
            pbuf_free(body);
        }
        return NULL;
    }
    iperf3_udp_write(head->payload, test->udp_counters_64bit, &header);
    pbuf_cat(head, body);
    return head;
}

static void send_some(struct iperf3_stream *stream) {
    uint32_t length = stream->session->report.test.length;

    for (unsigned i = 0; i < BURST && iperf3_stream_allowance(stream) > 0; i++) {
        iperf3_clock_update(stream->session); // each datagram says when it was sent
        if (send_pbuf(stream, make_datagram(stream)) != ERR_OK) {
            return; // no memory now: the same number is tried again
        }
        stream->loss.packets.all++;
        iperf3_stream_count_sent(stream, length);
    }
}

/// In ///

static void take_data(struct iperf3_stream *stream, const struct pbuf *p) {
    const struct iperf3 *session = stream->session;
    bool counters_64bit = session->report.test.udp_counters_64bit;
    uint8_t copy[IPERF3_UDP_MAX_HEADER]; // of a header that lies in two buffers
    const uint8_t *bytes = pbuf_get_contiguous(p, copy, sizeof(copy), sizeof(copy), 0);
    struct iperf3_udp_header header;

    if (!stream->receives || bytes == NULL) {
        return;
    }
    iperf3_udp_read(bytes, counters_64bit, &header);
    stream->bytes.all += p->tot_len;
    iperf3_loss_take(
        &stream->loss, header.sequence, (uint32_t)header.sent_us, session->config.now_us());
}

/// Client ///

static bool is_reply(const struct pbuf *p) {
    uint8_t word[IPERF3_UDP_WORD_SIZE];

    return p->tot_len == sizeof(word) && pbuf_copy_partial(p, word, sizeof(word), 0) == sizeof(word)
           && iperf3_udp_is_reply(word);
}

static void on_client_recv(
    void *arg, struct udp_pcb *pcb, struct pbuf *p, const ip_addr_t *addr, u16_t port) {
    struct iperf3_stream *stream = arg;

    (void)pcb;
    (void)addr;
    (void)port;
    if (stream->state == STREAM_CONNECTING && is_reply(p)) {
        stream->state = STREAM_OPEN;
    } else if (p->tot_len >= IPERF3_MIN_UDP_LENGTH) {
        take_data(stream, p); // it may have overtaken the reply
    }
    pbuf_free(p);
}

static struct udp_pcb *connect_port(
    struct iperf3_stream *stream, const ip_addr_t *server, u16_t port) {
    const ip_addr_t *local = &stream->session->config.local;
    struct udp_pcb *pcb = udp_new_ip_type(IP_GET_TYPE(server));

    if (pcb == NULL) {
        return NULL;
    }
    local = ip_addr_isany(local) ? IP_ANY_TYPE : local;
    if (udp_bind(pcb, local, iperf3_stream_local_port(stream)) != ERR_OK || udp_connect(pcb, server, port) != ERR_OK) {
        udp_remove(pcb);
        return NULL;
    }
    pcb->tos = stream->session->report.test.tos;
    udp_recv(pcb, on_client_recv, stream);
    return pcb;
}

// The word is sent once: a real server takes a second one for data.
static void connect(struct iperf3_stream *stream, const ip_addr_t *server, u16_t port) {
    stream->state = STREAM_FAILED;
    stream->udp = connect_port(stream, server, port);
    if (stream->udp == NULL) {
        return;
    }
    stream->report->local_port = stream->udp->local_port;
    stream->report->remote_port = port;
    stream->state = STREAM_CONNECTING;
    if (send_word(stream, iperf3_udp_connect) != ERR_OK) {
        stream->state = STREAM_FAILED;
    }
}

static void greet(struct iperf3_stream *stream) {
    (void)stream; // the reply is all there is
}

/// Server ///

static struct iperf3_stream *find_stream(const struct iperf3 *session, u16_t port) {
    for (struct iperf3_stream *stream = session->streams; stream < session->next_stream; stream++) {
        if (stream->report->remote_port == port) {
            return stream;
        }
    }
    return NULL;
}

static struct iperf3_stream *open_stream(struct iperf3 *session, u16_t port) {
    struct iperf3_stream *stream;

    if (session->phase != PHASE_WAIT_STREAMS || session->next_stream >= session->streams_end) {
        return NULL;
    }
    stream = session->next_stream++;
    stream->report->local_port = session->port;
    stream->report->remote_port = port;
    stream->state = STREAM_OPEN;
    return stream;
}

static void on_server_recv(
    void *arg, struct udp_pcb *pcb, struct pbuf *p, const ip_addr_t *addr, u16_t port) {
    struct iperf3 *session = arg;
    struct iperf3_stream *stream;

    (void)pcb;
    if (!ip_addr_eq(addr, &session->peer)) {
        pbuf_free(p);
        return;
    }
    stream = find_stream(session, port);
    if (stream != NULL && p->tot_len >= IPERF3_MIN_UDP_LENGTH) {
        take_data(stream, p);
    } else if (session->phase == PHASE_WAIT_STREAMS) {
        // A stream's first word, of whatever content; or it comes again since our
        // reply was lost.
        stream = stream != NULL ? stream : open_stream(session, port);
        if (stream != NULL) {
            send_word(stream, iperf3_udp_reply);
        }
    }
    pbuf_free(p);
}

static err_t open_port(struct iperf3 *session) {
    struct udp_pcb *pcb = udp_new_ip_type(IPADDR_TYPE_ANY);
    err_t err;

    if (pcb == NULL) {
        return ERR_MEM;
    }
    err = udp_bind(pcb, IP_ANY_TYPE, session->port);
    if (err != ERR_OK) {
        udp_remove(pcb);
        return err;
    }
    pcb->tos = session->report.test.tos;
    udp_recv(pcb, on_server_recv, session);
    session->udp = pcb;
    return ERR_OK;
}

/// Both ///

static void shut_down(struct iperf3_stream *stream) {
    (void)stream; // UDP has no way to say so
}

static void remove_port(struct udp_pcb **pcb) {
    if (*pcb != NULL) {
        udp_remove(*pcb);
        *pcb = NULL;
    }
}

// All streams of a test are closed together, so the first takes the server's port along.
static void close_stream(struct iperf3_stream *stream) {
    stream->state = STREAM_CLOSED;
    remove_port(&stream->udp);
    remove_port(&stream->session->udp);
}

const struct iperf3_stream_kind iperf3_stream_udp = {
    .listen = open_port,
    .connect = connect,
    .greet = greet,
    .send = send_some,
    .shutdown = shut_down,
    .close = close_stream,
};

#endif // IPERF3_WITH_UDP
