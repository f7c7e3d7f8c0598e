// startup.c - from reset to main(), and the interrupts
// SPDX-License-Identifier: MIT

#include "board.h"

#define SYSTICK_CONTROL BOARD_REGISTER(0xe000e010)
#define SYSTICK_RELOAD BOARD_REGISTER(0xe000e014)
#define SYSTICK_VALUE BOARD_REGISTER(0xe000e018)
#define NVIC_ENABLE ((volatile uint32_t *)0xe000e100)
#define NVIC_PRIORITY ((volatile uint8_t *)0xe000e400)
#define SYSTEM_PRIORITY ((volatile uint8_t *)0xe000ed18) // of exception 4 and up
#define INTERRUPT_CONTROL BOARD_REGISTER(0xe000ed04)
#define PENDSV_SET (1u << 28)

#define EXCEPTION_PENDSV 14
#define EXCEPTION_SYSTICK 15
#define EXCEPTION_IRQ0 16

#define SEMIHOSTING_EXIT 0x20 // "extended": with a status
#define APPLICATION_EXIT 0x20026

extern uint32_t board_stack_top, board_data_start, board_data_end, board_data_image;
extern uint32_t board_bss_start, board_bss_end;

int main(void);

// MicroPython brings handlers that print the registers.
void HardFault_Handler(void) __attribute__((weak, alias("hang")));
void NMI_Handler(void) __attribute__((weak, alias("hang")));
void MemManage_Handler(void) __attribute__((weak, alias("hang")));
void BusFault_Handler(void) __attribute__((weak, alias("hang")));
void UsageFault_Handler(void) __attribute__((weak, alias("hang")));
void board_on_start(void) __attribute__((weak, alias("ignore")));
void board_on_tick(void) __attribute__((weak, alias("ignore")));
void board_on_uart(void) __attribute__((weak, alias("ignore")));
void board_on_ethernet(void) __attribute__((weak, alias("ignore")));
void board_on_pendsv(void) __attribute__((weak, alias("ignore")));

__attribute__((used)) static void hang(void) {
    board_fail("fault", "startup.c", 0);
}

__attribute__((used)) static void ignore(void) {
}

static void start_ticks(void) {
    SYSTEM_PRIORITY[EXCEPTION_PENDSV - 4] = BOARD_PRIORITY_PENDSV;
    SYSTEM_PRIORITY[EXCEPTION_SYSTICK - 4] = BOARD_PRIORITY_DEVICE;
    SYSTICK_RELOAD = BOARD_CPU_HZ / 1000 - 1;
    SYSTICK_VALUE = 0;
    SYSTICK_CONTROL = 7; // processor clock, interrupt, on
}

__attribute__((used, noreturn)) static void start(void) {
    const uint32_t *from = &board_data_image;
    for (uint32_t *to = &board_data_start; to < &board_data_end; ++to) {
        *to = *from++;
    }
    for (uint32_t *to = &board_bss_start; to < &board_bss_end; ++to) {
        *to = 0;
    }
    board_start_clock();
    board_start_uart();
    start_ticks();
    board_on_start();
    board_exit(main());
}

// The floating point unit is off at reset, and the compiler uses it anywhere.
__attribute__((naked)) void board_reset(void);
__attribute__((naked)) void board_reset(void) {
    __asm volatile (
        "ldr r0, =0xe000ed88\n" // CPACR: full access to coprocessors 10 and 11
        "ldr r1, [r0]\n"
        "orr r1, r1, #0x00f00000\n"
        "str r1, [r0]\n"
        "dsb\n"
        "isb\n"
        "b start\n"
        );
}

extern const uintptr_t board_vectors[];
__attribute__((section(".vectors"), used)) const uintptr_t board_vectors[EXCEPTION_IRQ0 + 64] = {
    (uintptr_t)&board_stack_top,
    (uintptr_t)board_reset,
    (uintptr_t)NMI_Handler,
    (uintptr_t)HardFault_Handler,
    (uintptr_t)MemManage_Handler,
    (uintptr_t)BusFault_Handler,
    (uintptr_t)UsageFault_Handler,
    (uintptr_t)HardFault_Handler, // SecureFault
    [EXCEPTION_PENDSV] = (uintptr_t)board_on_pendsv,
    [EXCEPTION_SYSTICK] = (uintptr_t)board_on_tick,
    [EXCEPTION_IRQ0 + BOARD_UART0_IRQ] = (uintptr_t)board_on_uart,
    [EXCEPTION_IRQ0 + BOARD_ETHERNET_IRQ] = (uintptr_t)board_on_ethernet,
};

void board_enable_irq(unsigned irq) {
    NVIC_PRIORITY[irq] = BOARD_PRIORITY_DEVICE;
    NVIC_ENABLE[irq / 32] = 1u << irq % 32;
}

void board_pend(void) {
    INTERRUPT_CONTROL = PENDSV_SET;
}

uint32_t board_lock(void) {
    uint32_t state;
    __asm volatile ("mrs %0, basepri" : "=r" (state));
    // "max": only ever towards fewer interrupts
    __asm volatile ("msr basepri_max, %0" : : "r" (BOARD_PRIORITY_PENDSV) : "memory");
    return state;
}

void board_unlock(uint32_t state) {
    __asm volatile ("msr basepri, %0" : : "r" (state) : "memory");
}

bool board_is_locked(void) {
    uint32_t exception, base_priority;
    __asm volatile ("mrs %0, ipsr" : "=r" (exception));
    __asm volatile ("mrs %0, basepri" : "=r" (base_priority));
    if (exception == 0) {
        return base_priority != 0;
    }
    return exception == EXCEPTION_PENDSV;
}

uint32_t board_disable_interrupts(void) {
    uint32_t state;
    __asm volatile ("mrs %0, primask" : "=r" (state));
    __asm volatile ("cpsid i" : : : "memory");
    return state;
}

void board_enable_interrupts(uint32_t state) {
    __asm volatile ("msr primask, %0" : : "r" (state) : "memory");
}

void board_wait(void) {
    __asm volatile ("wfi" : : : "memory");
}

void board_exit(int status) {
    const uintptr_t block[] = { APPLICATION_EXIT, (uintptr_t)status };
    register uintptr_t call __asm("r0") = SEMIHOSTING_EXIT;
    register const uintptr_t *argument __asm("r1") = block;
    __asm volatile ("bkpt 0xab" : "+r" (call) : "r" (argument) : "memory");
    for (;;) {
        board_wait();
    }
}
