// iperf3_control.h - the control connection: messages in, messages out
// SPDX-License-Identifier: MIT

#ifndef IPERF3_CONTROL_H
#define IPERF3_CONTROL_H

#include <stdbool.h>
#include <stdint.h>

#include "iperf3_channel.h"
#include "iperf3_frame.h"
#include "iperf3_json_write.h"

struct iperf3;

// Writes one JSON message; is called again for each piece of it.
typedef void (*iperf3_control_json_fn)(struct iperf3 *session, struct iperf3_json_writer *writer);

struct iperf3_control {
    bool open; // EVENT_CONTROL_OPEN has been raised
    uint8_t out_size;
    uint8_t json_at;
    iperf3_control_json_fn json; // NULL: none
    uint32_t json_size;
    uint32_t json_sent;
    struct iperf3_channel channel;
    struct iperf3_frame frame;

    // Bytes that wait for room in lwIP's send buffer. A JSON message stands
    // behind the first json_at of them.
    uint8_t out[IPERF3_COOKIE_SIZE + 1 + IPERF3_SERVER_ERROR_SIZE + 2];
};

void iperf3_control_send(struct iperf3 *session, const void *data, uint8_t size);
void iperf3_control_send_state(struct iperf3 *session, uint8_t state);
void iperf3_control_send_error(struct iperf3 *session, int32_t number);
void iperf3_control_send_json(struct iperf3 *session, iperf3_control_json_fn json);

// Sends what waited for room, and raises the events of what has arrived, until a
// report has to be read first.
void iperf3_control_poll(struct iperf3 *session);

// Sends FIN after all that could be sent.
void iperf3_control_close(struct iperf3 *session);

#endif // IPERF3_CONTROL_H
