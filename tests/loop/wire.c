// wire.c - see wire.h
// SPDX-License-Identifier: MIT

#include "wire.h"

#include <stdlib.h>
#include <string.h>

#include "loop.h"
#include "lwip/ip.h"
#include "lwip/netif.h"
#include "lwip/pbuf.h"

struct packet {
    struct packet *next;
    uint64_t arrives;
    struct pbuf *data;
};

struct direction {
    struct packet *first;
    struct packet *last;
    uint64_t free_at; // when the link has sent all that was given to it
};

struct wire_config wire;

static struct netif interface;
static struct direction directions[2];

static struct direction *direction_of(const struct pbuf *p) {
    const uint8_t *ip = p->payload;
    size_t header = ip[0] >> 4 == 6 ? 40 : (ip[0] & 0x0f) * 4u;
    uint8_t port[2];

    pbuf_copy_partial(p, port, 2, (u16_t)(header + 2));
    return &directions[(port[0] << 8 | port[1]) == WIRE_SERVER_PORT];
}

// IPv4 is enough for this.
static bool is_udp_reply(const struct pbuf *p) {
    const uint8_t *ip = p->payload;

    return ip[0] == 0x45 && ip[9] == IP_PROTO_UDP && p->tot_len == 20 + 8 + 4
           && direction_of(p) == &directions[0];
}

static void queue(struct direction *direction, struct pbuf *data) {
    struct packet *packet = calloc(1, sizeof(*packet));
    uint64_t now = loop_now_us;
    uint64_t begins = direction->free_at > now ? direction->free_at : now;

    direction->free_at = begins + data->tot_len * 8000000ull / wire.bits_per_s;
    packet->arrives = direction->free_at + wire.delay_us;
    packet->data = data;
    if (direction->first == NULL) {
        direction->first = packet;
    } else {
        direction->last->next = packet;
    }
    direction->last = packet;
}

static err_t send_packet(struct pbuf *p) {
    struct pbuf *copy;

    if (wire.cut || loop_random() % 1000 < wire.loss || (wire.drop_replies && is_udp_reply(p))) {
        return ERR_OK;
    }
    copy = pbuf_clone(PBUF_RAW, PBUF_RAM, p);
    if (copy == NULL) {
        return ERR_MEM;
    }
    queue(direction_of(copy), copy);
    return ERR_OK;
}

static err_t send_ip4(struct netif *netif, struct pbuf *p, const ip4_addr_t *to) {
    (void)netif;
    (void)to;
    return send_packet(p);
}

static err_t send_ip6(struct netif *netif, struct pbuf *p, const ip6_addr_t *to) {
    (void)netif;
    (void)to;
    return send_packet(p);
}

static err_t init_interface(struct netif *netif) {
    netif->name[0] = 'w';
    netif->name[1] = 'i';
    netif->mtu = 1500;
    netif->output = send_ip4;
    netif->output_ip6 = send_ip6;
    netif->flags = NETIF_FLAG_LINK_UP;
    return ERR_OK;
}

void wire_init(void) {
    ip4_addr_t address;
    ip4_addr_t mask;
    ip_addr_t address6;

    IP4_ADDR(&address, 10, 0, 0, 1);
    IP4_ADDR(&mask, 255, 255, 255, 0);
    netif_add(&interface, &address, &mask, IP4_ADDR_ANY4, NULL, init_interface, ip_input);
    netif_set_default(&interface);
    netif_set_up(&interface);
    ipaddr_aton("fd00::1", &address6);
    netif_ip6_addr_set(&interface, 0, ip_2_ip6(&address6));
    netif_ip6_addr_set_state(&interface, 0, IP6_ADDR_PREFERRED);
}

static void drop_all(struct direction *direction) {
    while (direction->first != NULL) {
        struct packet *packet = direction->first;

        direction->first = packet->next;
        pbuf_free(packet->data);
        free(packet);
    }
    memset(direction, 0, sizeof(*direction));
}

void wire_reset(uint32_t seed) {
    static const struct wire_config ten_megabits = { .bits_per_s = 10000000, .delay_us = 1000 };

    wire = ten_megabits;
    loop_seed(seed);
    drop_all(&directions[0]);
    drop_all(&directions[1]);
}

static struct direction *next_direction(void) {
    struct packet *a = directions[0].first;
    struct packet *b = directions[1].first;

    if (a == NULL || (b != NULL && b->arrives < a->arrives)) {
        return &directions[1];
    }
    return &directions[0];
}

uint64_t wire_next(void) {
    const struct packet *packet = next_direction()->first;

    return packet != NULL ? packet->arrives : WIRE_FOREVER;
}

void wire_deliver(uint64_t now_us) {
    while (wire_next() <= now_us) {
        struct direction *direction = next_direction();
        struct packet *packet = direction->first;
        struct pbuf *data = packet->data;

        direction->first = packet->next;
        free(packet);
        if (interface.input(data, &interface) != ERR_OK) {
            pbuf_free(data);
        }
    }
}
