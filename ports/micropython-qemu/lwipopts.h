// lwipopts.h - lwIP for MicroPython's qemu port
// SPDX-License-Identifier: MIT
//
// What boards have that MicroPython supports, where it is built for speed: the
// larger of the sizes that lwipopts_common.h offers. A window of 6 segments is what
// the receive FIFO of the LAN9118 holds.

#ifndef LWIPOPTS_H
#define LWIPOPTS_H

#include "board.h"

#define LWIP_NETIF_EXT_STATUS_CALLBACK 1
#define LWIP_IPV6 0
#define LWIP_RAND() board_random()

#define MEM_SIZE 16000
#define TCP_MSS 1460
#define TCP_WND (6 * TCP_MSS)
#define TCP_SND_BUF (8 * TCP_MSS)
#define MEMP_NUM_TCP_SEG 32

#include "extmod/lwip-include/lwipopts_common.h"

// for network.LAN.lwip_used()
#undef LWIP_STATS
#define LWIP_STATS 1

// Boards would fail now and then. These fail at once.
#define LWIP_ASSERT_CORE_LOCKED() \
    do { \
        if (!board_is_locked()) { \
            board_fail("lwIP is called without its lock", __func__, __LINE__); \
        } \
    } while (0)

#endif // LWIPOPTS_H
