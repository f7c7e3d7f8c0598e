// upstream_locks.h - mends modlwip.c and network_lwip.c, which include it first
// SPDX-License-Identifier: MIT
//
// 1. They call some functions of lwIP without its lock, which our builds that
//    check the lock would not survive. It is taken here.
// 2. modlwip closes a listening socket by tcp_err(pcb, NULL) and tcp_recv(pcb,
//    NULL), which write behind the end of the smaller struct tcp_pcb_listen.

#include "py/mpconfig.h"
#include "lwip/dhcp.h"
#include "lwip/igmp.h"
#include "lwip/nd6.h"
#include "lwip/netif.h"
#include "lwip/raw.h"
#include "lwip/tcp.h"
#include "lwip/udp.h"

#define LOCKED(call) \
    ({ \
        MICROPY_PY_LWIP_ENTER \
        __auto_type result = call; \
        MICROPY_PY_LWIP_EXIT \
        result; \
    })

#define LOCKED_VOID(call) \
    do { MICROPY_PY_LWIP_ENTER call; MICROPY_PY_LWIP_EXIT } while (0)

// A macro's own name is not expanded again: these call the functions.
#define tcp_new() LOCKED(tcp_new())
#define tcp_arg(pcb, arg) LOCKED_VOID(tcp_arg(pcb, arg))
#define tcp_bind(...) LOCKED(tcp_bind(__VA_ARGS__))
#define tcp_listen_with_backlog_and_err(...) LOCKED(tcp_listen_with_backlog_and_err(__VA_ARGS__))
#define tcp_accept(pcb, fn) LOCKED_VOID(tcp_accept(pcb, fn))
#define tcp_err(pcb, fn) LOCKED_VOID(if ((pcb)->state != LISTEN) tcp_err(pcb, fn))
#define tcp_recv(pcb, fn) LOCKED_VOID(if ((pcb)->state != LISTEN) tcp_recv(pcb, fn))
#define udp_new() LOCKED(udp_new())
#define udp_bind(...) LOCKED(udp_bind(__VA_ARGS__))
#define udp_connect(...) LOCKED(udp_connect(__VA_ARGS__))
#define udp_recv(pcb, fn, arg) LOCKED_VOID(udp_recv(pcb, fn, arg))
#define raw_new(protocol) LOCKED(raw_new(protocol))
#define raw_bind(...) LOCKED(raw_bind(__VA_ARGS__))
#define raw_connect(...) LOCKED(raw_connect(__VA_ARGS__))
#define raw_recv(pcb, fn, arg) LOCKED_VOID(raw_recv(pcb, fn, arg))
#define igmp_joingroup(...) LOCKED(igmp_joingroup(__VA_ARGS__))
#define igmp_leavegroup(...) LOCKED(igmp_leavegroup(__VA_ARGS__))
#define dhcp_start(netif) LOCKED(dhcp_start(netif))
#define dhcp_renew(netif) LOCKED(dhcp_renew(netif))
#define dhcp_stop(netif) LOCKED_VOID(dhcp_stop(netif))
#define dhcp_release(netif) LOCKED(dhcp_release(netif))
#define dhcp_release_and_stop(netif) LOCKED_VOID(dhcp_release_and_stop(netif))
#define netif_set_addr(...) LOCKED_VOID(netif_set_addr(__VA_ARGS__))
#define netif_set_ipaddr(...) LOCKED_VOID(netif_set_ipaddr(__VA_ARGS__))
#define netif_set_netmask(...) LOCKED_VOID(netif_set_netmask(__VA_ARGS__))
#define netif_set_gw(...) LOCKED_VOID(netif_set_gw(__VA_ARGS__))
#define netif_add_ip6_address(...) LOCKED(netif_add_ip6_address(__VA_ARGS__))
#define netif_ip6_addr_set_state(...) LOCKED_VOID(netif_ip6_addr_set_state(__VA_ARGS__))
#define nd6_restart_netif(netif) LOCKED_VOID(nd6_restart_netif(netif))
