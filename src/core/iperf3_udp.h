// iperf3_udp.h - what iperf3's datagrams say
// SPDX-License-Identifier: MIT
//
// Seen on the wire of iperf3 3.1.7 to 3.21.

#ifndef IPERF3_UDP_H
#define IPERF3_UDP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define IPERF3_UDP_WORD_SIZE 4    // of a set-up datagram; shorter than any data
#define IPERF3_UDP_MAX_HEADER 16

// What a client sends to open a stream, and what the server answers: the words of
// 3.12 and later. Servers look at no client's word at all.
extern const uint8_t iperf3_udp_connect[IPERF3_UDP_WORD_SIZE];
extern const uint8_t iperf3_udp_reply[IPERF3_UDP_WORD_SIZE];

// Whether a server's answer is one of those of 3.12 and later, of earlier ones, or
// of either on a big-endian machine.
bool iperf3_udp_is_reply(const uint8_t word[IPERF3_UDP_WORD_SIZE]);

// The head of a data datagram: 12 bytes, 16 with 64-bit counters.
struct iperf3_udp_header {
    uint64_t sequence; // 1 for the first datagram of a stream
    uint64_t sent_us;  // the sender's clock; only differences mean something
};

static inline size_t iperf3_udp_header_size(bool counters_64bit) {
    return counters_64bit ? 16 : 12;
}

void iperf3_udp_write(uint8_t bytes[IPERF3_UDP_MAX_HEADER], bool counters_64bit,
    const struct iperf3_udp_header *header);
void iperf3_udp_read(const uint8_t bytes[IPERF3_UDP_MAX_HEADER], bool counters_64bit,
    struct iperf3_udp_header *header);

#endif // IPERF3_UDP_H
