// iperf3_results.h - the results of one side, as each sends them to the other
// SPDX-License-Identifier: MIT

#ifndef IPERF3_RESULTS_H
#define IPERF3_RESULTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "iperf3_json_read.h"
#include "iperf3_json_write.h"

#define IPERF3_CONGESTION "reno" // what lwIP does, by its closest name

// One stream as one side counted it. The meaning of packets and errors depends
// on the side: docs/PROTOCOL.md. Never negative but for retransmits.
struct iperf3_stream_result {
    int64_t id;
    int64_t bytes;       // since the omitted seconds
    int64_t retransmits; // -1: not known; also what iperf3 3.12 and 3.13 print as 2^64 - 1
    int64_t jitter_us;
    int64_t errors; // UDP receiver: lost datagrams, the omitted seconds included
    int64_t omitted_errors;
    int64_t packets; // UDP, the omitted seconds included
    int64_t omitted_packets;
    int64_t start_us;
    int64_t end_us; // 0 with start_us 0: not told (iperf3 before 3.2)
};

// Results to be sent. The streams are fetched one at a time, so that no copy
// of them is needed.
struct iperf3_results {
    int32_t sender_has_retransmits; // 1: sends and counts them; 0: sends; -1: only receives
    const char *congestion;         // TCP's congestion algorithm, or NULL
    const char *server_output;      // for a client that asked for it, or NULL
    unsigned stream_count;
    void (*stream)(void *context, unsigned index, struct iperf3_stream_result *result);
    void *context;
};

void iperf3_results_write(struct iperf3_json_writer *writer, const struct iperf3_results *results);

// Bytes that are taken at a time, so that what they can hold of the server's output
// needs no more room than this.
#define IPERF3_RESULTS_PIECE 32

// What the JSON reader held back, what is fed, and a character that waited for its
// second half.
#define IPERF3_RESULTS_OUTPUT_SIZE (IPERF3_JSON_TEXT_SIZE + IPERF3_RESULTS_PIECE + 4)

// Reads results JSON as it arrives and hands over one stream after another,
// whatever their number. Keys in any order; unknown ones are skipped, of a
// duplicate the first counts. A message without one of the keys that iperf3
// requires (cpu_util_*, sender_has_retransmits, streams and, for each stream,
// id, bytes, retransmits, jitter, errors, packets) is malformed: the reader's
// status is JSON_BAD. Streams before the fault have been handed over by then.
// A reader must stay where it is after iperf3_results_reader_init().
struct iperf3_results_reader {
    void (*on_stream)(void *context, const struct iperf3_stream_result *result);
    void *context;
    bool in_streams;                    // private
    bool in_output;                     // private
    bool output_is_json;                // server_output_json, else server_output_text
    uint8_t output_size;
    uint32_t seen;                      // private: keys met so far, of the message
    uint32_t stream_seen;               // private: and of the stream
    int32_t sender_has_retransmits;     // complete at JSON_DONE
    uint32_t cpu_millipercent[3];       // total, user, system; of one CPU, in 1/1000 %
    struct iperf3_stream_result stream; // private: the stream being read
    struct iperf3_json_reader json;     // private: feed it with iperf3_results_reader_feed()
    char output[IPERF3_RESULTS_OUTPUT_SIZE]; // the server's output in the bytes fed last
};

// Takes up to IPERF3_RESULTS_PIECE bytes of the message. What they held of the
// server's output is in reader->output: decoded text, or JSON as it came.
enum iperf3_json_status iperf3_results_reader_feed(
    struct iperf3_results_reader *reader, const char *data, size_t size);

void iperf3_results_reader_init(struct iperf3_results_reader *reader,
    void (*on_stream)(void *context, const struct iperf3_stream_result *result), void *context);

#endif // IPERF3_RESULTS_H
