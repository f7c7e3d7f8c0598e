// lwipopts.h - lwIP as the loop tests run it: one stack, one thread, virtual time
// SPDX-License-Identifier: MIT

#ifndef LOOP_LWIPOPTS_H
#define LOOP_LWIPOPTS_H

#define NO_SYS 1
#define SYS_LIGHTWEIGHT_PROT 0
#define LWIP_NETCONN 0
#define LWIP_SOCKET 0
#define LWIP_IPV4 1
#define LWIP_IPV6 1
#define LWIP_ARP 0
#define LWIP_ETHERNET 0
#define LWIP_IPV6_MLD 0
#define LWIP_IPV6_SEND_ROUTER_SOLICIT 0
#define LWIP_RAW 0

#include <stddef.h>

// Every pcb, pbuf and segment a block of its own: ASan sees each misuse, and
// loop.c counts them.
#define MEM_CUSTOM_ALLOCATOR 1
#ifndef LOOP_POOLS
#define MEMP_MEM_MALLOC 1
#else // as boards have it: as many buffers of each kind, for both ends
#define MEMP_NUM_PBUF LOOP_POOLS // 16 unless set
#define MEMP_NUM_TCP_SEG 64
#define MEMP_NUM_TCP_PCB 50
#endif
void *loop_malloc(size_t size);
void *loop_calloc(size_t count, size_t size);
void loop_free(void *memory);
#define MEM_CUSTOM_MALLOC loop_malloc
#define MEM_CUSTOM_CALLOC loop_calloc
#define MEM_CUSTOM_FREE loop_free
#define MEM_ALIGNMENT 8
#define IPV6_FRAG_COPYHEADER 1

#define TCP_MSS 1460
#define TCP_WND (8 * TCP_MSS)
#define TCP_SND_BUF (8 * TCP_MSS)
#define TCP_LISTEN_BACKLOG 1
#define SO_REUSE 1

#define LWIP_ASSERT_CORE_LOCKED()

#endif // LOOP_LWIPOPTS_H
