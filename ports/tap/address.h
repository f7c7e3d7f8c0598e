// address.h - IP addresses from text, and from names
// SPDX-License-Identifier: MIT

#ifndef ADDRESS_H
#define ADDRESS_H

#include <stdbool.h>

#include "lwip/ip_addr.h"

enum address_family { ADDRESS_ANY, ADDRESS_IPV4, ADDRESS_IPV6 };

// An address, or a name that the resolver of this machine knows. The scope of a
// link-local address is left out. Returns NULL, or why not.
const char *address_resolve(const char *host, enum address_family family, ip_addr_t *address);

// IP/LEN: an address without a scope and the length of its network's prefix.
bool address_parse(const char *text, ip_addr_t *address, unsigned *length);

#endif // ADDRESS_H
