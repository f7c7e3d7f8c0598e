// lwipopts.h - lwIP for MicroPython's unix port
// SPDX-License-Identifier: MIT

#ifndef LWIPOPTS_H
#define LWIPOPTS_H

#include <stdint.h>

#include "lwip_sizes.h"

#define LWIP_NETIF_EXT_STATUS_CALLBACK 1
#define LWIP_NETIF_STATUS_CALLBACK 1

#define LWIP_IPV4 1
#define LWIP_IPV6 1

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
