// lwipopts.h - lwIP in the main loop, for a server with eight streams
// SPDX-License-Identifier: MIT
//
// docs/PORTING.md says what each is for. A window of 6 segments is what the receive
// FIFO of the LAN9118 holds.

#ifndef LWIPOPTS_H
#define LWIPOPTS_H

#include "board.h"

#define NO_SYS 1
#define SYS_LIGHTWEIGHT_PROT 0 // nothing but the main loop uses lwIP
#define LWIP_NETCONN 0
#define LWIP_SOCKET 0
#define LWIP_RAND() board_random()

#define LWIP_DHCP 1
#define LWIP_DHCP_DOES_ACD_CHECK 0 // it takes 8 seconds
#define LWIP_NETIF_STATUS_CALLBACK 1
#define MEMP_NUM_SYS_TIMEOUT (LWIP_NUM_SYS_TIMEOUT_INTERNAL + 1) // the cable

#define TCP_MSS 1460
#define TCP_WND (6 * TCP_MSS)
#define TCP_SND_BUF (8 * TCP_MSS)
#define MEMP_NUM_TCP_SEG 64
#define MEMP_NUM_PBUF 64
#define MEMP_NUM_TCP_PCB 13 // control, eight streams and guests
#define MEM_ALIGNMENT 4
#define MEM_SIZE 16000
#define PBUF_POOL_SIZE 32
#define SO_REUSE 1

#endif // LWIPOPTS_H
