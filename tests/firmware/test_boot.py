# test_boot.py - from firmware without the module to a test, one step at a time
# SPDX-License-Identifier: MIT
#
# The first step that fails is where to look. What each costs is printed at the end.

import subprocess

import pytest
from emulator import HOST, LOCALHOST, Emulator, elf
from steps import FEW_BYTES, RUN, Steps, allocated


def sections(path):
    """Bytes of .text, .data and .bss."""
    command = ["arm-none-eabi-size", path]
    output = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return [int(size) for size in output.splitlines()[1].split()[:3]]


@pytest.fixture(scope="module")
def steps(cpu, costs, network):
    board = Emulator(cpu)
    try:
        yield Steps(board, costs)
    finally:
        board.kill()


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
    call = f"iperf3_lwip.client({HOST!r}, duration=1, interval=0.5, quiet=True, on_interval=note)"
    moved, while_it_runs = map(int, steps.board.run(RUN.format(call)).split())
    server.succeed()
    assert moved > 100_000
    assert steps.note("client()", while_it_runs) <= FEW_BYTES


def test_server(steps, iperf3):
    output = steps.board.start_run(
        RUN.format("iperf3_lwip.server(interval=0.5, on_interval=note)")
    )
    steps.board.expect("^Server listening on .*\n-+\n")
    client = iperf3.client(LOCALHOST, "-t 1", port=steps.board.port)
    moved, while_it_runs = map(int, output().split()[-2:])
    client.succeed()
    assert moved > 100_000
    assert steps.note("server()", while_it_runs) <= FEW_BYTES
