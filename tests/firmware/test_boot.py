# test_boot.py - from firmware without the module to a test, one step at a time
# SPDX-License-Identifier: MIT
#
# The first step that fails is where to look. What each costs is printed at the end.

import subprocess

import pytest
from emulator import HOST, LOCALHOST, Emulator, elf

# What an import and a call may leave on the heap: names, the table of modules.
FEW_BYTES = 512

# Prints how much was allocated while it ran, beyond what was before.
RUN = """
gc.collect()
before = most = gc.mem_alloc()
def note(interval):
    global most
    gc.collect()
    most = max(most, gc.mem_alloc())
print(iperf3_lwip.{}['bytes'], most - before)
"""


def sections(path):
    """Bytes of .text, .data and .bss."""
    command = ["arm-none-eabi-size", path]
    output = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return [int(size) for size in output.splitlines()[1].split()[:3]]


def allocated(board):
    return int(board.run("import gc; gc.collect(); print(gc.mem_alloc())"))


class Steps:
    """One boot, and what each step on it has cost."""

    def __init__(self, cpu, costs):
        self.board = Emulator(cpu)
        self._cpu = cpu
        self._costs = costs
        self._allocated = allocated(self.board)

    def note(self, step, while_it_runs=""):
        """The heap since the last step."""
        before, self._allocated = self._allocated, allocated(self.board)
        growth = self._allocated - before
        self._costs.append((self._cpu, step, "", "", "", growth, while_it_runs))
        return growth


@pytest.fixture(scope="module")
def steps(cpu, costs, network):
    steps = Steps(cpu, costs)
    yield steps
    steps.board.kill()


def test_firmware_without_the_module(cpu, costs, network):
    firmware = elf(cpu, module=False)
    board = Emulator(cpu, firmware)
    try:
        costs.append((cpu, "without the module", *sections(firmware), allocated(board), ""))
        board.connect()
    finally:
        board.kill()


def test_the_module_registered_only(steps, cpu, costs):
    before = sections(elf(cpu, module=False))
    growth = [size - old for size, old in zip(sections(elf(cpu)), before)]
    costs.append((cpu, "with the module", *growth, "", ""))
    text, data, bss = growth
    assert 10_000 < text < 40_000
    assert data == 0
    assert bss <= 64
    assert "iperf3_lwip" in steps.board.run("help('modules')")


def test_import(steps):
    steps.board.run("import iperf3_lwip")
    assert steps.note("import iperf3_lwip") <= FEW_BYTES


def test_connect(steps):
    steps.board.connect()
    steps.note("network.LAN()")


def test_client(steps, iperf3):
    server = iperf3.server("-1")
    call = f"client({HOST!r}, duration=1, interval=0.5, quiet=True, on_interval=note)"
    moved, while_it_runs = map(int, steps.board.run(RUN.format(call)).split())
    server.succeed()
    assert moved > 100_000
    assert steps.note("client()", while_it_runs) <= FEW_BYTES


def test_server(steps, iperf3):
    call = "server(interval=0.5, quiet=True, on_interval=note)"
    output = steps.board.start_run(RUN.format(call))
    client = iperf3.client(LOCALHOST, "-t 1", port=steps.board.port)
    moved, while_it_runs = map(int, output().split())
    client.succeed()
    assert moved > 100_000
    assert steps.note("server()", while_it_runs) <= FEW_BYTES
