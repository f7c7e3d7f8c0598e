# kinds.py - tests that are run in several ways: as the module and as iperf3 ask for them
# SPDX-License-Identifier: MIT

REFERENCE_PORT = 5299  # two real iperf3 talk to each other there

DIRECTIONS = {
    "forward": ({}, ""),
    "reverse": ({"reverse": True}, "-R"),
    "bidir": ({"bidir": True}, "--bidir"),
    "parallel 2": ({"parallel": 2}, "-P 2"),
    "reverse parallel 2": ({"reverse": True, "parallel": 2}, "-R -P 2"),
    "bidir parallel 2": ({"bidir": True, "parallel": 2}, "--bidir -P 2"),
}
