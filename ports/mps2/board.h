// board.h - Arm's MPS2 and MPS3 boards: what a program needs below lwIP
// SPDX-License-Identifier: MIT
//
// BOARD_AN is the number of the FPGA image, Arm's application note of the same
// number describes it: 385 (Cortex-M3), 500 (M7), 547 (M55). QEMU emulates all
// three as mps2-an385, mps2-an500 and mps3-an547.

#ifndef BOARD_H
#define BOARD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#if BOARD_AN == 385 || BOARD_AN == 500
#define BOARD_CPU_HZ 25000000
#define BOARD_FPGAIO 0x40028000
#define BOARD_FPGAIO_HZ 25000000
#define BOARD_UART0 0x40004000
#define BOARD_UART0_IRQ 0
#if BOARD_AN == 385
#define BOARD_ETHERNET 0x40200000
#else
#define BOARD_ETHERNET 0xa0000000
#endif
#define BOARD_ETHERNET_IRQ 13
#elif BOARD_AN == 547
// the addresses are those of the Secure world, which the processor starts in
#define BOARD_CPU_HZ 32000000
#define BOARD_FPGAIO 0x59302000
#define BOARD_FPGAIO_HZ 20000000 // QEMU's; the board has 32 MHz
#define BOARD_UART0 0x59303000
#define BOARD_UART0_IRQ 43
#define BOARD_ETHERNET 0x51400000
#define BOARD_ETHERNET_IRQ 49
#else
#error "BOARD_AN must be 385, 500 or 547"
#endif

// The FIFOs and registers of devices.
#define BOARD_REGISTER(address) (*(volatile uint32_t *)(address))

/// Interrupts ///

// A lower number interrupts a higher one. lwIP runs in PendSV, so that whoever
// uses it elsewhere keeps it out with board_lock().
#define BOARD_PRIORITY_DEVICE 0x80
#define BOARD_PRIORITY_PENDSV 0xf0

// The program's handlers; what it does not define does nothing.
void board_on_start(void);    // before main()
void board_on_tick(void);     // each millisecond
void board_on_uart(void);     // there is something to read
void board_on_ethernet(void); // frames have come
void board_on_pendsv(void);   // after board_pend(), when no other interrupt runs

// Lets a device interrupt, from now on.
void board_enable_irq(unsigned irq);

// Has board_on_pendsv() called.
void board_pend(void);

// Holds PendSV off, as often as it is called; returns what board_unlock() wants.
uint32_t board_lock(void);
void board_unlock(uint32_t state);

// Whether nothing else can use lwIP now: PendSV runs, or is held off.
bool board_is_locked(void);

// Holds all interrupts off, as often as it is called.
uint32_t board_disable_interrupts(void);
void board_enable_interrupts(uint32_t state);

// Sleeps until the next interrupt, a millisecond at most.
void board_wait(void);

/// Time, chance, the end ///

// Microseconds since the start. To be called once an hour at least.
uint64_t board_us(void);
void board_start_clock(void); // startup.c has done it

// Hard to guess, as far as a machine without a generator goes: see random.c.
uint32_t board_random(void);

// Adds what the moment of a call has of chance; interrupts call it.
void board_stir(void);

// Ends the emulator with this status.
void board_exit(int status) __attribute__((noreturn));

// Says why on the UART and ends the emulator with status 1.
void board_fail(const char *message, const char *where, int line) __attribute__((noreturn));

/// UART ///

void board_uart_write(const char *text, size_t size);

// One character, or -1.
int board_uart_read(void);

// Has board_on_uart() called for each character, which acknowledges that.
void board_uart_listen(void);
void board_uart_acknowledge(void);
void board_start_uart(void); // startup.c has done it

/// lwIP ///

// Whether lwIP's checksums come out right: see checksum.c.
bool board_checksum_works(void);

#endif // BOARD_H
