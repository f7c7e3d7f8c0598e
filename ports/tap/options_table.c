// options_table.c - every option: its names, what it takes, whose it is
// SPDX-License-Identifier: MIT

#include "options_table.h"

#include "iperf3_test.h"

#define AT(member) offsetof(struct options, member)
#define MOST (UINT64_C(1) << 62)

// iperf3's numbers for what is wrong or cannot be done
#define BAD_DURATION 5
#define BAD_PARALLEL 6
#define BAD_LENGTH 7
#define BAD_WINDOW 8
#define BAD_MSS 10
#define BAD_OMIT 12
#define NOT_IMPLEMENTED 13
#define BAD_BURST 15
#define BAD_TOS 21
#define NO_PROTOCOL 131
#define NO_AFFINITY 132
#define NO_CONGESTION 134
#define NO_PACING 140

// iperf3's words where its number does not travel
#define BAD_PORT "port number must be between 1 and 65535 inclusive"
#define BAD_INTERVAL "invalid report interval (min = 0.1, max = 60 seconds)"
#define BAD_RCV_TIMEOUT "receive timeout value is incorrect or not in range"
#define BAD_IDLE_TIMEOUT "idle timeout parameter is not positive or larger than allowed limit"

#define FLAG_ROW(letter, name, role, member, help) \
    { letter, name, NULL, role, FLAG, AT(member), 0, 0, 0, NULL, help }
#define TEXT_ROW(letter, name, argument, role, member, help) \
    { letter, name, argument, role, TEXT, AT(member), 0, 0, 0, NULL, help }
#define REFUSED_ROW(letter, name, argument, role, number) \
    { letter, name, argument, role, REFUSED, 0, 0, 0, number, NULL, NULL }
#define NOTHING_ROW(letter, name, argument, role) \
    { letter, name, argument, role, NOTHING, 0, 0, 0, 0, NULL, NULL }

