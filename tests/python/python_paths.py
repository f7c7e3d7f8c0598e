# python_paths.py - what runs iperf3.py
# SPDX-License-Identifier: MIT
#
# Its own code on the sockets of CPython ("cpython"), of MicroPython's unix port ("unix")
# and of lwIP ("tap"); and the module iperf3_lwip ("accelerated").

import pathlib

import pytest

SCRIPT = str(pathlib.Path(__file__).resolve().parents[2] / "python/iperf3.py")

PURE = ["cpython", "unix", "tap"]
PATHS = [*PURE, "accelerated"]


def on(*paths, slow=()):
    """Runs a test on these paths, and in the long form also on the slow ones."""
    values = [*paths, *(pytest.param(path, marks=pytest.mark.slow) for path in slow)]
    return pytest.mark.parametrize("path", values)
