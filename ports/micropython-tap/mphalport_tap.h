// mphalport_tap.h - the unix port's HAL, with waits that service lwIP
// SPDX-License-Identifier: MIT

#include "ports/unix/mphalport.h"

#undef MICROPY_INTERNAL_WFE
#define MICROPY_INTERNAL_WFE(timeout_ms) lwip_port_wait(timeout_ms)
#define MICROPY_INTERNAL_EVENT_HOOK lwip_port_poll()
