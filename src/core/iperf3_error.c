// iperf3_error.c - texts for what can go wrong
// SPDX-License-Identifier: MIT
//
// They are those of iperf3 3.12 where it has the error. Where it adds the text
// of an errno there is none to be had here, so that the ": " goes too.

#include <stddef.h>

#include "iperf3_test.h"

// Left out are those of options that we never ask a server for and never refuse,
// such as the flow label (127).
static const struct {
    uint8_t number;
    const char *text;
} server_errors[] = {
    { 5, "test duration too long (maximum = 86400 seconds)" },
    { 6, "number of parallel streams too large (maximum = 128)" },
    { 7, "block size too large (maximum = 1048576 bytes)" },
    { 8, "socket buffer size too large (maximum = 536870912 bytes)" },
    { 10, "TCP MSS too large (maximum = 9216 bytes)" },
    { 12, "bogus value for --omit" },
    { 13, "an option you are trying to set is not implemented yet" },
    { 15, "invalid burst count (maximum = 1000)" },
    { 20, "block size invalid (minimum = 16 bytes, maximum = 65507 bytes)" },
    { 21, "bad TOS value (must be between 0 and 255 inclusive)" },
    { 27, "total required bandwidth is larger than server limit" },
    { 34, "cannot transfer file using UDP" }, // later than 3.12
    { 37, "test duration above the server's maximum" }, // since 3.20, our words
    { 106, "unable to receive cookie at server" },
    { 110, "received an unknown control message" },
    { 114, "unable to receive parameters from client" },
    { 116, "unable to send results" },
    { 117, "unable to receive results" },
    { 119, "the client has terminated" },
    { 120, "the server has terminated" },
    { 121, "the server is busy running a test. try again later" },
    { 123, "unable to set TCP/SCTP MSS" },
    { 131, "protocol does not exist" },
    { 132, "unable to set CPU affinity" },
    { 134, "unable to set TCP_CONGESTION: Supplied congestion control algorithm not supported on this"
      " host" },
    { 140, "unable to set socket pacing" },
    { 141, "socket buffer size not set correctly" },
    { 142, "test authorization failed" },
    { 144, "idle timeout for receiving data" },
    { 145, "unable to set IP Do-Not-Fragment flag" },
    { 160, "test duration limit of the server reached" }, // since 3.21, our words
    { 200, "unable to create a new stream" },
    { 201, "unable to initialize stream" },
    { 202, "unable to start stream listener" },
    { 203, "unable to connect stream" },
    { 204, "unable to accept stream connection" },
    { 205, "unable to write to stream socket" },
    { 206, "unable to read from stream socket" },
    { 207, "stream socket has closed unexpectedly" },
    { 208, "stream has an invalid id" },
};

const char *iperf3_server_error_text(int32_t number) {
    for (size_t i = 0; i < sizeof(server_errors) / sizeof(server_errors[0]); i++) {
        if (server_errors[i].number == number) {
            return server_errors[i].text;
        }
    }
    return "unknown error";
}

const char *iperf3_strerror(enum iperf3_error error) {
    switch (error) {
        case IPERF3_OK:
            return "no error";
        case IPERF3_ERR_ARGUMENT:
            return "configuration out of range";
        case IPERF3_ERR_MEMORY:
            return "session memory too small";
        case IPERF3_ERR_STATE:
            return "session already runs";
        case IPERF3_ERR_STOPPED:
            return "interrupted";
        case IPERF3_ERR_REFUSED:
            return "unable to connect to server: Connection refused";
        case IPERF3_ERR_UNREACHABLE:
            return "unable to connect to server: Connection timed out";
        case IPERF3_ERR_CLOSED:
            return "control socket has closed unexpectedly";
        case IPERF3_ERR_TIMEOUT:
            return "idle timeout for receiving data";
        case IPERF3_ERR_STREAM:
            return "stream socket has closed unexpectedly";
        case IPERF3_ERR_ADDRESS_IN_USE:
            return "unable to start listener for connections: Address already in use";
        case IPERF3_ERR_NO_MEMORY:
            return "out of memory";
        case IPERF3_ERR_IDLE:
            return "no client came within the idle timeout";
        case IPERF3_ERR_PROTOCOL:
            return "received an unknown control message";
        case IPERF3_ERR_PARAMETERS:
            return "unable to receive parameters from client";
        case IPERF3_ERR_RESULTS:
            return "unable to receive results";
        case IPERF3_ERR_UNWILLING:
            return "an option you are trying to set is not implemented yet";
        case IPERF3_ERR_BUSY:
            return "the server is busy running a test. try again later";
        case IPERF3_ERR_SERVER_TERMINATED:
            return "the server has terminated";
        case IPERF3_ERR_CLIENT_TERMINATED:
            return "the client has terminated";
        case IPERF3_ERR_SERVER_ERROR:
            return "server error";
    }
    return "unknown error";
}
