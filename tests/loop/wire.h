// wire.h - a network of one link, in virtual time
// SPDX-License-Identifier: MIT
//
// One lwIP holds both ends: what it sends to its own address goes out through
// this interface and comes back after the link's delay. The two directions are
// told apart by the server's port and do not slow each other.

#ifndef WIRE_H
#define WIRE_H

#include <stdbool.h>
#include <stdint.h>

#define WIRE_SERVER_PORT 5201
#define WIRE_FOREVER UINT64_MAX

struct wire_config {
    uint64_t bits_per_s; // per direction, headers of IP and above
    uint32_t delay_us;   // one way
    uint32_t loss;       // packets in 1000 that never arrive
    bool cut;            // nothing arrives any more
    bool drop_replies;   // a UDP server's answers to set-up datagrams do not arrive
};

extern struct wire_config wire;

// Adds the interface, with the addresses 10.0.0.1 and fd00::1.
void wire_init(void);
void wire_reset(uint32_t seed);

// Gives lwIP the packets that have arrived by now.
void wire_deliver(uint64_t now_us);

// When the next packet arrives.
uint64_t wire_next(void);

#endif // WIRE_H
