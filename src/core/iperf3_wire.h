// iperf3_wire.h - the numbers of the protocol, and how they lie in bytes
// SPDX-License-Identifier: MIT
//
// Seen on the wire of iperf3 3.1.7 to 3.21; docs/PROTOCOL.md tells the story.

#ifndef IPERF3_WIRE_H
#define IPERF3_WIRE_H

#include <stdint.h>

// State bytes of the control connection. C: sent by the client, S: by the server.
enum iperf3_state {
    STATE_TEST_START = 1,         // S
    STATE_TEST_RUNNING = 2,       // S
    STATE_TEST_END = 4,           // C
    STATE_PARAM_EXCHANGE = 9,     // S
    STATE_CREATE_STREAMS = 10,    // S
    STATE_SERVER_TERMINATE = 11,  // S
    STATE_CLIENT_TERMINATE = 12,  // C
    STATE_EXCHANGE_RESULTS = 13,  // S
    STATE_DISPLAY_RESULTS = 14,   // S
    STATE_IPERF_DONE = 16,        // C
    STATE_ACCESS_DENIED = 0xff,   // S, also on a data connection
    STATE_SERVER_ERROR = 0xfe,    // S, followed by two big-endian int32: iperf3's error, errno
};

#define IPERF3_COOKIE_SIZE 37        // 36 characters and a NUL
#define IPERF3_JSON_PREFIX_SIZE 4    // big-endian length before a JSON message
#define IPERF3_SERVER_ERROR_SIZE 8   // after the state byte
#define IPERF3_MAX_PARAMS_SIZE 8192u // of parameter JSON; iperf3 3.18 and later refuse more

static inline uint32_t iperf3_get_u32(const uint8_t *bytes) {
    return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8
           | (uint32_t)bytes[3];
}

static inline void iperf3_put_u32(uint8_t *bytes, uint32_t value) {
    bytes[0] = (uint8_t)(value >> 24);
    bytes[1] = (uint8_t)(value >> 16);
    bytes[2] = (uint8_t)(value >> 8);
    bytes[3] = (uint8_t)value;
}

// iperf3 numbers its streams 1, 3, 4, 5, ...; index counts from 0. Kept by
// iperf3 for compatibility (its issue 1285).
static inline unsigned iperf3_stream_id(unsigned index) {
    return index == 0 ? 1 : index + 2;
}

#endif // IPERF3_WIRE_H
