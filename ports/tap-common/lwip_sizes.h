// lwip_sizes.h - the sizes of lwIP's windows and pools, for lwipopts.h
// SPDX-License-Identifier: MIT
//
// So that neither limits a test with 128 streams in both directions: what is
// measured here is the code, not the memory of a board.

#ifndef LWIP_SIZES_H
#define LWIP_SIZES_H

#define TCP_MSS 1460
#define TCP_WND (44 * TCP_MSS)
#define TCP_SND_BUF TCP_WND
#define TCP_SND_QUEUELEN (4 * (TCP_SND_BUF / TCP_MSS))
#define MEM_SIZE (16 * 1024 * 1024)
#define MEMP_NUM_TCP_PCB 300
#define MEMP_NUM_TCP_SEG 16384
#define MEMP_NUM_PBUF 16384 // payload that is sent without copying
#define PBUF_POOL_SIZE 4096

// pointers are wider than the header field it would use
#define IPV6_FRAG_COPYHEADER 1

#endif // LWIP_SIZES_H
