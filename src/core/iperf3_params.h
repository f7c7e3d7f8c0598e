// iperf3_params.h - the test parameters, as the client sends them to the server
// SPDX-License-Identifier: MIT

#ifndef IPERF3_PARAMS_H
#define IPERF3_PARAMS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "iperf3_json_read.h"
#include "iperf3_json_write.h"
#include "iperf3_test.h"

// Writes the parameter JSON of a test. Always sends what some server needs:
// tcp or udp, omit, time, num, blockcount, parallel, len, pacing_timer,
// client_version (MicroPython's server fails without pacing_timer and len).
void iperf3_params_write(struct iperf3_json_writer *writer, const struct iperf3_test *test);

// Reads parameter JSON as it arrives. Absent keys get the real server's
// defaults; unknown keys are skipped; of a key that comes twice the first
// counts; a key with a value of the wrong type is as good as absent. A reader
// must stay where it is after iperf3_params_reader_init().
//
// text, text_size: where a client's title and extra data go, NUL-terminated and cut
// to fit; NULL, 0: they are skipped.
struct iperf3_params_reader {
    uint32_t seen;                  // private: keys met so far
    int32_t refusal;                // private: first value out of range; iperf3's error number
    int32_t sender_refusal;         // private: the same, if the server is to send
    char *text;                     // private: the room that is left
    size_t text_size;               // private
    bool in_text;                   // private: more of the string is to come
    struct iperf3_test test;        // complete at JSON_DONE
    struct iperf3_json_reader json; // feed it with iperf3_json_reader_feed()
};

void iperf3_params_reader_init(
    struct iperf3_params_reader *reader, char *text, size_t text_size);

// After JSON_DONE: 0, or iperf3's error number for a test that is out of
// iperf3's ranges or that no server on lwIP can run (SCTP, MPTCP, a processor of
// its choice; where it sends, another congestion control than lwIP's, a kernel's
// pacing): what SERVER_ERROR carries.
int32_t iperf3_params_refusal(const struct iperf3_params_reader *reader);

#endif // IPERF3_PARAMS_H
