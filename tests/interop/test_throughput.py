# test_throughput.py - as fast as lwIP's own iperf2 server and client, lwiperf
# SPDX-License-Identifier: MIT
#
# Both run in the same binary over the same TAP device. How fast that is differs
# from moment to moment: rounds of the two alternate, each is a ratio of its own, and
# the median of the ratios counts. More rounds are run while it is too small.

import statistics

import pytest
from namespace import BOARD, HOST
from program import Program

IPERF2_PORT = 5001
ROUNDS = 7
MOST_ROUNDS = 21
SECONDS = 1
AS_FAST = 0.95

pytestmark = pytest.mark.time_limit(120)


def compare(role, ours, lwiperf, record_property):
    """Both are functions that return bits/s."""
    ratios = []
    while len(ratios) < ROUNDS or (ratio < AS_FAST and len(ratios) < MOST_ROUNDS):
        a, b = ours(), lwiperf()
        print(f"{role}: iperf3_lwip {a / 1e6:7.1f} Mbit/s, lwiperf {b / 1e6:7.1f} Mbit/s")
        ratios.append(a / b)
        ratio = statistics.median(ratios)
    print(f"{role}: median of the ratios {ratio:.3f}")
    record_property(f"{role} ratio", round(ratio, 3))
    assert ratio >= AS_FAST


@pytest.fixture
def iperf2():
    started = []

    def start(options):
        started.append(Program(["iperf", *options.split()]))
        return started[-1]

    yield start
    for program in started:
        program.kill()


def test_sending(board, iperf3, iperf2, record_property):
    board.exec("import lwiperf")
    iperf3.server()
    iperf2("-s").wait_for("Server listening")

    def ours():
        result = board.client(HOST, duration=SECONDS, quiet=True).result()
        return result["receiver"]["bits_per_second"]

    def lwiperf():
        moved, ms = board.eval(f"lwiperf.client({HOST!r}, {IPERF2_PORT}, {SECONDS})")
        return moved * 8000 / ms

    compare("sending", ours, lwiperf, record_property)


def test_receiving(board, iperf3, iperf2, record_property):
    board.exec("import lwiperf")

    def ours():
        server = board.server()
        iperf3.client(BOARD, f"-t {SECONDS}").succeed()
        return server.result()["receiver"]["bits_per_second"]

    def lwiperf():
        task = board.start(f"lwiperf.server({IPERF2_PORT}, {SECONDS + 10})")
        while "refused" in iperf2(f"-c {BOARD} -t {SECONDS}").finish().errors:
            pass  # the server says nothing when it is ready
        moved, ms = task.result()
        return moved * 8000 / ms

    compare("receiving", ours, lwiperf, record_property)
