// address.c - IP addresses from text, and from names
// SPDX-License-Identifier: MIT

#include <arpa/inet.h>
#include <netdb.h>
#include <stdlib.h>
#include <string.h>

#include "address.h"

// `bytes` in the order of the network, as lwIP has them, too.
static void set(ip_addr_t *address, int family, const void *bytes) {
    if (family == AF_INET) {
        ip_addr_set_zero_ip4(address);
        memcpy(&ip_2_ip4(address)->addr, bytes, sizeof(ip_2_ip4(address)->addr));
    } else {
        ip_addr_set_zero_ip6(address);
        memcpy(ip_2_ip6(address)->addr, bytes, sizeof(ip_2_ip6(address)->addr));
    }
}

static int native(enum address_family family) {
    static const int families[] = {
        [ADDRESS_ANY] = AF_UNSPEC,
        [ADDRESS_IPV4] = AF_INET,
        [ADDRESS_IPV6] = AF_INET6,
    };
    return families[family];
}

const char *address_resolve(const char *host, enum address_family family, ip_addr_t *address) {
    const struct addrinfo hints = { .ai_family = native(family), .ai_socktype = SOCK_STREAM };
    struct addrinfo *found;
    int error = getaddrinfo(host, NULL, &hints, &found);
    if (error != 0) {
        return gai_strerror(error);
    }
    const void *socket_address = found->ai_addr;
    if (found->ai_family == AF_INET) {
        set(address, AF_INET, &((const struct sockaddr_in *)socket_address)->sin_addr);
    } else {
        set(address, AF_INET6, &((const struct sockaddr_in6 *)socket_address)->sin6_addr);
    }
    freeaddrinfo(found);
    return NULL;
}

bool address_parse(const char *text, ip_addr_t *address, unsigned *length) {
    char host[INET6_ADDRSTRLEN] = "";
    const char *slash = strchr(text, '/');
    if (slash == NULL || (size_t)(slash - text) >= sizeof(host)) {
        return false;
    }
    memcpy(host, text, (size_t)(slash - text));
    int family = strchr(host, ':') != NULL ? AF_INET6 : AF_INET;
    unsigned char bytes[sizeof(struct in6_addr)];
    if (inet_pton(family, host, bytes) != 1) {
        return false;
    }
    set(address, family, bytes);

    char *end;
    unsigned long number = strtoul(slash + 1, &end, 10);
    *length = (unsigned)number;
    return slash[1] >= '0' && slash[1] <= '9' && *end == '\0'
           && number <= (family == AF_INET ? 32 : 128);
}
