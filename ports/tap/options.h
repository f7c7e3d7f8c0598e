// options.h - the command line
// SPDX-License-Identifier: MIT
//
// iperf3's letters, names and suffixes: K, M, G and T are powers of 1000 in rates and
// of 1024 in sizes.

#ifndef OPTIONS_H
#define OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#define OPTIONS_MAX_ADDRESSES 8
#define OPTIONS_NOT_GIVEN UINT64_MAX

struct options_list {
    const char *items[OPTIONS_MAX_ADDRESSES];
    size_t count;
};

// RATE/COUNT
struct options_rate {
    uint64_t bits_per_s;
    uint64_t count;
};

// As given; what is not is 0, NULL, its default or OPTIONS_NOT_GIVEN.
struct options {
    // where iperf3 has the kernel's network
    const char *tap;
    struct options_list addresses; // IP/LEN
    const char *gateway;

    // both roles
    bool server;
    const char *host; // client
    uint64_t port;
    bool only_ipv4;
    bool only_ipv6;
    const char *bind;
    bool json;
    uint64_t interval_ms;
    uint64_t receive_timeout_ms; // OPTIONS_NOT_GIVEN

    // server
    bool one_off;
    uint64_t idle_timeout_s;
    uint64_t max_duration_s;
    struct options_rate limit; // and the seconds that it is the mean of

    // client
    uint64_t connect_timeout_ms; // 0: the engine's default
    uint64_t local_port;
    bool udp;
    bool reverse;
    bool bidir;
    uint64_t parallel;
    uint64_t duration_s;       // OPTIONS_NOT_GIVEN
    uint64_t bytes;
    uint64_t blocks;
    uint64_t omit_s;
    uint64_t length;
    struct options_rate rate;  // OPTIONS_NOT_GIVEN; and the blocks of a burst
    uint64_t mss;
    uint64_t tos;
    uint64_t window;
    bool no_delay;
    bool udp_counters_64bit;
    bool repeating_payload;
    bool dont_fragment;
    bool get_server_output;
    const char *title;
    const char *extra_data;

    // one was given that only a client or a server has
    bool client_only;
    bool server_only;
    bool wants_help;
    bool wants_version;
};

// Reads the command line, as far as options can be judged one by one. False: something
// is wrong, and has been said on stderr.
bool options_read(struct options *options, int count, char *words[]);

// What does not go together; NULL: nothing. Otherwise iperf3's words where it has them.
const char *options_conflict(const struct options *options);

// As iperf3 says it, on stderr.
void options_complain(const char *fault);

void options_help(FILE *file);

#endif // OPTIONS_H
