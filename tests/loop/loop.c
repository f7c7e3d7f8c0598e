// loop.c - see loop.h
// SPDX-License-Identifier: MIT

#include "loop.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lwip/init.h"
#include "lwip/priv/tcp_priv.h"
#include "lwip/sys.h"
#include "lwip/timeouts.h"
#include "wire.h"

#define MAX_ENDS 4

// More steps than any run needs, unless a session keeps asking for no rest.
#define MAX_STEPS 1000000

// TIME_WAIT lasts two minutes; connections whose peer is gone are given up
// after some more.
#define FORGET_US (1200ull * 1000000)

uint64_t loop_now_us = 0xffffffffull - 1500000; // the 32-bit clock wraps in the first test

static struct end *ends[MAX_ENDS];
static uint32_t random_state;
static long blocks;          // that lwIP has allocated and not freed
static long blocks_at_rest;
static unsigned fail_in;
static bool fail_all;

/// What lwIP asks of its host ///

u32_t sys_now(void) {
    return (u32_t)(loop_now_us / 1000);
}

void loop_assert_failed(const char *message, const char *file, int line) {
    fprintf(stderr, "%s:%d: lwIP asserts: %s\n", file, line, message);
    abort();
}

// Timers are never refused: lwIP asserts that it has memory for them.
static bool allocation_fails(size_t size) {
    if (size == LWIP_MEM_ALIGN_SIZE(sizeof(struct sys_timeo))) {
        return false;
    }
    return fail_all || (fail_in > 0 && --fail_in == 0);
}

void *loop_malloc(size_t size) {
    if (allocation_fails(size)) {
        return NULL;
    }
    blocks++;
    return malloc(size);
}

void *loop_calloc(size_t count, size_t size) {
    void *memory = loop_malloc(count * size);

    return memory == NULL ? NULL : memset(memory, 0, count * size);
}

void loop_free(void *memory) {
    blocks -= memory != NULL;
    free(memory);
}

void loop_fail_allocation(unsigned n) {
    fail_in = n;
}

void loop_fail_allocations(bool all) {
    fail_all = all;
}

void loop_seed(uint32_t seed) {
    random_state = seed;
}

uint32_t loop_random(void) {
    random_state = random_state * 1664525u + 1013904223u;
    return random_state >> 8;
}

/// Sessions ///

static uint32_t now_us(void) {
    return (uint32_t)loop_now_us;
}

struct iperf3_config loop_config(void) {
    struct iperf3_config config = iperf3_default_config;

    config.now_us = now_us;
    config.random = loop_random;
    config.payload_size = 16384;
    config.max_streams = 8;
    config.test.length = 16384;
    config.test.duration_s = 2;
    return config;
}

void loop_open(struct end *end, const struct iperf3_config *config) {
    size_t size = iperf3_memory_size(config->max_streams);
    struct iperf3_config own = *config;

    memset(end, 0, sizeof(*end));
    end->memory = malloc(size);
    end->payload = calloc(1, config->payload_size);
    own.payload = end->payload;
    if (iperf3_init(&end->session, end->memory, size, &own) != IPERF3_OK) {
        abort();
    }
    for (unsigned i = 0; i < MAX_ENDS; i++) {
        if (ends[i] == NULL) {
            ends[i] = end;
            return;
        }
    }
    abort();
}

void loop_close(struct end *end) {
    iperf3_stop(end->session);
    free(end->memory); // whatever still refers to it is caught by ASan
    free(end->payload);
    for (unsigned i = 0; i < MAX_ENDS; i++) {
        if (ends[i] == end) {
            ends[i] = NULL;
        }
    }
}

const ip_addr_t *loop_address(bool ip6) {
    static ip_addr_t address;

    ipaddr_aton(ip6 ? "fd00::1" : "10.0.0.1", &address);
    return &address;
}

uint64_t end_bytes(const struct end *end, bool sender) {
    uint64_t bytes = 0;

    for (unsigned i = 0; i < end->last.stream_count; i++) {
        bytes += end->streams[i].sender == sender ? end->streams[i].counts.bytes : 0;
    }
    return bytes;
}

static void keep(struct end *end, const struct iperf3_report *report) {
    end->reports[report->type]++;
    for (unsigned i = 0; report->type == IPERF3_INTERVAL && i < report->stream_count; i++) {
        uint64_t bytes = report->streams[i].counts.bytes;

        end->interval_bytes += report->omitted ? 0 : bytes;
        end->omitted_interval_bytes += report->omitted ? bytes : 0;
    }
    if (report->type == IPERF3_FINISHED || report->type == IPERF3_FAILED) {
        end->last = *report;
        memcpy(end->streams, report->streams, report->stream_count * sizeof(end->streams[0]));
    }
}

static uint64_t poll_ends(void) {
    uint64_t wait = WIRE_FOREVER;

    for (unsigned i = 0; i < MAX_ENDS; i++) {
        const struct iperf3_report *report;

        if (ends[i] == NULL) {
            continue;
        }
        while ((report = iperf3_poll(ends[i]->session)) != NULL) {
            keep(ends[i], report);
        }
        if (iperf3_running(ends[i]->session)) {
            wait = LWIP_MIN(wait, iperf3_wait_us(ends[i]->session));
        }
    }
    return wait == WIRE_FOREVER ? wait : loop_now_us + wait;
}

static uint64_t next_timeout(void) {
    u32_t sleep = sys_timeouts_sleeptime();

    return sleep == SYS_TIMEOUTS_SLEEPTIME_INFINITE ? WIRE_FOREVER
                                                    : (loop_now_us / 1000 + sleep) * 1000;
}

static void fail_if(bool condition, const char *what) {
    if (condition) {
        fprintf(stderr, "loop: %s\n", what);
        abort();
    }
}

bool loop_run(uint64_t us, bool (*done)(void *context), void *context) {
    uint64_t end = loop_now_us + us;

    for (unsigned step = 0;; step++) {
        uint64_t next = poll_ends();

        fail_if(step == MAX_STEPS, "a session is busy with nothing");

        if (done != NULL && done(context)) {
            return true;
        }
        if (loop_now_us >= end) {
            return false;
        }
        next = LWIP_MIN(next, LWIP_MIN(wire_next(), next_timeout()));
        next = LWIP_MIN(next, end);
        loop_now_us = LWIP_MAX(next, loop_now_us + 1);
        wire_deliver(loop_now_us);
        sys_check_timeouts();
    }
}

/// A test ///

void loop_set_up(void) {
    static bool initialised;

    if (!initialised) {
        initialised = true;
        lwip_init();
        wire_init();
    }
    wire_reset(1);
    fail_in = 0;
    fail_all = false;
    blocks_at_rest = blocks;
}

void loop_tear_down(void) {
    for (unsigned i = 0; i < MAX_ENDS; i++) {
        if (ends[i] != NULL) {
            loop_close(ends[i]);
        }
    }
    wire.cut = false;
    loop_run(FORGET_US, NULL, NULL);
    fail_if(tcp_active_pcbs != NULL, "a connection is active");
    fail_if(tcp_tw_pcbs != NULL, "a connection is in TIME_WAIT");
    fail_if(tcp_bound_pcbs != NULL, "a pcb is bound");
    fail_if(tcp_listen_pcbs.pcbs != NULL, "somebody listens");
    fail_if(blocks != blocks_at_rest, "lwIP holds memory");
}
