# test_bare_metal.py - ports/bare-metal, the example in C, serves test after test
# SPDX-License-Identifier: MIT

import subprocess

import pytest
from emulator import LOCALHOST, QEMU_RUN, ROOT
from program import Program

PORT = 5301
LENGTH = "-l 1460"  # else the client takes long packets inside this machine as the measure
TESTS = ["", "-R", "--bidir", "-P 4", "-R -P 4", f"-u -b 5M {LENGTH}", f"-u -b 5M -R {LENGTH}"]


@pytest.fixture
def server(cpu, network):
    elf = ROOT / f"build/bare-metal-{cpu}/server.elf"
    command = [str(QEMU_RUN), "--cpu", cpu, "--forward", f"{PORT}:5201", str(elf)]
    server = Program(command, stdin=subprocess.PIPE)
    server.wait_for("^address ")
    yield server
    server.kill()


def test_one_after_another(server, iperf3):
    for number, options in enumerate(TESTS, start=1):
        server.wait_for(rf"Server listening on 5201 \(test #{number}\)")
        iperf3.client(LOCALHOST, f"-t 1 {options}", port=PORT).succeed()
    server.wait_for(rf"Server listening on 5201 \(test #{len(TESTS) + 1}\)")
    assert "error" not in server.output


def test_an_error_is_told(server, iperf3):
    iperf3.client(LOCALHOST, "-u -l 20000", port=PORT).fail("block size invalid")
    server.wait_for("iperf3: error - block size invalid")
