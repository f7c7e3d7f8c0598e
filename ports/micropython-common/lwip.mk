# lwIP from any tree, LWIP_TREE, in one of MicroPython's ports.

# extmod.mk assigns LWIP_DIR, a path inside MicroPython's tree. An override
# stands against that; vpath then finds the sources wherever the user's tree is.
override LWIP_DIR := $(notdir $(LWIP_TREE))/src
vpath $(LWIP_DIR)/%.c $(dir $(LWIP_TREE))
CFLAGS += -I$(LWIP_TREE)/src/include

MICROPY_PY_LWIP = 1

PORTS_DIR := $(abspath $(dir $(lastword $(MAKEFILE_LIST)))/..)
vpath micropython-common/%.c $(PORTS_DIR)
SRC_C += micropython-common/lwip_used.c
CFLAGS += -I$(PORTS_DIR)/micropython-common

$(BUILD)/extmod/modlwip.o $(BUILD)/extmod/network_lwip.o: \
    CFLAGS += -include $(PORTS_DIR)/micropython-common/upstream_locks.h
