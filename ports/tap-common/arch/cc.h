// cc.h - the compiler and C library, as lwIP sees them
// SPDX-License-Identifier: MIT

#ifndef ARCH_CC_H
#define ARCH_CC_H

#include <stdio.h>
#include <sys/time.h>

#include "lwip_host.h"

#define LWIP_TIMEVAL_PRIVATE 0
#define LWIP_RAND() lwip_host_random()

#define LWIP_PLATFORM_DIAG(x) do { printf x; } while (0)
#define LWIP_PLATFORM_ASSERT(message) lwip_host_fatal(message, __FILE__, __LINE__)

#endif // ARCH_CC_H
