// lan9118.c - the LAN9118 Ethernet controller as an interface of lwIP
// SPDX-License-Identifier: MIT
//
// Names of registers are those of the data sheet. Frames are copied from and to
// its FIFOs by the processor, a word at a time.

#include "lan9118.h"

#include "board.h"

#include "lwip/etharp.h"
#include "lwip/ethip6.h"
#include "lwip/pbuf.h"
#include "lwip/stats.h"

#define REGISTER(offset) BOARD_REGISTER(BOARD_ETHERNET + (offset))
#define RX_DATA REGISTER(0x00)
#define TX_DATA REGISTER(0x20)
#define TX_FIRST (1u << 13)
#define TX_LAST (1u << 12)
#define RX_STATUS REGISTER(0x40)
#define RX_STATUS_ERROR (1u << 15)
#define TX_STATUS REGISTER(0x48)
#define IRQ_CFG REGISTER(0x54)
#define IRQ_CFG_ON 0x111 // enabled, active high, push-pull
#define INT_STS REGISTER(0x58)
#define INT_EN REGISTER(0x5c)
#define INT_RECEIVED (1u << 3) // more frames than FIFO_INT says
#define BYTE_TEST REGISTER(0x64)
#define BYTE_TEST_VALUE 0x87654321
#define FIFO_INT REGISTER(0x68)
#define RX_CFG REGISTER(0x6c)
#define TX_CFG REGISTER(0x70)
#define TX_CFG_ON (1u << 1)
#define HW_CFG REGISTER(0x74)
#define HW_CFG_RESET (1u << 0)
#define HW_CFG_MUST_BE_ONE (1u << 20)
#define HW_CFG_TX_FIFO (5u << 16) // 5 KB, what remains of 16 is for reception
#define RX_FIFO_INF REGISTER(0x7c)
#define TX_FIFO_INF REGISTER(0x80)
#define MAC_CSR_CMD REGISTER(0xa4)
#define MAC_CSR_BUSY (1u << 31)
#define MAC_CSR_READ (1u << 30)
#define MAC_CSR_DATA REGISTER(0xa8)

// behind MAC_CSR_CMD
#define MAC_CR 1
#define MAC_CR_ON ((1u << 20) | (1u << 19) | (1u << 3) | (1u << 2)) // full duplex, all multicast, TX, RX
#define ADDRH 2
#define ADDRL 3
#define MII_ACC 6
#define MII_ACC_PHY (1u << 11) // the one inside
#define MII_DATA 7

// behind MII_ACC
#define PHY_STATUS 1
#define PHY_STATUS_LINK (1u << 2)

#define CRC_SIZE 4
#define MTU 1500

typedef uint32_t __attribute__((may_alias)) word_t; // of frames

/// Registers ///

static uint32_t read_mac(uint32_t number) {
    MAC_CSR_CMD = MAC_CSR_BUSY | MAC_CSR_READ | number;
    while (MAC_CSR_CMD & MAC_CSR_BUSY) {
    }
    return MAC_CSR_DATA;
}

static void write_mac(uint32_t number, uint32_t value) {
    MAC_CSR_DATA = value;
    MAC_CSR_CMD = MAC_CSR_BUSY | number;
    while (MAC_CSR_CMD & MAC_CSR_BUSY) {
    }
}

static uint32_t read_phy(uint32_t number) {
    write_mac(MII_ACC, MII_ACC_PHY | number << 6);
    while (read_mac(MII_ACC) & 1) {
    }
    return read_mac(MII_DATA);
}

static bool reset(void) {
    if (BYTE_TEST != BYTE_TEST_VALUE) {
        return false;
    }
    IRQ_CFG = IRQ_CFG_ON; // the reset keeps the polarity, and silence has one
    HW_CFG = HW_CFG_RESET;
    while (HW_CFG & HW_CFG_RESET) {
    }
    HW_CFG = HW_CFG_MUST_BE_ONE | HW_CFG_TX_FIFO;
    return true;
}

static void start(void) {
    RX_CFG = 0;
    TX_CFG = TX_CFG_ON;
    write_mac(MAC_CR, MAC_CR_ON);
    FIFO_INT = 0;
    INT_STS = 0xffffffff;
    INT_EN = INT_RECEIVED;
    IRQ_CFG = IRQ_CFG_ON;
    board_enable_irq(BOARD_ETHERNET_IRQ);
}

// make bench counts by function: those that only copy are not to become part of others.
#define NOINLINE __attribute__((noinline))

/// Sending ///

static size_t words(size_t bytes) {
    return (bytes + sizeof(word_t) - 1) / sizeof(word_t);
}

