// iperf3_test.h - what a test is, and how it can fail
// SPDX-License-Identifier: MIT
//
// Plain C99: no lwIP, no clock. The names are those of the iperf3 program; the
// option of iperf3 that sets a member stands beside it.

#ifndef IPERF3_TEST_H
#define IPERF3_TEST_H

#include <stdbool.h>
#include <stdint.h>

#define IPERF3_VERSION "0.1.0"

#define IPERF3_DEFAULT_PORT 5201 // TCP and UDP alike
#define IPERF3_MAX_STREAMS 128   // per direction, iperf3's own limit
#define IPERF3_MAX_DURATION_S 86400
#define IPERF3_MAX_OMIT_S 600 // 60 up to iperf3 3.17
#define IPERF3_DEFAULT_TCP_LENGTH 131072
#define IPERF3_MAX_TCP_LENGTH 1048576
#define IPERF3_MIN_UDP_LENGTH 16
#define IPERF3_MAX_UDP_LENGTH 65507
#define IPERF3_MAX_BURST 1000
#define IPERF3_MAX_MSS 32767
#define IPERF3_MAX_WINDOW (512u << 20)

/// Errors ///

// Zero or negative, so that a function can return a count or an error.
enum iperf3_error {
    IPERF3_OK = 0,
    // the caller
    IPERF3_ERR_ARGUMENT = -1, // a value of the configuration is out of range
    IPERF3_ERR_MEMORY = -2,   // the session memory is too small
    IPERF3_ERR_STATE = -3,    // the session already runs
    IPERF3_ERR_STOPPED = -4,  // iperf3_stop() ended the test
    IPERF3_ERR_NOT_BUILT_IN = -5, // an option of iperf3_opts.h is off
    // the network
    IPERF3_ERR_REFUSED = -10,     // nobody listens on the server's port
    IPERF3_ERR_UNREACHABLE = -11, // no answer to the connection, or no route
    IPERF3_ERR_CLOSED = -12,      // the control connection ended early
    IPERF3_ERR_TIMEOUT = -13,     // the peer went silent during the test
    IPERF3_ERR_STREAM = -14,      // a data connection could not be opened, or broke
    IPERF3_ERR_ADDRESS_IN_USE = -15,
    IPERF3_ERR_NO_MEMORY = -16, // lwIP is out of connections, buffers or heap
    IPERF3_ERR_IDLE = -17,      // server: no client came within the idle timeout
    // the protocol
    IPERF3_ERR_PROTOCOL = -20,   // a message that does not belong here
    IPERF3_ERR_PARAMETERS = -21, // the client's parameters are malformed
    IPERF3_ERR_RESULTS = -22,    // the peer's results are malformed
    IPERF3_ERR_UNWILLING = -23,  // server: the client asks for a test that this server does not run
    // the peer's decision
    IPERF3_ERR_BUSY = -30,              // the server is running another test
    IPERF3_ERR_SERVER_TERMINATED = -31, // the other side was interrupted
    IPERF3_ERR_CLIENT_TERMINATED = -32,
    IPERF3_ERR_SERVER_ERROR = -33, // the server sent SERVER_ERROR; its number says why
};

// The text that the iperf3 program prints for this error (where it has the
// error), without "iperf3: error - ". Never NULL.
const char *iperf3_strerror(enum iperf3_error error);

// The text that the iperf3 program prints for the error number that travels
// with SERVER_ERROR. Never NULL; "unknown error" for a number it does not know.
const char *iperf3_server_error_text(int32_t number);

/// A test ///

enum iperf3_role { IPERF3_CLIENT, IPERF3_SERVER };

enum iperf3_protocol { IPERF3_TCP, IPERF3_UDP };

enum iperf3_direction {
    IPERF3_FORWARD, // the client sends
    IPERF3_REVERSE, // -R: the server sends
    IPERF3_BIDIR,   // --bidir: both send, on streams of their own
};

// A test as the client asks for it. It ends at the first limit that is reached
// of duration_s, bytes and blocks; 0 means no such limit.
struct iperf3_test {
    enum iperf3_protocol protocol;   // -u
    enum iperf3_direction direction; // -R, --bidir
    uint8_t parallel;                // -P: streams per direction, 1..128
    uint8_t tos;                     // -S: IP type of service of the data streams
    bool no_delay;                   // -N: TCP without Nagle's algorithm
    bool repeating_payload;          // --repeating-payload: 0123456789... instead of noise
    bool get_server_output;          // --get-server-output
    bool udp_counters_64bit;         // --udp-counters-64bit: 16-byte instead of 12-byte header
    bool dont_fragment;              // --dont-fragment, IPv4 UDP
    uint16_t omit_s;                 // -O: leading seconds left out of the totals, 0..600
    uint16_t mss;                    // -M: bytes, 0: as the stack chooses
    uint16_t burst;                  // -b RATE/BURST: blocks sent back to back, 0..1000
    uint32_t duration_s;             // -t: 0..86400
    uint32_t length;                 // -l: bytes of a block (TCP) or datagram (UDP); 0: iperf3's default
    uint64_t bytes;                  // -n: over all streams, per direction
    uint64_t blocks;                 // -k: blocks of `length` bytes over all streams, per direction
    uint64_t bits_per_s;             // -b: per stream; 0: as fast as possible
    uint32_t window;                 // -w, TCP: bytes of buffer in each socket, 0..512 MiB. lwIP's
                                     //   are fixed: no more than it has; 0: as it is
    // NUL-terminated or NULL. A client's must stay while the session runs; a server's
    // lie in config.text and may be cut.
    const char *title;      // -T: begins each line of the client's text, for both sides' JSON
    const char *extra_data; // --extra-data: for both sides' JSON
};

// Streams of a test, both directions together.
static inline unsigned iperf3_test_streams(const struct iperf3_test *test) {
    return test->direction == IPERF3_BIDIR ? 2u * test->parallel : test->parallel;
}

#endif // IPERF3_TEST_H
