# python_paths.py - what runs iperf3.py
# SPDX-License-Identifier: MIT
#
# Its own code on the sockets of CPython ("cpython"), of MicroPython's unix port ("unix")
# and of lwIP ("tap"; "firmware": on an emulated Cortex-M); and the module iperf3_lwip
# ("accelerated", "accelerated firmware").

import pathlib

import pytest
from emulator import elf

SCRIPT = pathlib.Path(__file__).resolve().parents[2] / "python/iperf3.py"

PURE = ["cpython", "unix", "tap"]
FIRMWARE = ["firmware", "accelerated firmware"]

# MicroPython's sockets on lwIP hold one datagram at a time, the emulated Ethernet
# controller six frames; and a connection that is reset forgets what came before.
PURE_ON_LWIP = ["tap", "firmware"]
MAY_LOSE_DATAGRAMS = ["tap", *FIRMWARE]


def firmware_of(path, config):
    """(CPU, file) of the firmware for a path."""
    cpu = (config.getoption("--cpu") or ["m55"])[-1]
    return cpu, elf(cpu, module="accelerated" in path)


def on(*paths, slow=()):
    """Runs a test on these paths, and in the long form also on the slow ones."""
    values = [*paths, *(pytest.param(path, marks=pytest.mark.slow) for path in slow)]
    return pytest.mark.parametrize("path", values)
