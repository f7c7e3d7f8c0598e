# MicroPython's unix port with lwIP on a Linux TAP device, built out of tree:
#
#     make -C MICROPYTHON/ports/unix VARIANT_DIR=... VARIANT=tap|asan BUILD=...
#          LWIP_TREE=... USER_C_MODULES=...        (absolute paths; see the Makefile)

FROZEN_MANIFEST =

# lwIP's sockets instead of the host's, and no library that Debian's source
# package leaves out
MICROPY_PY_SOCKET = 0
MICROPY_PY_SSL = 0
MICROPY_SSL_MBEDTLS = 0
MICROPY_PY_BTREE = 0
MICROPY_PY_FFI = 0
MICROPY_PY_THREAD = 0

include $(VARIANT_DIR)/../micropython-common/lwip.mk

vpath tap-common/%.c $(PORTS_DIR)
SRC_C += tap-common/lwip_host.c tap-common/tap_netif.c
CFLAGS += -I$(PORTS_DIR)/tap-common

# asyncio's Python part comes from the tree, for it is not frozen
CFLAGS += -DMICROPY_PY_SYS_PATH_DEFAULT='"$(abspath $(TOP))/extmod:~/.micropython/lib"'

# modlwip.c compares mp_uint_t with -1, which is a warning on 64 bits only
$(BUILD)/extmod/modlwip.o: CFLAGS += -Wno-sign-compare -DSOMAXCONN=2

# the prompt waits for lwIP too, see lwip_port.c
LDFLAGS += -Wl,--wrap=mp_hal_stdin_rx_chr

ifeq ($(VARIANT),asan)
# Every pcb and pbuf becomes a malloc block that AddressSanitizer watches, and
# lwIP checks that its lock is held. The collector has to see registers and
# stack as they are: setjmp instead of assembly, no stack of ASan's own.
DEBUG = 1
COPT = -O1
CSUPEROPT = -O1
SANITIZE = -fsanitize=address,undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer
CFLAGS += $(SANITIZE) --param asan-use-after-return=0 -Wno-error=clobbered
CFLAGS += -DMICROPY_GCREGS_SETJMP=1 -DMICROPY_NLR_SETJMP=1
CFLAGS += -DMEMP_MEM_MALLOC=1 -DMEM_LIBC_MALLOC=1
LDFLAGS += $(SANITIZE)
# modlwip's error callback reads the state of a pcb that lwIP has freed
$(BUILD)/extmod/modlwip.o: CFLAGS += -fno-sanitize=address
endif
