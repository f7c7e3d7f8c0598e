# What CPU=m3, m7 or m55 means: QEMU's machine, flags of the compiler and linker script.

CPU ?= m55
ifeq ($(filter m3 m7 m55,$(CPU)),)
$(error CPU=$(CPU): there are m3, m7 and m55)
endif

BOARD_CPU_m3 = cortex-m3
BOARD_CPU_m7 = cortex-m7
BOARD_CPU_m55 = cortex-m55
BOARD_MACHINE_m3 = mps2-an385
BOARD_MACHINE_m7 = mps2-an500
BOARD_MACHINE_m55 = mps3-an547
BOARD_FLOAT_m3 = -mfloat-abi=soft
BOARD_FLOAT_m7 = -mfloat-abi=hard -mfpu=fpv5-d16
BOARD_FLOAT_m55 = -mfloat-abi=hard -mfpu=auto
BOARD_CHECKSUM_CFLAGS_m55 = -fno-branch-count-reg # see checksum.c

BOARD_CPU := $(BOARD_CPU_$(CPU))
BOARD_MACHINE := $(BOARD_MACHINE_$(CPU))
BOARD_CHECKSUM_CFLAGS := $(BOARD_CHECKSUM_CFLAGS_$(CPU))
BOARD_CFLAGS := -mthumb -mcpu=$(BOARD_CPU) $(BOARD_FLOAT_$(CPU)) \
    -DBOARD_AN=$(lastword $(subst -an, ,$(BOARD_MACHINE)))
BOARD_LDSCRIPT := $(dir $(abspath $(lastword $(MAKEFILE_LIST))))$(firstword $(subst -, ,$(BOARD_MACHINE))).ld
