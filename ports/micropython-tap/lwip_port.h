// lwip_port.h - how MicroPython's hooks service lwIP
// SPDX-License-Identifier: MIT
//
// Included by mpconfigvariant.h, hence by every file: declarations only.

#ifndef LWIP_PORT_H
#define LWIP_PORT_H

void lwip_port_init(void);
void lwip_port_deinit(void);

// How often lwIP's lock is held, see MICROPY_PY_LWIP_ENTER.
extern unsigned int lwip_port_lock_depth;

// Feeds lwIP with waiting frames and runs its timers; nothing while it is locked.
void lwip_port_poll(void);

// Waits until there may be something to do, 10 ms at most. Returns at once if
// lwip_port_poll() found work since the last wait: its caller looks at what it
// waits for before that poll, so it would sleep through the very event.
void lwip_port_wait(int timeout_ms);

#endif // LWIP_PORT_H
