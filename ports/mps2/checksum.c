// checksum.c - whether the compiler has spared lwIP's checksum
// SPDX-License-Identifier: MIT
//
// GCC 12.2 with -mcpu=cortex-m55 -Os takes the test for a last odd byte out of
// lwip_standard_chksum(): the byte behind data of an even length is counted too.
// -fno-branch-count-reg mends it.

#include "board.h"

#include "lwip/inet_chksum.h"

#define LONGEST 32

static uint16_t plain_checksum(const uint8_t *data, uint16_t size) {
    uint32_t sum = 0;
    for (unsigned i = 0; i < size; ++i) {
        sum += i % 2 == 0 ? (uint32_t)data[i] << 8 : data[i];
    }
    while (sum > 0xffff) {
        sum = (sum & 0xffff) + (sum >> 16);
    }
    return lwip_htons((uint16_t) ~sum);
}

bool board_checksum_works(void) {
    uint8_t data[LONGEST + 4];
    for (unsigned i = 0; i < sizeof(data); ++i) {
        data[i] = (uint8_t)(i * 37 + 1);
    }
    for (unsigned offset = 0; offset < 4; ++offset) {
        for (uint16_t size = 0; size < LONGEST; ++size) {
            if (inet_chksum(data + offset, size) != plain_checksum(data + offset, size)) {
                return false;
            }
        }
    }
    return true;
}
