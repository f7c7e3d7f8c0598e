# python_paths.py - what runs iperf3.py
# SPDX-License-Identifier: MIT

import pathlib

SCRIPT = str(pathlib.Path(__file__).resolve().parents[2] / "python/iperf3.py")

# its own sockets code on CPython, MicroPython's unix port, and lwIP's sockets; and the
# module iperf3_lwip
PATHS = ["cpython", "unix", "tap", "accelerated"]
PURE = PATHS[:3]
