// lwipopts.h - lwIP for a Linux program with everything in its main loop
// SPDX-License-Identifier: MIT

#ifndef LWIPOPTS_H
#define LWIPOPTS_H

#include "lwip_sizes.h"

#define NO_SYS 1
#define SYS_LIGHTWEIGHT_PROT 0 // nothing but the main loop uses lwIP
#define LWIP_NETCONN 0
#define LWIP_SOCKET 0
#define LWIP_DONT_PROVIDE_BYTEORDER_FUNCTIONS // the C library has them

#define LWIP_IPV4 1
#define LWIP_IPV6 1
#define LWIP_IPV6_NUM_ADDRESSES 8 // the link-local one, and those that are given

#define MEM_ALIGNMENT 8
#define MEMP_NUM_UDP_PCB 300
#define TCP_LISTEN_BACKLOG 1
#define SO_REUSE 1

#ifdef __SANITIZE_ADDRESS__
// Every pcb and pbuf a block of its own that AddressSanitizer watches.
#define MEMP_MEM_MALLOC 1
#define MEM_LIBC_MALLOC 1
#endif

#endif // LWIPOPTS_H
