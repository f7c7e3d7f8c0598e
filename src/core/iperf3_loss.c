// iperf3_loss.c - see iperf3_loss.h
// SPDX-License-Identifier: MIT

#include "iperf3_loss.h"

static void take_sequence(struct iperf3_loss *loss, uint64_t sequence) {
    if (sequence > loss->packets.all) {
        loss->lost.all += sequence - 1 - loss->packets.all;
        loss->packets.all = sequence;
        return;
    }
    loss->out_of_order.all++;
    if (loss->lost.all > 0) {
        loss->lost.all--;
    }
}

static void take_transit(struct iperf3_loss *loss, uint32_t transit_us) {
    int32_t difference = (int32_t)(transit_us - loss->transit_us);
    uint32_t d = difference < 0 ? 0u - (uint32_t)difference : (uint32_t)difference;

    if (loss->has_transit) {
        loss->jitter_x16 = loss->jitter_x16 + d - loss->jitter_x16 / 16;
    }
    loss->transit_us = transit_us;
    loss->has_transit = true;
}

void iperf3_loss_take(
    struct iperf3_loss *loss, uint64_t sequence, uint32_t sent_us, uint32_t arrived_us) {
    take_sequence(loss, sequence);
    take_transit(loss, arrived_us - sent_us);
}

void iperf3_loss_omit(struct iperf3_loss *loss) {
    iperf3_counter_omit(&loss->packets);
    iperf3_counter_omit(&loss->lost);
    iperf3_counter_omit(&loss->out_of_order);
    loss->jitter_x16 = 0;
    loss->has_transit = false;
}
