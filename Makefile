# The front door: every way to build, test and look at this project. `make help` lists them.

PYTHON ?= /usr/bin/python3
JOBS ?= $(shell nproc)
BUILD := $(CURDIR)/build

# the user's own source trees, if given
MICROPYTHON := $(abspath $(or $(MICROPYTHON_DIR),$(BUILD)/deps/micropython))
LWIP := $(abspath $(or $(LWIP_DIR),$(BUILD)/deps/lwip))
CMOCKA := $(abspath $(or $(CMOCKA_DIR),$(BUILD)/deps/cmocka))
export MICROPYTHON_DIR LWIP_DIR CMOCKA_DIR

.DEFAULT_GOAL := help
.SUFFIXES:

.PHONY: help
help: ## this list
	@echo "make TARGET, with MICROPYTHON_DIR= and LWIP_DIR= for source trees of your own:"
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

### What builds need ###

.PHONY: deps deps-build deps-arm deps-dev deps-cmocka deps-peers
deps: ## install missing Debian packages, fetch MicroPython, lwIP, cmocka and other versions of iperf3
	@tools/deps
deps-build deps-arm deps-dev deps-cmocka: deps-%:
	@tools/deps $*
# Tests skip the versions that cannot be had; CI does not (.ci/run).
deps-peers:
	@tools/deps peers || true

### A first look ###

.PHONY: demo
demo: firmware ## both roles against the real iperf3, on an emulated Cortex-M; CPU=m3, m7 or m55
	@$(PYTHON) tools/demo --cpu $(CPU)

### MicroPython ###

# MicroPython's makefiles see changed files, but not changed flags or trees: then
# the build begins anew. $(call keep_if_same,FOLDER,FLAGS)
define keep_if_same
	@mkdir -p $(1)
	@if [ "$(2) $(MICROPYTHON) $(LWIP)" != "$$(cat $(1)/flags 2>/dev/null)" ]; then \
		rm -rf $(1) && mkdir $(1) && echo "$(2) $(MICROPYTHON) $(LWIP)" >$(1)/flags; \
	fi
endef

# MicroPython's version is not to be that of the git repository around its tree.
MICROPYTHON_MAKE = GIT_CEILING_DIRECTORIES=$(dir $(MICROPYTHON)) \
	$(MAKE) $(if $(filter -j%,$(MAKEFLAGS)),,-j$(JOBS)) --no-print-directory -s -C $(MICROPYTHON)

# Links, for MicroPython looks for modules in a folder's folders.
USERMODS := $(BUILD)/usermods

.PHONY: usermods
usermods:
	@mkdir -p $(USERMODS)/tap $(USERMODS)/qemu $(USERMODS)/bench
	@ln -sfn $(CURDIR) $(USERMODS)/tap/iperf3_lwip
	@ln -sfn $(CURDIR) $(USERMODS)/qemu/iperf3_lwip
	@ln -sfn $(CURDIR)/tests/micropython/lwiperf $(USERMODS)/tap/lwiperf
	@ln -sfn $(CURDIR) $(USERMODS)/bench/iperf3_lwip
	@ln -sfn $(CURDIR)/tests/micropython/bare $(USERMODS)/bench/bare

# The unix port on a TAP device
VARIANT ?= tap
TAP_PORT := $(CURDIR)/ports/micropython-tap
TAP_BUILD := $(BUILD)/micropython-tap$(if $(filter asan,$(VARIANT)),-asan)

.PHONY: micropython
micropython: deps-build usermods ## MicroPython with lwIP on TAP and the module; VARIANT=asan: with sanitizers
	$(call keep_if_same,$(TAP_BUILD),$(VARIANT) $$(cat $(TAP_PORT)/*.mk $(TAP_PORT)/mpconfigvariant.h ports/*/lwip.mk | cksum))
	@$(MICROPYTHON_MAKE)/ports/unix VARIANT=$(VARIANT) VARIANT_DIR=$(TAP_PORT) BUILD=$(TAP_BUILD) \
		LWIP_TREE=$(LWIP) USER_C_MODULES=$(USERMODS)/tap

