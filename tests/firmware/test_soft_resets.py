# test_soft_resets.py - test after test with a soft reset now and then: nothing is lost
# SPDX-License-Identifier: MIT

import json
import time

import pytest
from board import LWIP_OBJECTS
from emulator import HOST, Emulator

# Tests between two resets, and how often.
LENGTHS = pytest.mark.parametrize(
    "tests, rounds",
    [(5, 4), pytest.param(10, 10, marks=[pytest.mark.slow, pytest.mark.time_limit(300)])],
)

KINDS = ["", "reverse=True", "bidir=True", "parallel=4", "udp=True, bandwidth=5_000_000"]

FREE = """
import gc, json
gc.collect()
print(json.dumps([gc.mem_free(), nic.lwip_used()]))
"""


@pytest.fixture
def prompt(cpu, network):
    """Freshly booted firmware at its prompt."""
    board = Emulator(cpu)
    yield board
    board.kill()


def memory(board, timeout=5):
    """Bytes of Python's heap that are free, and what is taken of lwIP's pools, once
    the last connection is gone."""
    deadline = time.monotonic() + timeout
    while True:
        free, used = json.loads(board.run(FREE))
        used = {name: used[name] for name in LWIP_OBJECTS}
        if used["tcp_active"] == used["pbuf_pool"] == 0 or time.monotonic() > deadline:
            return free, used


@LENGTHS
def test_clients_between_soft_resets(tests, rounds, prompt, iperf3):
    server = iperf3.server()
    noted = []
    for number in range(tests * rounds):
        if number % tests == 0:
            prompt.soft_reset()
            prompt.connect()
            prompt.run("import iperf3_lwip")
        kind = KINDS[number % len(KINDS)]
        server.wait_until_listening(number + 1)
        prompt.run(f"iperf3_lwip.client({HOST!r}, bytes=100_000, quiet=True, {kind})")
        noted.append(memory(prompt))
    assert server.errors == ""

    assert noted[-1] == noted[0]


def test_a_soft_reset_ends_what_runs_in_the_background(prompt, iperf3):
    noted = []
    for _ in range(4):
        server = iperf3.server("-1 -i 0.1")
        prompt.soft_reset()
        prompt.connect()
        prompt.run("import iperf3_lwip")
        noted.append(memory(prompt))
        prompt.run(f"client = iperf3_lwip.Client({HOST!r}, quiet=True)")
        prompt.run("client.start(background=True)")
        server.wait_for("bits/sec")
        prompt.soft_reset()
        server.wait_for_error("the client has terminated|unable to read from stream socket")
        server.finish()
    assert noted[-1] == noted[0]
