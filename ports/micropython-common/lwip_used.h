// lwip_used.h - what is taken of lwIP's pools and heap
// SPDX-License-Identifier: MIT

#ifndef LWIP_USED_H
#define LWIP_USED_H

#include "py/obj.h"

// For network interfaces, as a method without arguments:
//
//     nic.lwip_used() -> dict
//
// Items of pools and bytes of the heap, for tests that nothing is left behind.
extern const mp_obj_fun_builtin_fixed_t lwip_used_obj;

#endif // LWIP_USED_H