# The unix port with the sockets of the host, for iperf3.py alone; without the
# libraries that Debian's source package leaves out
UNIX_BUILD := $(BUILD)/micropython-unix
MPY_CROSS := $(BUILD)/mpy-cross/mpy-cross

.PHONY: micropython-unix mpy-cross
micropython-unix: deps-build
	@$(MICROPYTHON_MAKE)/ports/unix BUILD=$(UNIX_BUILD) FROZEN_MANIFEST= \
		MICROPY_PY_SSL=0 MICROPY_SSL_MBEDTLS=0 MICROPY_PY_BTREE=0 MICROPY_PY_FFI=0

mpy-cross: deps-build
	@$(MICROPYTHON_MAKE)/mpy-cross BUILD=$(BUILD)/mpy-cross

# The qemu port with Ethernet; MODULE=no: without the module, to compare with
CPU ?= m55
QEMU_PORT := $(CURDIR)/ports/micropython-qemu
FIRMWARE_BUILD := $(BUILD)/firmware-$(CPU)$(if $(filter no,$(MODULE)),-without-module)

.PHONY: firmware
firmware: deps-build deps-arm usermods ## MicroPython for an emulated Cortex-M; CPU=m3, m7 or m55; tools/qemu-run boots it
	$(call keep_if_same,$(FIRMWARE_BUILD),$(CPU) $$(cat $(QEMU_PORT)/*.mk $(QEMU_PORT)/mpconfigboard.h ports/*/lwip.mk ports/mps2/cpu.mk | cksum))
	@$(MICROPYTHON_MAKE)/ports/qemu BOARD=firmware BOARD_DIR=$(QEMU_PORT) CPU=$(CPU) \
		BUILD=$(FIRMWARE_BUILD) LWIP_TREE=$(LWIP) \
		$(if $(filter no,$(MODULE)),,USER_C_MODULES=$(USERMODS)/qemu)

# The same with what make bench compares the module with
.PHONY: firmware-bench
firmware-bench: deps-build deps-arm usermods mpy-cross
	$(call keep_if_same,$(BUILD)/bench/firmware,$(CPU) $$(cat $(QEMU_PORT)/*.mk $(QEMU_PORT)/mpconfigboard.h ports/*/lwip.mk ports/mps2/cpu.mk | cksum))
	@$(MICROPYTHON_MAKE)/ports/qemu BOARD=firmware BOARD_DIR=$(QEMU_PORT) CPU=$(CPU) \
		BUILD=$(BUILD)/bench/firmware LWIP_TREE=$(LWIP) USER_C_MODULES=$(USERMODS)/bench \
		FROZEN_MANIFEST=$(CURDIR)/python/manifest.py MPY_LIB_DIR=$(CURDIR) \
		MICROPY_MPYCROSS=$(MPY_CROSS) MICROPY_MPYCROSS_DEPENDENCY=$(MPY_CROSS)

# The example in C without MicroPython, for the same boards
.PHONY: baremetal
baremetal: deps-build deps-arm ## the example in C: build/bare-metal-m55/server.elf; CPU=m3, m7 or m55
	$(call keep_if_same,$(BUILD)/bare-metal-$(CPU),$(CPU))
	@$(MAKE) --no-print-directory $(if $(filter -j%,$(MAKEFLAGS)),,-j$(JOBS)) -C ports/bare-metal \
		CPU=$(CPU) BUILD=$(BUILD)/bare-metal-$(CPU) LWIP=$(LWIP)