// *FORMAT-OFF*
const struct option_row options_table[] = {
    TEXT_ROW(0, "tap", "NAME", PROGRAM, tap, "the TAP device"),
    { 0, "address", "IP/LEN", PROGRAM, LIST, AT(addresses), 0, 0, 0, NULL,
      "own address; again for others (one of IPv4)" },
    TEXT_ROW(0, "gateway", "IP", PROGRAM, gateway, "IPv4 router (those of IPv6 announce themselves)"),

    { 'p', "port", "#", BOTH, NUMBER, AT(port), 1, 65535, 0, BAD_PORT,
      "server port to listen on/connect to" },
    { 'i', "interval", "#", BOTH, SECONDS, AT(interval_ms), 100, 60000, 0, BAD_INTERVAL,
      "seconds between reports; 0: one, at the end" },
    TEXT_ROW('B', "bind", "IP", BOTH, bind, "use this one of the own addresses"),
    FLAG_ROW('4', "version4", BOTH, only_ipv4, "only use IPv4"),
    FLAG_ROW('6', "version6", BOTH, only_ipv6, "only use IPv6"),
    FLAG_ROW('J', "json", BOTH, json, "output in JSON"),
    { 0, "rcv-timeout", "#", BOTH, NUMBER, AT(receive_timeout_ms), 100, 86400000, 0, BAD_RCV_TIMEOUT,
      "idle timeout for receiving data (default 120000 ms)" },
    FLAG_ROW('v', "version", BOTH, wants_version, "show version information and quit"),
    FLAG_ROW('h', "help", BOTH, wants_help, "show this message and quit"),

    FLAG_ROW('s', "server", SERVER, server, "run as server"),
    FLAG_ROW('1', "one-off", SERVER, one_off, "serve one client, then exit"),
    { 0, "server-bitrate-limit", "#[KMG][/#]", SERVER, RATE, AT(limit), 1, 60, 0,
      "the mean of the bitrate limit must be of 1 to 60 seconds",
      "bits/sec of all streams, on the mean of # seconds (5)" },
    { 0, "server-max-duration", "#", SERVER, NUMBER, AT(max_duration_s), 1, IPERF3_MAX_DURATION_S,
      BAD_DURATION, NULL, "refuse longer tests" },
    { 0, "idle-timeout", "#", SERVER, NUMBER, AT(idle_timeout_s), 1, 86400, 0, BAD_IDLE_TIMEOUT,
      "with -1: exit when no client came for # seconds" },

    TEXT_ROW('c', "client", "HOST", CLIENT, host, "run as client, connecting to HOST"),
    FLAG_ROW('u', "udp", CLIENT, udp, "use UDP rather than TCP"),
    { 0, "connect-timeout", "#", CLIENT, NUMBER, AT(connect_timeout_ms), 1, 86400000, 0, NULL,
      "timeout for the control connection (default 10000 ms)" },
    { 'b', "bitrate", "#[KMG][/#]", CLIENT, RATE, AT(rate), 1, IPERF3_MAX_BURST, BAD_BURST, NULL,
      "bits/sec per stream, 0: unlimited (default 1 Mbit/sec for\nUDP, unlimited for TCP); blocks of a burst" },
    { 0, "bandwidth", "#[KMG][/#]", CLIENT, RATE, AT(rate), 1, IPERF3_MAX_BURST, BAD_BURST, NULL,
      "the same" },
    { 't', "time", "#", CLIENT, NUMBER, AT(duration_s), 0, IPERF3_MAX_DURATION_S, BAD_DURATION, NULL,
      "seconds to transmit for (default 10); 0: until Ctrl-C" },
    { 'n', "bytes", "#[KMG]", CLIENT, SIZE, AT(bytes), 0, MOST, 0, NULL,
      "bytes to transmit (instead of -t)" },
    { 'k', "blockcount", "#[KMG]", CLIENT, SIZE, AT(blocks), 0, MOST, 0, NULL,
      "blocks (packets) to transmit (instead of -t or -n)" },
    { 'l', "length", "#[KMG]", CLIENT, SIZE, AT(length), 0, IPERF3_MAX_TCP_LENGTH, BAD_LENGTH, NULL,
      "bytes of a block (default 128 KB for TCP, MSS for UDP)" },
    { 0, "cport", "#", CLIENT, NUMBER, AT(local_port), 1, 65535, 0, BAD_PORT,
      "own port of the first stream; the others count on" },
    { 'P', "parallel", "#", CLIENT, NUMBER, AT(parallel), 1, IPERF3_MAX_STREAMS, BAD_PARALLEL, NULL,
      "number of parallel streams" },
    FLAG_ROW('R', "reverse", CLIENT, reverse, "the server sends"),
    FLAG_ROW(0, "bidir", CLIENT, bidir, "both send"),
    { 'w', "window", "#[KMG]", CLIENT, SIZE, AT(window), 0, IPERF3_MAX_WINDOW, BAD_WINDOW, NULL,
      "socket buffer sizes, up to those of lwIP" },
    { 'M', "set-mss", "#", CLIENT, NUMBER, AT(mss), 0, IPERF3_MAX_MSS, BAD_MSS, NULL,
      "TCP maximum segment size" },
    FLAG_ROW('N', "no-delay", CLIENT, no_delay, "TCP without Nagle's algorithm"),
    { 'S', "tos", "N", CLIENT, ANY_BASE, AT(tos), 0, 255, BAD_TOS, NULL,
      "IP type of service: 52, 064 or 0x34" },
    { 'O', "omit", "N", CLIENT, NUMBER, AT(omit_s), 0, IPERF3_MAX_OMIT_S, BAD_OMIT, NULL,
      "leave the first N seconds out of the totals" },
    TEXT_ROW('T', "title", "STR", CLIENT, title, "prefix every output line with this"),
    TEXT_ROW(0, "extra-data", "STR", CLIENT, extra_data, "for the JSON of both sides"),
    FLAG_ROW(0, "get-server-output", CLIENT, get_server_output, "get results from server"),
    FLAG_ROW(0, "udp-counters-64bit", CLIENT, udp_counters_64bit, "64-bit counters in UDP test packets"),
    FLAG_ROW(0, "repeating-payload", CLIENT, repeating_payload, "digits over and over instead of noise"),
    FLAG_ROW(0, "dont-fragment", CLIENT, dont_fragment, "IPv4 UDP: refuse to fragment"),
    { 'C', "congestion", "ALGO", CLIENT, RENO, 0, 0, 0, NO_CONGESTION, NULL,
      "TCP congestion control; lwIP has reno" },

    NOTHING_ROW(0, "forceflush", NULL, BOTH),
    NOTHING_ROW(0, "pacing-timer", "#[KMG]", CLIENT),
    NOTHING_ROW(0, "no-fq-socket-pacing", NULL, CLIENT),
    NOTHING_ROW('Z', "zerocopy", NULL, CLIENT),
    NOTHING_ROW(0, "skip-rx-copy", NULL, CLIENT),
    NOTHING_ROW(0, "gsro", NULL, CLIENT),

    REFUSED_ROW(0, "sctp", NULL, CLIENT, NO_PROTOCOL),
    REFUSED_ROW('X', "xbind", "NAME", CLIENT, NO_PROTOCOL),
    REFUSED_ROW(0, "nstreams", "#", CLIENT, NO_PROTOCOL),
    REFUSED_ROW('m', "mptcp", NULL, BOTH, NOT_IMPLEMENTED),
    REFUSED_ROW('A', "affinity", "N", BOTH, NO_AFFINITY),
    REFUSED_ROW(0, "fq-rate", "#[KMG]", CLIENT, NO_PACING),
    REFUSED_ROW('L', "flowlabel", "N", CLIENT, NOT_IMPLEMENTED),
    REFUSED_ROW(0, "dscp", "N", CLIENT, NOT_IMPLEMENTED),
    REFUSED_ROW('F', "file", "NAME", BOTH, NOT_IMPLEMENTED),
    REFUSED_ROW('f', "format", "UNIT", BOTH, NOT_IMPLEMENTED),
    REFUSED_ROW('V', "verbose", NULL, BOTH, NOT_IMPLEMENTED),
    REFUSED_ROW('D', "daemon", NULL, SERVER, NOT_IMPLEMENTED),
    REFUSED_ROW('I', "pidfile", "NAME", BOTH, NOT_IMPLEMENTED),
    REFUSED_ROW('d', "debug", NULL, BOTH, NOT_IMPLEMENTED),
    REFUSED_ROW(0, "timestamps", NULL, BOTH, NOT_IMPLEMENTED),
    REFUSED_ROW(0, "logfile", "NAME", BOTH, NOT_IMPLEMENTED),
    REFUSED_ROW(0, "json-stream", NULL, BOTH, NOT_IMPLEMENTED),
    REFUSED_ROW(0, "snd-timeout", "#", BOTH, NOT_IMPLEMENTED),
    REFUSED_ROW(0, "bind-dev", "DEV", BOTH, NOT_IMPLEMENTED),
    REFUSED_ROW(0, "username", "NAME", CLIENT, NOT_IMPLEMENTED),
    REFUSED_ROW(0, "rsa-public-key-path", "NAME", CLIENT, NOT_IMPLEMENTED),
    REFUSED_ROW(0, "rsa-private-key-path", "NAME", SERVER, NOT_IMPLEMENTED),
    REFUSED_ROW(0, "authorized-users-path", "NAME", SERVER, NOT_IMPLEMENTED),
    REFUSED_ROW(0, "time-skew-threshold", "#", SERVER, NOT_IMPLEMENTED),
    { 0 },
};
// *FORMAT-ON*
