// tap_netif.c - a Linux TAP device as an Ethernet interface of lwIP
// SPDX-License-Identifier: MIT

#include "tap_netif.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/if.h>
#include <linux/if_tun.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "lwip/etharp.h"
#include "lwip/ethip6.h"
#include "lwip/pbuf.h"
#include "netif/ethernet.h"

#define MTU (1500)
#define FRAME_SIZE (MTU + SIZEOF_ETH_HDR + SIZEOF_VLAN_HDR)
#define FRAMES_AT_ONCE (32) // timers and the caller want their turn

static err_t send_frame(struct netif *netif, struct pbuf *p) {
    struct tap_netif *tap = netif->state;
    uint8_t copy[FRAME_SIZE];
    const void *frame = pbuf_get_contiguous(p, copy, sizeof(copy), p->tot_len, 0);
    if (frame == NULL || write(tap->fd, frame, p->tot_len) != p->tot_len) {
        ++tap->send_errors;
        return ERR_IF;
    }
    ++tap->sent;
    return ERR_OK;
}

static err_t init_netif(struct netif *netif) {
    const struct tap_netif *tap = netif->state;
    netif->name[0] = 't';
    netif->name[1] = 'p';
    // locally administered, one per device name, and the same at every start
    netif->hwaddr_len = ETH_HWADDR_LEN;
    netif->hwaddr[0] = 0x02;
    memcpy(netif->hwaddr + 1, tap->name, ETH_HWADDR_LEN - 1);
    netif->mtu = MTU;
    netif->flags = NETIF_FLAG_BROADCAST | NETIF_FLAG_ETHARP | NETIF_FLAG_ETHERNET | NETIF_FLAG_IGMP;
    netif->linkoutput = send_frame;
    netif->output = etharp_output;
    #if LWIP_IPV6
    netif->flags |= NETIF_FLAG_MLD6;
    netif->output_ip6 = ethip6_output;
    #endif
    return ERR_OK;
}

static int open_device(const char *name) {
    struct ifreq request = { .ifr_flags = IFF_TAP | IFF_NO_PI };
    memcpy(request.ifr_name, name, strlen(name));
    int fd = open("/dev/net/tun", O_RDWR | O_NONBLOCK | O_CLOEXEC);
    if (fd >= 0 && ioctl(fd, TUNSETIFF, &request) < 0) {
        int error = errno;
        close(fd);
        errno = error;
        return -1;
    }
    return fd;
}

int tap_netif_open(struct tap_netif *tap, const char *name) {
    if (strlen(name) >= IFNAMSIZ) {
        return ENODEV;
    }
    memset(tap, 0, sizeof(*tap));
    memcpy(tap->name, name, strlen(name));
    tap->fd = open_device(name);
    if (tap->fd < 0) {
        return errno;
    }
    netif_add_noaddr(&tap->netif, tap, init_netif, ethernet_input);
    #if LWIP_IPV6
    netif_create_ip6_linklocal_address(&tap->netif, 1);
    #endif
    netif_set_default(&tap->netif);
    netif_set_link_up(&tap->netif);
    netif_set_up(&tap->netif);
    return 0;
}

void tap_netif_close(struct tap_netif *tap) {
    if (tap->fd >= 0) {
        netif_remove(&tap->netif);
        close(tap->fd);
        tap->fd = -1;
    }
}

static void receive_frame(struct tap_netif *tap, const uint8_t *frame, uint16_t size) {
    struct pbuf *p = pbuf_alloc(PBUF_RAW, size, PBUF_POOL);
    if (p == NULL) {
        ++tap->receive_drops;
        return;
    }
    ++tap->received;
    pbuf_take(p, frame, size);
    if (tap->netif.input(p, &tap->netif) != ERR_OK) {
        pbuf_free(p);
    }
}

unsigned tap_netif_receive(struct tap_netif *tap) {
    uint8_t frame[FRAME_SIZE];
    unsigned count = 0;
    while (tap->fd >= 0 && count < FRAMES_AT_ONCE) {
        ssize_t size = read(tap->fd, frame, sizeof(frame));
        if (size <= 0) {
            break;
        }
        receive_frame(tap, frame, (uint16_t)size);
        ++count;
    }
    return count;
}
