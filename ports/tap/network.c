// network.c - lwIP on a TAP device, and the loop that serves it
// SPDX-License-Identifier: MIT

#include <errno.h>
#include <net/if.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "network.h"

#include "address.h"
#include "lwip/init.h"
#include "lwip/priv/tcp_priv.h"
#include "lwip/sys.h"
#include "lwip/timeouts.h"
#include "tap_netif.h"

#define FAREWELL_MS 500

static struct tap_netif tap = { .fd = -1 };

/// The device ///

static bool is_up(const char *name) {
    struct ifreq request = { 0 };
    int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    memcpy(request.ifr_name, name, strlen(name)); // it exists, so it fits
    bool up = ioctl(fd, SIOCGIFFLAGS, &request) == 0 && (request.ifr_flags & IFF_UP) != 0;
    close(fd);
    return up;
}

static const char *advice_for(int error) {
    switch (error) {
        case ENOENT:
        case ENODEV:
        case ENXIO:
            return "there is no /dev/net/tun; load the kernel's module: modprobe tun";
        case EACCES:
        case EPERM:
            return "no permission; be root, or have it made for you: "
                   "ip tuntap add NAME mode tap user YOU";
        case EBUSY:
            return "another program has it open";
        case EINVAL:
            return "it is no TAP device; make one: ip tuntap add NAME mode tap";
        default:
            return strerror(error);
    }
}

static bool open_device(const char *name, char *fault) {
    // Else the kernel would make one, with nobody at its other end.
    if (if_nametoindex(name) == 0) {
        snprintf(fault, NETWORK_FAULT_SIZE,
            "there is no network device %s; make it: ip tuntap add %s mode tap", name, name);
        return false;
    }
    if (!is_up(name)) {
        snprintf(fault, NETWORK_FAULT_SIZE, "%s is down; set it up: ip link set %s up", name, name);
        return false;
    }
    int error = tap_netif_open(&tap, name);
    if (error != 0) {
        snprintf(fault, NETWORK_FAULT_SIZE, "unable to open %s: %s", name, advice_for(error));
    }
    return error == 0;
}

/// Addresses ///

static bool add_ipv4(const ip_addr_t *address, unsigned length) {
    ip4_addr_t netmask = { .addr = length == 0 ? 0 : lwip_htonl(UINT32_MAX << (32 - length)) };
    if (!ip4_addr_isany(netif_ip4_addr(&tap.netif))) {
        return false; // lwIP has one
    }
    netif_set_addr(&tap.netif, ip_2_ip4(address), &netmask, IP4_ADDR_ANY4);
    return true;
}

// Without asking first whether somebody else has it.
static void use_at_once(s8_t ipv6_index) {
    netif_ip6_addr_set_state(&tap.netif, ipv6_index, IP6_ADDR_PREFERRED);
}

static bool add_ipv6(const ip_addr_t *address, unsigned length) {
    s8_t index;
    if (length != 64 || // what lwIP takes for granted
        netif_add_ip6_address(&tap.netif, ip_2_ip6(address), &index) != ERR_OK) {
        return false;
    }
    use_at_once(index);
    return true;
}

static bool add_address(const char *text, char *fault) {
    ip_addr_t address;
    unsigned length;
    bool valid = address_parse(text, &address, &length);
    if (valid && (IP_IS_V4(&address) ? add_ipv4(&address, length) : add_ipv6(&address, length))) {
        return true;
    }
    snprintf(fault, NETWORK_FAULT_SIZE,
        "bad --address %s; IP/LEN is wanted: one of IPv4, as 192.168.0.50/24, "
        "or of IPv6 with /64, as fd00::50/64", text);
    return false;
}

static bool set_gateway(const char *text, char *fault) {
    ip_addr_t gateway;
    if (text == NULL) {
        return true;
    }
    if (address_resolve(text, ADDRESS_IPV4, &gateway) != NULL) {
        snprintf(fault, NETWORK_FAULT_SIZE, "bad --gateway %s; an IPv4 address is wanted", text);
        return false;
    }
    netif_set_gw(&tap.netif, ip_2_ip4(&gateway));
    return true;
}

bool network_open(const struct options *options, char fault[NETWORK_FAULT_SIZE]) {
    lwip_init();
    if (!open_device(options->tap, fault)) {
        return false;
    }
    use_at_once(0); // the link-local one
    for (size_t i = 0; i < options->addresses.count; ++i) {
        if (!add_address(options->addresses.items[i], fault)) {
            return false;
        }
    }
    return set_gateway(options->gateway, fault);
}

bool network_has(const ip_addr_t *address) {
    if (IP_IS_V4(address)) {
        return ip4_addr_eq(ip_2_ip4(address), netif_ip4_addr(&tap.netif));
    }
    return netif_get_ip6_addr_match(&tap.netif, ip_2_ip6(address)) >= 0;
}

/// The loop ///

static uint64_t time_to_wait_us(uint32_t longest_us) {
    u32_t timers_ms = sys_timeouts_sleeptime();
    uint64_t timers_us = timers_ms == SYS_TIMEOUTS_SLEEPTIME_INFINITE ? UINT64_MAX
        : (uint64_t)timers_ms * 1000;
    return LWIP_MIN(timers_us, longest_us);
}

bool network_wait(uint32_t longest_us, int other_fd) {
    uint64_t us = time_to_wait_us(longest_us);
    struct timespec timeout = {
        .tv_sec = (time_t)(us / 1000000),
        .tv_nsec = (long)(us % 1000000) * 1000,
    };
    struct pollfd fds[] = {
        { .fd = tap.fd, .events = POLLIN },
        { .fd = other_fd, .events = POLLIN }, // ppoll() ignores a negative one
    };
    ppoll(fds, 2, &timeout, NULL);
    if (fds[0].revents != 0) {
        tap_netif_receive(&tap);
    }
    sys_check_timeouts();
    return fds[1].revents != 0;
}

void network_close(void) {
    u32_t start = sys_now();
    while (tap.fd >= 0 && tcp_active_pcbs != NULL && sys_now() - start < FAREWELL_MS) {
        network_wait(FAREWELL_MS * 1000, -1);
    }
    tap_netif_close(&tap);
}