// A frame is sent in buffers that may begin and end anywhere: the controller takes
// whole words and leaves out what does not belong to it.
NOINLINE static void send_buffer(const struct pbuf *p, uint32_t flags, uint32_t frame_size) {
    uintptr_t offset = (uintptr_t)p->payload % sizeof(word_t);
    const word_t *from = (const word_t *)((uintptr_t)p->payload - offset);
    TX_DATA = (uint32_t)offset << 16 | flags | p->len;
    TX_DATA = frame_size << 16 | frame_size; // the former is a tag of our choice
    for (size_t left = words(offset + p->len); left > 0; --left) {
        TX_DATA = *from++;
    }
}

static size_t room_to_send(void) {
    uint32_t information = TX_FIFO_INF;
    for (uint32_t sent = information >> 16 & 0xff; sent > 0; --sent) {
        (void)TX_STATUS; // make room for more of these
    }
    return information & 0xffff;
}

static err_t send_frame(struct netif *netif, struct pbuf *p) {
    (void)netif;
    // each buffer may take two words of command and a word of margin at both ends
    if (room_to_send() < p->tot_len + 4 * sizeof(word_t) * pbuf_clen(p)) {
        LINK_STATS_INC(link.drop);
        return ERR_MEM;
    }
    uint32_t flags = TX_FIRST;
    uint32_t size = p->tot_len;
    for (; p->len != p->tot_len; p = p->next) {
        send_buffer(p, flags, size);
        flags = 0;
    }
    send_buffer(p, flags | TX_LAST, size);
    LINK_STATS_INC(link.xmit);
    return ERR_OK;
}

/// Receiving ///

static void skip(size_t count) {
    while (count-- > 0) {
        (void)RX_DATA;
    }
}

// The buffers of lwIP's pool begin and end at words.
NOINLINE static void read_frame(struct pbuf *p) {
    for (; p != NULL; p = p->next) {
        word_t *to = p->payload;
        for (size_t left = words(p->len); left > 0; --left) {
            *to++ = RX_DATA;
        }
    }
}

static void receive_frame(struct netif *netif) {
    uint32_t status = RX_STATUS;
    uint16_t size = status >> 16 & 0x3fff;
    if ((status & RX_STATUS_ERROR) || size <= CRC_SIZE) {
        skip(words(size));
        LINK_STATS_INC(link.err);
        return;
    }
    struct pbuf *p = pbuf_alloc(PBUF_RAW, size - CRC_SIZE, PBUF_POOL);
    if (p == NULL) {
        skip(words(size));
        LINK_STATS_INC(link.memerr);
        return;
    }
    read_frame(p);
    skip(words(size) - words(size - CRC_SIZE));
    LINK_STATS_INC(link.recv);
    if (netif->input(p, netif) != ERR_OK) {
        pbuf_free(p);
    }
}

bool lan9118_receive(struct netif *netif, unsigned most) {
    INT_STS = INT_RECEIVED; // first, so that no frame comes unnoticed
    for (; RX_FIFO_INF >> 16 & 0xff; --most) {
        if (most == 0) {
            return false;
        }
        receive_frame(netif);
    }
    INT_EN = INT_RECEIVED;
    return true;
}

void lan9118_on_interrupt(void) {
    INT_EN = 0;
}

/// The interface ///

bool lan9118_has_link(void) {
    return read_phy(PHY_STATUS) & PHY_STATUS_LINK;
}

void lan9118_check_link(struct netif *netif) {
    bool link = lan9118_has_link();
    if (link && !netif_is_link_up(netif)) {
        netif_set_link_up(netif);
    } else if (!link && netif_is_link_up(netif)) {
        netif_set_link_down(netif);
    }
}

static void get_address(struct netif *netif) {
    uint32_t low = read_mac(ADDRL);
    uint32_t high = read_mac(ADDRH);
    netif->hwaddr_len = ETH_HWADDR_LEN;
    for (unsigned i = 0; i < 4; ++i) {
        netif->hwaddr[i] = (uint8_t)(low >> 8 * i);
    }
    netif->hwaddr[4] = (uint8_t)high;
    netif->hwaddr[5] = (uint8_t)(high >> 8);
}

err_t lan9118_init(struct netif *netif) {
    if (!reset()) {
        return ERR_IF;
    }
    get_address(netif);
    netif->name[0] = 'e';
    netif->name[1] = 'n';
    netif->mtu = MTU;
    netif->flags = NETIF_FLAG_BROADCAST | NETIF_FLAG_ETHARP | NETIF_FLAG_ETHERNET | NETIF_FLAG_IGMP;
    netif->linkoutput = send_frame;
    netif->output = etharp_output;
    #if LWIP_IPV6
    netif->flags |= NETIF_FLAG_MLD6;
    netif->output_ip6 = ethip6_output;
    #endif
    start();
    return ERR_OK;
}

void lan9118_stop(void) {
    reset();
}
