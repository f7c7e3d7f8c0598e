// uart.c - the first UART (CMSDK APB UART), and last words
// SPDX-License-Identifier: MIT

#include "board.h"

#include <string.h>

#define DATA BOARD_REGISTER(BOARD_UART0 + 0x00)
#define STATE BOARD_REGISTER(BOARD_UART0 + 0x04)
#define STATE_TX_FULL 1
#define STATE_RX_FULL 2
#define CONTROL BOARD_REGISTER(BOARD_UART0 + 0x08)
#define CONTROL_TX 1
#define CONTROL_RX 2
#define CONTROL_RX_INTERRUPT 8
#define INTERRUPT_CLEAR BOARD_REGISTER(BOARD_UART0 + 0x0c)
#define INTERRUPT_RX 2
#define DIVIDER BOARD_REGISTER(BOARD_UART0 + 0x10)

#define BITS_PER_S 115200

void board_start_uart(void) {
    DIVIDER = BOARD_CPU_HZ / BITS_PER_S;
    CONTROL = CONTROL_TX | CONTROL_RX;
}

void board_uart_listen(void) {
    CONTROL |= CONTROL_RX_INTERRUPT;
    board_enable_irq(BOARD_UART0_IRQ);
}

void board_uart_acknowledge(void) {
    INTERRUPT_CLEAR = INTERRUPT_RX;
}

void board_uart_write(const char *text, size_t size) {
    while (size-- > 0) {
        while (STATE & STATE_TX_FULL) {
        }
        DATA = (uint8_t)*text++;
    }
}

int board_uart_read(void) {
    return STATE & STATE_RX_FULL ? (int)(DATA & 0xff) : -1;
}

static void print(const char *text) {
    board_uart_write(text, strlen(text));
}

static void print_number(unsigned number) {
    if (number >= 10) {
        print_number(number / 10);
    }
    char digit = (char)('0' + number % 10);
    board_uart_write(&digit, 1);
}

void board_fail(const char *message, const char *where, int line) {
    print("\r\nboard: ");
    print(message);
    print(" (");
    print(where);
    print(":");
    print_number((unsigned)line);
    print(")\r\n");
    board_exit(1);
}
