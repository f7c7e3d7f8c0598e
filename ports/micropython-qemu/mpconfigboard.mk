# MicroPython's qemu port with Ethernet and a file system, built out of tree:
#
#     make -C MICROPYTHON/ports/qemu BOARD=firmware BOARD_DIR=... CPU=m3|m7|m55
#          BUILD=... LWIP_TREE=... [USER_C_MODULES=...]   (absolute paths; see the Makefile)

include $(BOARD_DIR)/../mps2/cpu.mk
include $(BOARD_DIR)/../micropython-common/lwip.mk

QEMU_ARCH = arm
QEMU_MACHINE = $(BOARD_MACHINE)
LDSCRIPT = $(BOARD_LDSCRIPT)
LDFLAGS += -L$(PORTS_DIR)/mps2
$(BUILD)/firmware.elf: $(PORTS_DIR)/mps2/sections.ld

CFLAGS += $(BOARD_CFLAGS) -DMICROPY_HW_MCU_NAME='"$(BOARD_CPU)"'
CFLAGS += -DMP_CONFIGFILE='"mpconfigboard.h"' -I$(BOARD_DIR) -I$(PORTS_DIR)/mps2
$(BUILD)/$(LWIP_DIR)/core/inet_chksum.o: CFLAGS += $(BOARD_CHECKSUM_CFLAGS)

# as much as a larger microcontroller has to spare
MICROPY_HEAP_SIZE = 262144
FROZEN_MANIFEST =
MICROPY_VFS_LFS2 = 1

vpath mps2/%.c $(PORTS_DIR)
vpath micropython-qemu/%.c $(PORTS_DIR)
SRC_C += $(patsubst $(PORTS_DIR)/%,%,$(wildcard $(PORTS_DIR)/mps2/*.c $(BOARD_DIR)/*.c))
SRC_BOARD_O = shared/runtime/gchelper_generic.o

# The C library's headers only are used. With newlib's a build does not depend on
# whether picolibc is there too, which the port would prefer.
override PICOLIBC_SPECS = picolibc.specs

# The port's own has no way to wait for input.
LDFLAGS += -Wl,--wrap=mp_hal_stdio_poll
