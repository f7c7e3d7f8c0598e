// cc.h - the compiler and the board, as lwIP sees them
// SPDX-License-Identifier: MIT

#ifndef ARCH_CC_H
#define ARCH_CC_H

#include "board.h"

#define LWIP_NO_CTYPE_H 1
#define LWIP_TIMEVAL_PRIVATE 0

#define LWIP_PLATFORM_DIAG(x)
#define LWIP_PLATFORM_ASSERT(message) board_fail(message, __FILE__, __LINE__)

#endif // ARCH_CC_H
