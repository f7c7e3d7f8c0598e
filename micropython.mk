# User C module for the MicroPython ports that are built by make; ports without
# lwIP get nothing.

IPERF3_LWIP_DIR := $(USERMOD_DIR)

ifeq ($(MICROPY_PY_LWIP),1)
CFLAGS_USERMOD += $(addprefix -I$(IPERF3_LWIP_DIR)/,include src/core)
SRC_USERMOD_C += $(wildcard $(IPERF3_LWIP_DIR)/micropython/*.c)
SRC_USERMOD_LIB_C += $(wildcard $(IPERF3_LWIP_DIR)/src/*/*.c)
endif
