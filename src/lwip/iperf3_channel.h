// iperf3_channel.h - a TCP connection whose bytes wait for iperf3_poll()
// SPDX-License-Identifier: MIT
//
// The control connection is one, and so is a newcomer that has not yet said
// what it is for. lwIP's callbacks, perhaps in an interrupt, only store what
// arrives; all else happens in iperf3_poll().

#ifndef IPERF3_CHANNEL_H
#define IPERF3_CHANNEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lwip/tcp.h"

// Starts zeroed.
struct iperf3_channel {
    struct tcp_pcb *pcb;  // NULL: no connection (any more)
    struct pbuf *input;   // arrived and not yet taken
    volatile bool open;   // the connection is established
    volatile bool ended;  // the peer has sent its FIN
    bool shut;            // we have
    volatile err_t error; // why lwIP gave the connection up; ERR_OK: it did not

    // Called by lwIP's callback when something has changed; may move the channel.
    // NULL: nothing to call.
    void (*on_change)(void *context);
    void *context;
};

// tcp_bind(), where a local address or port is asked for (not any, not 0), and
// tcp_connect(), but for a failure that is none: ERR_BUF when lwIP's counter of
// local ports has just wrapped to 0.
err_t iperf3_tcp_connect(struct tcp_pcb *pcb, const ip_addr_t *local, u16_t local_port,
    const ip_addr_t *addr, u16_t port, tcp_connected_fn connected);

// Connects. ERR_OK: channel->open or channel->error will tell.
err_t iperf3_channel_connect(struct iperf3_channel *channel, const ip_addr_t *local,
    const ip_addr_t *addr, u16_t port);

// Takes over an established connection, as in an accept callback.
void iperf3_channel_attach(struct iperf3_channel *channel, struct tcp_pcb *pcb);

// Moves a connection and its input to another place in memory.
void iperf3_channel_move(struct iperf3_channel *to, struct iperf3_channel *from);

// Gives the connection out of the channel's hands; its input stays.
struct tcp_pcb *iperf3_channel_detach(struct iperf3_channel *channel);

// The first bytes that have arrived, NULL if there are none.
const uint8_t *iperf3_channel_peek(const struct iperf3_channel *channel, size_t *size);
void iperf3_channel_take(struct iperf3_channel *channel, size_t size);

// Copies data into lwIP's send buffer. False if there is no room for all of it.
bool iperf3_channel_write(struct iperf3_channel *channel, const void *data, size_t size);

// Whether everything the peer had to say has been taken and no more can come.
bool iperf3_channel_closed(const struct iperf3_channel *channel);

// Sends FIN after what was written. What still comes is dropped, and the connection
// is gone (channel->pcb) when the peer has closed it, too.
void iperf3_channel_shut_down(struct iperf3_channel *channel);

// Drops what has arrived and sends FIN after what was written. lwIP finishes the
// rest by itself.
void iperf3_channel_close(struct iperf3_channel *channel);

#endif // IPERF3_CHANNEL_H
