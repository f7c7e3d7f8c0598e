// network_tap.h - network.TAP, the Python side of a TAP device
// SPDX-License-Identifier: MIT

#ifndef NETWORK_TAP_H
#define NETWORK_TAP_H

#include "py/obj.h"
#include "tap_netif.h"

extern struct tap_netif network_tap; // the only one
extern const mp_obj_type_t network_tap_type;

#endif // NETWORK_TAP_H
