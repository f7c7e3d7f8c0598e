# For CMake: programs for a Cortex-M, which QEMU runs on one of the boards of ports/mps2.
#
#     cmake --toolchain tests/unit/cortex-m/toolchain.cmake -DCPU=m0plus|m3|m7|m55 ...
#
# m3, m7, m55: code as boards have it. m0plus: code for Cortex-M0+ on the M3, which has all
# its instructions and traps unaligned access as an M0+ does (the board that QEMU has with an
# M0, micro:bit, is too small for the tests).

set(CPU m3 CACHE STRING "m0plus, m3, m7 or m55")
set(BOARD_DIR ${CMAKE_CURRENT_LIST_DIR}/../../../ports/mps2)

set(board ${CPU})
if(CPU STREQUAL m0plus)
    set(board m3)
endif()
execute_process(
    COMMAND ${CMAKE_COMMAND} -E env --unset=MAKEFLAGS
        make -s -f ${BOARD_DIR}/cpu.mk CPU=${board}
        "--eval=print: ; @echo '$(BOARD_MACHINE);$(BOARD_LDSCRIPT);$(BOARD_CFLAGS)'" print
    OUTPUT_VARIABLE settings OUTPUT_STRIP_TRAILING_WHITESPACE COMMAND_ERROR_IS_FATAL ANY)
list(GET settings 0 machine)
list(GET settings 1 script)
list(GET settings 2 flags)
separate_arguments(BOARD_CFLAGS UNIX_COMMAND ${flags})

set(CMAKE_SYSTEM_NAME Generic)
set(CMAKE_SYSTEM_PROCESSOR arm)
set(CMAKE_C_COMPILER arm-none-eabi-gcc)
set(CMAKE_C_FLAGS_INIT "${flags} -mcpu=cortex-${CPU}")
string(CONCAT CMAKE_EXE_LINKER_FLAGS_INIT "-nostartfiles --specs=rdimon.specs "
    "-L${BOARD_DIR} -T${script} -Wl,--gc-sections,--defsym=end=board_bss_end")

# CMake's trial programs: there is no start-up for them
set(CMAKE_TRY_COMPILE_TARGET_TYPE STATIC_LIBRARY)
set(CMAKE_TRY_COMPILE_PLATFORM_VARIABLES CPU)

set(CMAKE_CROSSCOMPILING_EMULATOR
    qemu-system-arm -machine ${machine} -display none -monitor none -serial none
    -semihosting-config enable=on,target=native -kernel)