# The engine as a Linux program
.PHONY: tap
tap: deps-build ## iperf3 on lwIP as a Linux program: build/tap/iperf3-lwip, for a TAP device
	@cmake -S . -B $(BUILD)/tap -DCMAKE_BUILD_TYPE=RelWithDebInfo -DLWIP_DIR=$(LWIP) >/dev/null
	@cmake --build $(BUILD)/tap --target iperf3-lwip --parallel $(JOBS) -- --no-print-directory -s

# What the tests of firmware want: the module and not, on each processor
FIRMWARE_CPUS ?= m3 m55

.PHONY: firmware-pair firmwares
firmware-pair:
	@for module in yes no; do \
		$(MAKE) --no-print-directory firmware CPU=$(CPU) MODULE=$$module || exit; \
	done

firmwares:
	@for cpu in $(FIRMWARE_CPUS); do for target in firmware-pair baremetal; do \
		$(MAKE) --no-print-directory $$target CPU=$$cpu || exit; \
	done; done

### Tests ###

.PHONY: host-gcc host-clang
host-gcc host-clang: host-%: deps-build deps-dev
	@cmake -S . -B $(BUILD)/$@ -DCMAKE_C_COMPILER=$* -DSANITIZE=ON -DLWIP_DIR=$(LWIP) >/dev/null
	@cmake --build $(BUILD)/$@ --parallel $(JOBS) -- --no-print-directory -s

# The unit tests as machine code for Cortex-M, on emulated boards
UNIT_CPUS ?= m0plus m3 m55
CORTEX := $(UNIT_CPUS:%=cortex-%)
CORTEX_FILES := tests/unit/cortex-m

