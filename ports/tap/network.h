// network.h - lwIP on a TAP device, and the loop that serves it
// SPDX-License-Identifier: MIT

#ifndef NETWORK_H
#define NETWORK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lwip/ip_addr.h"
#include "options.h"

#define NETWORK_FAULT_SIZE 256

// Opens the device and gives lwIP its addresses. False: `fault` says why not, and what to
// do.
bool network_open(const struct options *options, char fault[NETWORK_FAULT_SIZE]);

// Waits for a frame, for so long at most, and lets lwIP do what is due. Returns whether
// there is something to read from the other file (-1: none), which ends the wait, too.
bool network_wait(uint32_t longest_us, int other_fd);

// Lets lwIP say good-bye to the other side, and closes the device.
void network_close(void);

// Whether an address is one of ours.
bool network_has(const ip_addr_t *address);

#endif // NETWORK_H
