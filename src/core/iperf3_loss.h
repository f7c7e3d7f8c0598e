// iperf3_loss.h - loss, reordering and jitter of a UDP stream, as iperf3 counts them
// SPDX-License-Identifier: MIT

#ifndef IPERF3_LOSS_H
#define IPERF3_LOSS_H

#include <stdbool.h>
#include <stdint.h>

#include "iperf3_counter.h"

// Starts zeroed. A receiver feeds it with iperf3_loss_take(); a sender uses
// `packets` alone, for the datagrams it has sent.
struct iperf3_loss {
    struct iperf3_counter packets; // receiver: the highest sequence number seen
    struct iperf3_counter lost;
    struct iperf3_counter out_of_order; // duplicates are taken for such
    uint64_t jitter_x16;                // microseconds * 16
    uint32_t transit_us;                // of the last datagram, by two clocks, mod 2^32
    bool has_transit;
};

// Counts a datagram. A gap in the sequence numbers is lost; a datagram that comes
// late is given back. Jitter is RFC 1889's, from the second datagram on (as in
// iperf3 3.8 and later). The clocks are any two that count microseconds mod 2^32.
void iperf3_loss_take(
    struct iperf3_loss *loss, uint64_t sequence, uint32_t sent_us, uint32_t arrived_us);

static inline uint32_t iperf3_loss_jitter_us(const struct iperf3_loss *loss) {
    return (uint32_t)((loss->jitter_x16 + 8) / 16);
}

// What was counted so far belongs to the omitted seconds; the jitter starts anew.
void iperf3_loss_omit(struct iperf3_loss *loss);

#endif // IPERF3_LOSS_H