.PHONY: $(CORTEX)
$(CORTEX): cortex-%: deps-build deps-arm deps-cmocka
	$(call keep_if_same,$(BUILD)/$@,$* $$(cat $(CORTEX_FILES)/toolchain.cmake ports/mps2/cpu.mk ports/mps2/*.ld | cksum))
	@cmake -S . -B $(BUILD)/$@ --toolchain $(CORTEX_FILES)/toolchain.cmake --no-warn-unused-cli \
		-DCPU=$* -DCMOCKA_DIR=$(CMOCKA) >/dev/null
	@cmake --build $(BUILD)/$@ --parallel $(JOBS) -- --no-print-directory -s

RUN_TESTS := $(PYTHON) tools/run_tests.py
UNIT_TESTS := $(patsubst %,--ctest $(BUILD)/% unit,host-gcc host-clang $(CORTEX))
LOOP_TESTS := --ctest $(BUILD)/host-gcc loop --ctest $(BUILD)/host-clang loop
USAGE_TESTS = --pytest '-o junit_family=xunit1 tests/usage --micropython $(TAP_BUILD)/micropython \
	--micropython-unix $(UNIX_BUILD)/micropython $(PYTEST_ARGS)'
FIRMWARE_TESTS = --pytest '-o junit_family=xunit1 tests/firmware $(FIRMWARE_CPUS:%=--cpu %) $(PYTEST_ARGS)' \
	$(foreach cpu,$(FIRMWARE_CPUS),--pytest '-o junit_family=xunit1 --cpu $(cpu) $(PYTEST_ARGS) \
		tests/interop/test_interrupt.py tests/interop/test_connecting.py')
INTEROP_TESTS = --pytest '-o junit_family=xunit1 tests/interop \
	--micropython $(TAP_BUILD)/micropython $(PYTEST_ARGS)'

PROGRAM_TESTS = --pytest '-o junit_family=xunit1 tests/tap \
	--program $(BUILD)/host-gcc/iperf3-lwip $(PYTEST_ARGS)'

PYTHON_TESTS = --pytest '-o junit_family=xunit1 tests/python --micropython $(TAP_BUILD)/micropython \
	--micropython-unix $(UNIX_BUILD)/micropython --cpu $(CPU) $(PYTEST_ARGS)'

.PHONY: unit loop interop program python usage emulated test
unit: host-gcc host-clang $(CORTEX) ## tests of src/core and src/report, one file at a time; UNIT_CPUS="m0plus m3 m7 m55"
	@$(RUN_TESTS) $(UNIT_TESTS)

loop: host-gcc host-clang ## tests of the engine: both ends on one lwIP, in virtual time
	@$(RUN_TESTS) $(LOOP_TESTS)

interop: deps-dev deps-peers micropython ## MicroPython against the real iperf3; PYTEST_ARGS="-m ''" for all of it
	@$(RUN_TESTS) $(INTEROP_TESTS)

program: deps-peers host-gcc ## iperf3-lwip, with sanitizers, against the real iperf3
	@$(RUN_TESTS) $(PROGRAM_TESTS)

python: deps-dev micropython micropython-unix mpy-cross firmware-pair ## iperf3.py, on all that it runs on, against the real iperf3
	@$(RUN_TESTS) $(PYTHON_TESTS)

usage: deps-dev micropython micropython-unix firmware tap ## the examples, those in the documents too, run as written; builds as users make them
	@$(RUN_TESTS) $(USAGE_TESTS)

emulated: deps-dev firmwares ## firmware on emulated Cortex-M, against the real iperf3; FIRMWARE_CPUS="m3 m7 m55"
	@$(RUN_TESTS) $(FIRMWARE_TESTS)

test: host-gcc host-clang $(CORTEX) deps-peers tap micropython micropython-unix firmwares ## every test that CI runs
	@$(RUN_TESTS) --check tools/check_layers.py --check tools/check_chart_rows \
		--check "tools/check_docs --lwip $(LWIP)" --check "tools/size.py --lwip $(LWIP) --check" \
		$(UNIT_TESTS) $(LOOP_TESTS) $(FIRMWARE_TESTS) $(INTEROP_TESTS) $(PROGRAM_TESTS) $(PYTHON_TESTS) $(USAGE_TESTS)

SECONDS ?= 60
FUZZ_BUILD := $(BUILD)/fuzz

.PHONY: fuzz
fuzz: deps-build deps-dev ## every fuzzer for SECONDS=60
	@cmake -S . -B $(FUZZ_BUILD) -DCMAKE_C_COMPILER=clang -DFUZZ=ON >/dev/null
	@cmake --build $(FUZZ_BUILD) --parallel $(JOBS) -- --no-print-directory -s
	@tools/run_fuzzers $(FUZZ_BUILD) $(SECONDS)

### Speed ###

.PHONY: bench
bench: firmware-bench ## instructions per byte on an emulated Cortex-M55: results.json, docs/BENCHMARKS.md
	@tools/deps bench
	@gcc -O2 -std=c99 -Wall -Wextra -Werror -shared -fPIC -o $(BUILD)/bench/instructions.so tests/bench/instructions.c
	@$(PYTHON) tools/bench --cpu $(CPU)

### The sources ###

.PHONY: size lint format
size: firmware micropython-unix mpy-cross ## bytes of engine and module on Cortex-M0+, M4 and M55, and of iperf3.py
	@$(PYTHON) tools/size.py --lwip $(LWIP) --micropython $(MICROPYTHON) --firmware $(FIRMWARE_BUILD)
	@$(PYTHON) tools/size_python.py --mpy-cross $(MPY_CROSS) --micropython $(UNIX_BUILD)/micropython

lint: host-gcc host-clang ## formatting, layers, spelling, cppcheck, clang-tidy
	@MICROPYTHON_DIR=$(MICROPYTHON) PYTHON=$(PYTHON) tools/lint

format: deps-build deps-dev ## C as MicroPython formats it, Python as black does
	@MICROPYTHON_DIR=$(MICROPYTHON) PYTHON=$(PYTHON) tools/format

### Cleaning ###

.PHONY: clean
clean: ## remove what was built; the source trees stay
	@find $(BUILD) -mindepth 1 -maxdepth 1 ! -name deps -exec rm -rf {} + 2>/dev/null || true
