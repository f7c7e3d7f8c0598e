// tap_netif.h - a Linux TAP device as an Ethernet interface of lwIP
// SPDX-License-Identifier: MIT

#ifndef TAP_NETIF_H
#define TAP_NETIF_H

#include <stdint.h>

#include "lwip/netif.h"

struct tap_netif {
    struct netif netif;
    int fd; // -1: not open
    char name[16];
    uint32_t received;
    uint32_t sent;
    uint32_t receive_drops; // frames for which there was no pbuf
    uint32_t send_errors;   // frames that the kernel did not take
};

// Opens the device, which is made if it does not exist and the caller may do
// that, and brings the interface up without an address. Returns 0 or an errno.
int tap_netif_open(struct tap_netif *tap, const char *name);

void tap_netif_close(struct tap_netif *tap);

// Hands waiting frames to lwIP, a limited number of them. Returns how many.
unsigned tap_netif_receive(struct tap_netif *tap);

#endif // TAP_NETIF_H
