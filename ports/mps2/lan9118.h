// lan9118.h - the LAN9118 Ethernet controller as an interface of lwIP
// SPDX-License-Identifier: MIT
//
// But for lan9118_on_interrupt() all of it is for where lwIP may be called. Frames
// are counted in lwip_stats.link, if lwIP keeps statistics.

#ifndef LAN9118_H
#define LAN9118_H

#include <stdbool.h>

#include "lwip/netif.h"

// For netif_add(), with ethernet_input(): starts the controller. ERR_IF if there
// is none.
err_t lan9118_init(struct netif *netif);

// After netif_remove(): silence.
void lan9118_stop(void);

// The controller's interrupt: it asks no more until lan9118_receive().
void lan9118_on_interrupt(void);

// Hands waiting frames to lwIP, so many at the most. Returns whether those were all:
// then the controller interrupts again when the next one comes.
bool lan9118_receive(struct netif *netif, unsigned most);

// Whether there is a cable.
bool lan9118_has_link(void);

// Tells lwIP whether there is one; to be called now and then.
void lan9118_check_link(struct netif *netif);

#endif // LAN9118_H
