// arch/cc.h - what lwIP needs to know of the host
// SPDX-License-Identifier: MIT

#ifndef LOOP_ARCH_CC_H
#define LOOP_ARCH_CC_H

#include <stdint.h>

void loop_assert_failed(const char *message, const char *file, int line);
uint32_t loop_random(void);

#define LWIP_PLATFORM_DIAG(x)
#define LWIP_PLATFORM_ASSERT(message) loop_assert_failed(message, __FILE__, __LINE__)
#define LWIP_RAND() loop_random()

#endif // LOOP_ARCH_CC_H
