// mphalport_qemu.h - interrupts and waiting, as MicroPython sees them
// SPDX-License-Identifier: MIT

#include "board.h"
#include "ports/qemu/mphalport.h"

#define MICROPY_BEGIN_ATOMIC_SECTION() board_disable_interrupts()
#define MICROPY_END_ATOMIC_SECTION(state) board_enable_interrupts(state)

// Until a device or the tick interrupts; lwIP has run when it goes on.
void network_lan_wait(void);
#define MICROPY_INTERNAL_WFE(timeout_ms) network_lan_wait()

// lwIP runs in PendSV.
#define MICROPY_PY_LWIP_ENTER uint32_t lwip_state = board_lock();
#define MICROPY_PY_LWIP_REENTER lwip_state = board_lock();
#define MICROPY_PY_LWIP_EXIT board_unlock(lwip_state);
