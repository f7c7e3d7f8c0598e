// lwipopts.h - lwIP for MicroPython's unix port
// SPDX-License-Identifier: MIT
//
// Sized so that neither pools nor windows limit a test with 128 streams in both
// directions: what is measured here is the code, not the memory of a board.

#ifndef LWIPOPTS_H
#define LWIPOPTS_H

#include <stdint.h>

#define LWIP_NETIF_EXT_STATUS_CALLBACK 1
#define LWIP_NETIF_STATUS_CALLBACK 1

#define LWIP_IPV4 1
#define LWIP_IPV6 1
#define IPV6_FRAG_COPYHEADER 1 // pointers are wider than the header field it would use

uint32_t lwip_port_random(void);
#define LWIP_RAND() lwip_port_random()

#define TCP_MSS 1460
#define TCP_WND (44 * TCP_MSS)
#define TCP_SND_BUF TCP_WND
#define TCP_SND_QUEUELEN (4 * (TCP_SND_BUF / TCP_MSS))
#define MEM_SIZE (16 * 1024 * 1024)
#define MEMP_NUM_TCP_PCB 300
#define MEMP_NUM_TCP_SEG 16384
#define MEMP_NUM_PBUF 16384 // payload that is sent without copying
#define PBUF_POOL_SIZE 4096

#include "extmod/lwip-include/lwipopts_common.h"

#undef MEM_ALIGNMENT
#define MEM_ALIGNMENT 8

#undef MEMP_NUM_UDP_PCB
#define MEMP_NUM_UDP_PCB 300

// retransmissions for the reports, pools for network.TAP.lwip_used()
#undef LWIP_STATS
#define LWIP_STATS 1
#define LWIP_STATS_LARGE 1
#define MIB2_STATS 1
#define MEM_STATS 1
#define MEMP_STATS 1

// A call without the lock does no harm here, but it would on a board.
void lwip_port_check_lock(const char *function, int line);
#define LWIP_ASSERT_CORE_LOCKED() lwip_port_check_lock(__func__, __LINE__)

#endif // LWIPOPTS_H
