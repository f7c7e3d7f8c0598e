// mpconfigvariant.h - MicroPython's unix port with lwIP on a TAP device
// SPDX-License-Identifier: MIT

#define MICROPY_CONFIG_ROM_LEVEL (MICROPY_CONFIG_ROM_LEVEL_EXTRA_FEATURES)
#include "ports/unix/variants/mpconfigvariant_common.h"

// The unix port raises KeyboardInterrupt by a longjmp out of the signal
// handler, which may be in the midst of lwIP. Schedule it, as boards do.
#undef MICROPY_ASYNC_KBD_INTR
#define MICROPY_ASYNC_KBD_INTR (0)

// The posix poll() sleeps 1 ms before it looks at a lwIP socket.
#undef MICROPY_PY_SELECT_POSIX_OPTIMISATIONS
#define MICROPY_PY_SELECT_POSIX_OPTIMISATIONS (0)

// The unix port's time.sleep() is a select() that services nothing; without it
// extmod/modtime.c sleeps by mp_hal_delay_ms(), which runs the event hook.
#undef MICROPY_PY_TIME_CUSTOM_SLEEP
#undef MICROPY_PY_TIME_INCLUDEFILE
#define MICROPY_PY_TIME_INCLUDEFILE "modtime_tap.c.inc"

#define MICROPY_PY_NETWORK (1)
#define MICROPY_PY_NETWORK_HOSTNAME_DEFAULT "mpy-tap"
#define MICROPY_PY_NETWORK_INCLUDEFILE "network_tap.h"
#define MICROPY_PY_NETWORK_MODULE_GLOBALS_INCLUDEFILE "network_tap_globals.h"

#define MICROPY_PORT_INIT_FUNC lwip_port_init()
#define MICROPY_PORT_DEINIT_FUNC lwip_port_deinit()
#define MICROPY_MPHALPORT_H "mphalport_tap.h"
#include "lwip_port.h"

// Boards service lwIP in an interrupt; here it is done while bytecode runs (at
// every 64th jump or return, for it costs a system call) and while anything waits.
#define MICROPY_VM_HOOK_INIT static unsigned int lwip_countdown = 64;
#define MICROPY_VM_HOOK_POLL \
    if (--lwip_countdown == 0) { \
        lwip_countdown = 64; \
        lwip_port_poll(); \
    }
#define MICROPY_VM_HOOK_LOOP MICROPY_VM_HOOK_POLL
#define MICROPY_VM_HOOK_RETURN MICROPY_VM_HOOK_POLL

// Nothing interrupts, so the lock only keeps count: for lwip_port_poll(), and
// for lwIP's own check that it is held.
#define MICROPY_PY_LWIP_ENTER ++lwip_port_lock_depth;
#define MICROPY_PY_LWIP_REENTER ++lwip_port_lock_depth;
#define MICROPY_PY_LWIP_EXIT --lwip_port_lock_depth;
