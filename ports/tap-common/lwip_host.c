// lwip_host.c - what lwIP asks of Linux: a clock, random numbers, an end
// SPDX-License-Identifier: MIT

#include "lwip_host.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/random.h>
#include <time.h>

#include "lwip/sys.h"

uint64_t lwip_host_us(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000 + (uint64_t)now.tv_nsec / 1000;
}

u32_t sys_now(void) {
    return (u32_t)(lwip_host_us() / 1000);
}

uint32_t lwip_host_random(void) {
    uint32_t value;
    if (getrandom(&value, sizeof(value), 0) != sizeof(value)) {
        lwip_host_fatal("no random numbers", __FILE__, __LINE__);
    }
    return value;
}

void lwip_host_fatal(const char *message, const char *where, int line) {
    fprintf(stderr, "lwIP: %s (%s:%d)\n", message, where, line);
    abort();
}
