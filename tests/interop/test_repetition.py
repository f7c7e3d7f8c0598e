# test_repetition.py - test after test, with nothing left behind
# SPDX-License-Identifier: MIT

import pytest
from namespace import BOARD, HOST
from versions import EACH_VERSION

KINDS = [
    ({}, ""),
    ({"reverse": True}, "-R"),
    ({"bidir": True}, "--bidir"),
    ({"parallel": 4}, "-P 4"),
]
WARM_UP = 4  # tests until the board has everything that it keeps

# How many tests, and how much each of them moves.
LENGTHS = pytest.mark.parametrize(
    "count, arguments, options",
    [
        pytest.param(50, {"bytes": 500_000}, "-n 500K", id="50 short"),
        pytest.param(
            50,
            {"duration": 1},
            "-t 1",
            id="50 seconds",
            marks=[pytest.mark.slow, pytest.mark.time_limit(200)],
        ),
    ],
)


class Memory:
    """What is free on the board must not become less from test to test. The
    collector takes some numbers on the stack for pointers, so now and then less is
    free: of some tests in a row the best counts. A block (32 bytes) lost in each
    test is seen."""

    SPAN = 10
    TOLERANCE = 8 * 32

    def __init__(self, board):
        self._board = board
        self._free = []

    def note(self):
        self._board.wait_until_lwip_is_idle()
        self._free.append(self._board.eval("(gc.collect(), gc.mem_free())[1]"))

    def check(self):
        first, last = self._free[WARM_UP:][: self.SPAN], self._free[-self.SPAN :]
        assert max(last) >= max(first) - self.TOLERANCE, self._free


@LENGTHS
def test_clients_one_after_another(count, arguments, options, board, iperf3):
    memory = Memory(board)
    server = iperf3.server()
    for number in range(1, count + 1):
        server.wait_until_listening(number)
        kind, _ = KINDS[number % len(KINDS)]
        board.client(HOST, **arguments, **kind).result()
        memory.note()
    memory.check()
    assert server.errors == ""


@LENGTHS
def test_servers_one_after_another(count, arguments, options, board, iperf3):
    memory = Memory(board)
    for number in range(1, count + 1):
        server = board.server()
        _, kind = KINDS[number % len(KINDS)]
        iperf3.client(BOARD, f"{options} {kind}").succeed()
        server.result()
        memory.note()
    memory.check()


@EACH_VERSION
def test_both_roles_in_turn(board, iperf3):
    server = iperf3.server()
    for number in range(1, 11):
        server.wait_until_listening(number)
        board.client(HOST, bytes=200_000).result()
        task = board.server()
        iperf3.client(BOARD, "-n 200K").succeed()
        task.result()


@pytest.mark.parametrize("options", ["", "-R", "--bidir", "-u", "-u -R", "-u --bidir"])
def test_a_client_may_use_the_same_ports_again(options, board, iperf3):
    """lwIP does not accept a connection from a port that it remembers in TIME-WAIT,
    for two minutes: a server must not leave its streams there."""
    for _ in range(3):
        server = board.server()
        iperf3.client(BOARD, f"--cport 40000 -b 100M -n 500K {options}").succeed(timeout=5)
        ports = [stream["remote_port"] for stream in server.result()["streams"]]
        assert ports == [40000, 40001][: len(ports)]


def test_failures_leave_nothing_behind(board):
    board.exec(
        f"""
def refused():
    try:
        iperf3_lwip.client({HOST!r}, quiet=True)
    except OSError:
        pass
"""
    )
    memory = Memory(board)
    for _ in range(50):
        board.exec("refused()")
        memory.note()
    memory.check()


@pytest.mark.parametrize("arguments", [{}, {"reverse": True}, {"udp": True}], ids=str)
def test_clients_back_to_back_without_a_pause(arguments, board, iperf3):
    """A client returns when the real server takes the next one."""
    iperf3.server()
    board.exec(f"arguments = {arguments!r}")
    board.exec(
        f"for _ in range(30): iperf3_lwip.client({HOST!r}, bytes=20_000, quiet=True, **arguments)",
        timeout=30,
    )
