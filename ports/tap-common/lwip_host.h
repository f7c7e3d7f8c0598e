// lwip_host.h - what lwIP asks of Linux: a clock (sys_now()), random numbers, an end
// SPDX-License-Identifier: MIT

#ifndef LWIP_HOST_H
#define LWIP_HOST_H

#include <stdint.h>

// Microseconds, since some time in the past.
uint64_t lwip_host_us(void);

uint32_t lwip_host_random(void);

// Says what is wrong, and where, and aborts.
void lwip_host_fatal(const char *message, const char *where, int line);

#endif // LWIP_HOST_H
