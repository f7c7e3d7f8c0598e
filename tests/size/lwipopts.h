// lwipopts.h - lwIP as a small board has it, to measure the engine's size with
// SPDX-License-Identifier: MIT

#ifndef SIZE_LWIPOPTS_H
#define SIZE_LWIPOPTS_H

#define NO_SYS 1
#define SYS_LIGHTWEIGHT_PROT 0
#define LWIP_NETCONN 0
#define LWIP_SOCKET 0
#define LWIP_IPV4 1
#define LWIP_IPV6 0
#define MEM_ALIGNMENT 4
#define LWIP_STATS 0

#endif // SIZE_LWIPOPTS_H
