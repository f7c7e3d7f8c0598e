// semihosting.c - newlib for a test on a board: files, output and status are the host's
// SPDX-License-Identifier: MIT

#include "board.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define CONFIGURATION_CONTROL BOARD_REGISTER(0xe000ed14)
#define TRAP_UNALIGNED 8
#define FAULT_STATUS BOARD_REGISTER(0xe000ed28)

int main(int argc, char **argv);
void initialise_monitor_handles(void); // newlib's

// Runs the test instead of startup.c, for what is printed is buffered until exit().
void board_on_start(void) {
    char *arguments[] = { NULL };

    if (STRICT_ALIGNMENT) {
        CONFIGURATION_CONTROL |= TRAP_UNALIGNED;
    }
    initialise_monitor_handles();
    setvbuf(stdout, NULL, _IOLBF, BUFSIZ); // so that a crash leaves what was printed
    exit(main(0, arguments));
}

// newlib's loses the status.
void _exit(int status) {
    board_exit(status);
}

// All faults come here. The frame is what the processor has pushed.
void report_fault(const uint32_t *frame) __attribute__((noreturn));
void report_fault(const uint32_t *frame) {
    printf("\nfault at 0x%08lx, called from 0x%08lx, status 0x%08lx\n",
        (unsigned long)frame[6], (unsigned long)frame[5], (unsigned long)FAULT_STATUS);
    exit(EXIT_FAILURE);
}

__attribute__((naked)) void HardFault_Handler(void);
__attribute__((naked)) void HardFault_Handler(void) {
    __asm volatile (
        "mrs r0, msp\n"
        "b report_fault\n"
        );
}
