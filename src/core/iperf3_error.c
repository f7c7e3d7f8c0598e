// iperf3_error.c - texts for what can go wrong
// SPDX-License-Identifier: MIT
//
// They are those of iperf3 3.12 where it has the error. Where it adds the text
// of an errno there is none to be had here, so that the ": " goes too.

#include <stddef.h>
#include <string.h>

#include "iperf3_test.h"

// ROW(iperf3's number that travels with SERVER_ERROR, our own error, text); 0: there
// is none. Of iperf3's numbers are left out those of options that
// we never ask a server for and never refuse, such as the flow label (127).
// Number 34 is later than 3.12; 37 (3.20) and 160 (3.21) have our words.
#define ROWS(ROW) \
    ROW(0, IPERF3_OK, "no error") \
    ROW(0, IPERF3_ERR_ARGUMENT, "configuration out of range") \
    ROW(0, IPERF3_ERR_MEMORY, "session memory too small") \
    ROW(0, IPERF3_ERR_STATE, "session already runs") \
    ROW(0, IPERF3_ERR_STOPPED, "interrupted") \
    ROW(0, IPERF3_ERR_NOT_BUILT_IN, "not built in") \
    ROW(0, IPERF3_ERR_REFUSED, "unable to connect to server: Connection refused") \
    ROW(0, IPERF3_ERR_UNREACHABLE, "unable to connect to server: Connection timed out") \
    ROW(0, IPERF3_ERR_CLOSED, "control socket has closed unexpectedly") \
    ROW(0, IPERF3_ERR_ADDRESS_IN_USE, \
    "unable to start listener for connections: Address already in use") \
    ROW(0, IPERF3_ERR_NO_MEMORY, "out of memory") \
    ROW(0, IPERF3_ERR_IDLE, "no client came within the idle timeout") \
    ROW(0, IPERF3_ERR_SERVER_ERROR, "server error") \
    ROW(5, 0, "test duration too long (maximum = 86400 seconds)") \
    ROW(6, 0, "number of parallel streams too large (maximum = 128)") \
    ROW(7, 0, "block size too large (maximum = 1048576 bytes)") \
    ROW(8, 0, "socket buffer size too large (maximum = 536870912 bytes)") \
    ROW(10, 0, "TCP MSS too large (maximum = 9216 bytes)") \
    ROW(12, 0, "bogus value for --omit") \
    ROW(13, IPERF3_ERR_UNWILLING, "an option you are trying to set is not implemented yet") \
    ROW(15, 0, "invalid burst count (maximum = 1000)") \
    ROW(20, 0, "block size invalid (minimum = 16 bytes, maximum = 65507 bytes)") \
    ROW(21, 0, "bad TOS value (must be between 0 and 255 inclusive)") \
    ROW(27, 0, "total required bandwidth is larger than server limit") \
    ROW(34, 0, "cannot transfer file using UDP") \
    ROW(37, 0, "test duration above the server's maximum") \
    ROW(106, 0, "unable to receive cookie at server") \
    ROW(110, IPERF3_ERR_PROTOCOL, "received an unknown control message") \
    ROW(114, IPERF3_ERR_PARAMETERS, "unable to receive parameters from client") \
    ROW(116, 0, "unable to send results") \
    ROW(117, IPERF3_ERR_RESULTS, "unable to receive results") \
    ROW(119, IPERF3_ERR_CLIENT_TERMINATED, "the client has terminated") \
    ROW(120, IPERF3_ERR_SERVER_TERMINATED, "the server has terminated") \
    ROW(121, IPERF3_ERR_BUSY, "the server is busy running a test. try again later") \
    ROW(123, 0, "unable to set TCP/SCTP MSS") \
    ROW(131, 0, "protocol does not exist") \
    ROW(132, 0, "unable to set CPU affinity") \
    ROW(134, 0, \
    "unable to set TCP_CONGESTION: Supplied congestion control algorithm not supported on this" \
    " host") \
    ROW(140, 0, "unable to set socket pacing") \
    ROW(141, 0, "socket buffer size not set correctly") \
    ROW(142, 0, "test authorization failed") \
    ROW(144, IPERF3_ERR_TIMEOUT, "idle timeout for receiving data") \
    ROW(145, 0, "unable to set IP Do-Not-Fragment flag") \
    ROW(160, 0, "test duration limit of the server reached") \
    ROW(200, 0, "unable to create a new stream") \
    ROW(201, 0, "unable to initialize stream") \
    ROW(202, 0, "unable to start stream listener") \
    ROW(203, 0, "unable to connect stream") \
    ROW(204, 0, "unable to accept stream connection") \
    ROW(205, 0, "unable to write to stream socket") \
    ROW(206, 0, "unable to read from stream socket") \
    ROW(207, IPERF3_ERR_STREAM, "stream socket has closed unexpectedly") \
    ROW(208, 0, "stream has an invalid id")

static const struct {
    uint8_t number;
    int8_t error;
} keys[] = {
    #define KEY(number, error, text) { (number), (error) },
    ROWS(KEY)
};

// One behind the other, in the order of the keys.
static const char texts[] =
    #define TEXT(number, error, text) text "\0"
    ROWS(TEXT);

static const char unknown[] = "unknown error";

// iperf3's numbers are above 0, our errors are not.
static const char *find(int32_t key) {
    const char *text = texts;

    for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
        if (keys[i].number == key || keys[i].error == key) {
            return text;
        }
        text += strlen(text) + 1;
    }
    return unknown;
}

const char *iperf3_server_error_text(int32_t number) {
    return number > 0 ? find(number) : unknown;
}

const char *iperf3_strerror(enum iperf3_error error) {
    return find(error);
}
