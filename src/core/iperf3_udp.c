// iperf3_udp.c - see iperf3_udp.h
// SPDX-License-Identifier: MIT

#include "iperf3_udp.h"

#include <string.h>

#include "iperf3_wire.h"

#define US_PER_S 1000000u

const uint8_t iperf3_udp_connect[IPERF3_UDP_WORD_SIZE] = { '9', '8', '7', '6' };
const uint8_t iperf3_udp_reply[IPERF3_UDP_WORD_SIZE] = { '6', '7', '8', '9' };

bool iperf3_udp_is_reply(const uint8_t word[IPERF3_UDP_WORD_SIZE]) {
    static const uint8_t replies[][IPERF3_UDP_WORD_SIZE] = {
        { '6', '7', '8', '9' },
        { 0xb1, 0x68, 0xde, 0x3a }, // 987654321, up to 3.11 and MicroPython's iperf3.py
        { 0x3a, 0xde, 0x68, 0xb1 }, // the same, big-endian
        { '9', '8', '7', '6' },     // 3.12 to 3.16, big-endian
    };

    for (size_t i = 0; i < sizeof(replies) / sizeof(replies[0]); i++) {
        if (memcmp(word, replies[i], IPERF3_UDP_WORD_SIZE) == 0) {
            return true;
        }
    }
    return false;
}

void iperf3_udp_write(uint8_t bytes[IPERF3_UDP_MAX_HEADER], bool counters_64bit,
    const struct iperf3_udp_header *header) {
    iperf3_put_u32(bytes, (uint32_t)(header->sent_us / US_PER_S));
    iperf3_put_u32(bytes + 4, (uint32_t)(header->sent_us % US_PER_S));
    if (counters_64bit) {
        iperf3_put_u32(bytes + 8, (uint32_t)(header->sequence >> 32));
        bytes += 4;
    }
    iperf3_put_u32(bytes + 8, (uint32_t)header->sequence);
}

void iperf3_udp_read(const uint8_t bytes[IPERF3_UDP_MAX_HEADER], bool counters_64bit,
    struct iperf3_udp_header *header) {
    header->sent_us = (uint64_t)iperf3_get_u32(bytes) * US_PER_S + iperf3_get_u32(bytes + 4);
    header->sequence = iperf3_get_u32(bytes + 8);
    if (counters_64bit) {
        header->sequence = header->sequence << 32 | iperf3_get_u32(bytes + 12);
    }
}
