// mpconfigboard.h - MicroPython's qemu port with Ethernet and a file system
// SPDX-License-Identifier: MIT
//
// The port's own configuration, which is made for tests of the language, and what
// a board with a network has beside it.

#include "ports/qemu/mpconfigport.h"

#define MICROPY_KBD_EXCEPTION (1)
#define MICROPY_USE_INTERNAL_ERRNO (1) // the numbers are the same on all boards

#undef MICROPY_PY_SELECT
#define MICROPY_PY_SELECT (1)
#undef MICROPY_PY_TIME
#define MICROPY_PY_TIME (1)
#undef MICROPY_PY_ASYNCIO
#define MICROPY_PY_ASYNCIO (1) // its part in C; nothing is frozen

#define MICROPY_PY_LWIP_SOCK_RAW (1)
#define MICROPY_PY_NETWORK (1)
#define MICROPY_PY_NETWORK_HOSTNAME_DEFAULT "mpy-qemu"
extern const struct _mp_obj_type_t network_lan_type;
#define MICROPY_PORT_NETWORK_INTERFACES \
    { MP_ROM_QSTR(MP_QSTR_LAN), MP_ROM_PTR(&network_lan_type) },

uint32_t board_random(void);
#define MICROPY_PY_RANDOM_SEED_INIT_FUNC (board_random())
#define MICROPY_PY_OS_URANDOM (1)
#define MICROPY_PY_OS_INCLUDEFILE "modos_qemu.c.inc"

void network_lan_init(void);
void network_lan_deinit(void);
void flash_mount(void);
#define MICROPY_PORT_INIT_FUNC \
    do { \
        network_lan_init(); \
        flash_mount(); \
    } while (0)
#define MICROPY_PORT_DEINIT_FUNC network_lan_deinit() // finalisers have run

#define MICROPY_MPHALPORT_H "mphalport_qemu.h"
