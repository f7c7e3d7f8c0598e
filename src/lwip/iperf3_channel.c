// iperf3_channel.c - see iperf3_channel.h
// SPDX-License-Identifier: MIT

#include "iperf3_channel.h"

#include <string.h>

// Above this the peer has to wait; pbuf chains count in 16 bits.
#define MAX_WAITING 0x7fff

static void tell(const struct iperf3_channel *channel) {
    if (channel->on_change != NULL) {
        channel->on_change(channel->context);
    }
}

static err_t on_connected(void *arg, struct tcp_pcb *pcb, err_t err) {
    struct iperf3_channel *channel = arg;

    (void)pcb;
    (void)err; // always ERR_OK, says lwIP
    channel->open = true;
    tell(channel);
    return ERR_OK;
}

// Once both FINs are out lwIP may free the pcb without a word (TIME_WAIT).
static void drop(struct iperf3_channel *channel, struct pbuf *p) {
    if (p == NULL) {
        iperf3_channel_detach(channel);
    } else {
        tcp_recved(channel->pcb, p->tot_len);
        pbuf_free(p);
    }
}

static err_t on_recv(void *arg, struct tcp_pcb *pcb, struct pbuf *p, err_t err) {
    struct iperf3_channel *channel = arg;

    (void)err;
    // Up to iperf3 3.9 a control message waits until the one before is acknowledged,
    // TEST_RUNNING, too, while a server already sends data.
    tcp_set_flags(pcb, TF_ACK_NOW);
    if (channel->shut) {
        drop(channel, p);
    } else if (p == NULL) {
        channel->ended = true;
    } else if (channel->input == NULL) {
        channel->input = p;
    } else if ((u32_t)channel->input->tot_len + p->tot_len > MAX_WAITING) {
        return ERR_MEM; // lwIP keeps it and offers it again
    } else {
        pbuf_cat(channel->input, p);
    }
    tell(channel);
    return ERR_OK;
}

static void on_error(void *arg, err_t err) {
    struct iperf3_channel *channel = arg;

    channel->pcb = NULL; // lwIP has freed it
    channel->error = err;
    tell(channel);
}

static void listen_to(struct iperf3_channel *channel, struct tcp_pcb *pcb) {
    tcp_arg(pcb, channel);
    tcp_recv(pcb, on_recv);
    tcp_err(pcb, on_error);
    channel->pcb = pcb;
}

static err_t bind_local(
    struct tcp_pcb *pcb, const ip_addr_t *local, u16_t local_port, const ip_addr_t *addr) {
    (void)addr; // with one version of IP it does not matter
    if (ip_addr_isany(local)) {
        local = IP46_ADDR_ANY(IP_GET_TYPE(addr));
        if (local_port == 0) {
            return ERR_OK;
        }
    }
    ip_set_option(pcb, SOF_REUSEADDR); // the last test's connections may be in TIME_WAIT
    return tcp_bind(pcb, local, local_port);
}

err_t iperf3_tcp_connect(struct tcp_pcb *pcb, const ip_addr_t *local, u16_t local_port,
    const ip_addr_t *addr, u16_t port, tcp_connected_fn connected) {
    err_t err = bind_local(pcb, local, local_port, addr);

    if (err != ERR_OK) {
        return err;
    }
    err = tcp_connect(pcb, addr, port, connected);
    return err == ERR_BUF ? tcp_connect(pcb, addr, port, connected) : err;
}

err_t iperf3_channel_connect(struct iperf3_channel *channel, const ip_addr_t *local,
    const ip_addr_t *addr, u16_t port) {
    struct tcp_pcb *pcb = tcp_new_ip_type(IP_GET_TYPE(addr));
    err_t err;

    memset(channel, 0, sizeof(*channel));
    if (pcb == NULL) {
        return ERR_MEM;
    }
    tcp_nagle_disable(pcb);
    tcp_setprio(pcb, TCP_PRIO_MAX);
    listen_to(channel, pcb);
    err = iperf3_tcp_connect(pcb, local, 0, addr, port, on_connected);
    if (err != ERR_OK) {
        iperf3_channel_close(channel);
    }
    return err;
}

void iperf3_channel_attach(struct iperf3_channel *channel, struct tcp_pcb *pcb) {
    memset(channel, 0, sizeof(*channel));
    tcp_nagle_disable(pcb);
    tcp_setprio(pcb, TCP_PRIO_MAX);
    listen_to(channel, pcb);
    channel->open = true;
}

void iperf3_channel_move(struct iperf3_channel *to, struct iperf3_channel *from) {
    *to = *from;
    if (to->pcb != NULL) {
        tcp_arg(to->pcb, to);
    }
    memset(from, 0, sizeof(*from));
}

struct tcp_pcb *iperf3_channel_detach(struct iperf3_channel *channel) {
    struct tcp_pcb *pcb = channel->pcb;

    if (pcb != NULL) {
        tcp_arg(pcb, NULL);
        tcp_recv(pcb, NULL);
        tcp_err(pcb, NULL);
    }
    channel->pcb = NULL;
    return pcb;
}

const uint8_t *iperf3_channel_peek(const struct iperf3_channel *channel, size_t *size) {
    if (channel->input == NULL) {
        *size = 0;
        return NULL;
    }
    *size = channel->input->len;
    return channel->input->payload;
}

void iperf3_channel_take(struct iperf3_channel *channel, size_t size) {
    channel->input = pbuf_free_header(channel->input, (u16_t)size);
    if (channel->pcb != NULL) {
        tcp_recved(channel->pcb, (u16_t)size);
    }
}

bool iperf3_channel_write(struct iperf3_channel *channel, const void *data, size_t size) {
    return channel->pcb != NULL
           && tcp_write(channel->pcb, data, (u16_t)size, TCP_WRITE_FLAG_COPY) == ERR_OK;
}

bool iperf3_channel_closed(const struct iperf3_channel *channel) {
    return channel->input == NULL && (channel->ended || channel->error != ERR_OK);
}

void iperf3_channel_shut_down(struct iperf3_channel *channel) {
    if (channel->input != NULL) {
        iperf3_channel_take(channel, channel->input->tot_len);
    }
    channel->shut = true;
    if (channel->ended) {
        iperf3_channel_close(channel);
    } else if (channel->pcb != NULL) {
        tcp_shutdown(channel->pcb, 0, 1);
    }
}

void iperf3_channel_close(struct iperf3_channel *channel) {
    struct tcp_pcb *pcb;

    if (channel->input != NULL) {
        // Without this lwIP would send RST instead of FIN, and what we have just
        // written could be lost.
        iperf3_channel_take(channel, channel->input->tot_len);
    }
    pcb = iperf3_channel_detach(channel);
    if (pcb != NULL && tcp_close(pcb) != ERR_OK) {
        tcp_abort(pcb);
    }
    memset(channel, 0, sizeof(*channel));
}
