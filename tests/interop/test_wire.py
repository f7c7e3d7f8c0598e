# test_wire.py - the order of things on the wire, above all at the end of a test
# SPDX-License-Identifier: MIT

import pytest
from capture import FIN, RST
from namespace import BOARD, HOST
from scripted_peer import (
    CLIENT_TERMINATE,
    CREATE_STREAMS,
    DISPLAY_RESULTS,
    EXCHANGE_RESULTS,
    IPERF_DONE,
    PARAM_EXCHANGE,
    SERVER_TERMINATE,
    TEST_END,
    TEST_RUNNING,
    TEST_START,
)

AT_ONCE_S = 0.3
FROM_CLIENT = ["json", TEST_END, "json", IPERF_DONE]
FROM_SERVER = [
    PARAM_EXCHANGE,
    CREATE_STREAMS,
    TEST_START,
    TEST_RUNNING,
    EXCHANGE_RESULTS,
    "json",
    DISPLAY_RESULTS,
]
KINDS = {
    "forward": ({}, ""),
    "reverse": ({"reverse": True}, "-R"),
    "bidir": ({"bidir": True}, "--bidir"),
    "parallel 2": ({"parallel": 2}, "-P 2"),
}
EACH_KIND = pytest.mark.parametrize("kind", KINDS)


def states(messages):
    return [what for _, what in messages]


class Course:
    """A recorded test."""

    def __init__(self, capture, board_is_client):
        self.control, *self.streams = capture.connections()
        self.client = self.control.messages(from_board=board_is_client, cookie=True)
        self.server = self.control.messages(from_board=not board_is_client, cookie=False)
        assert states(self.client) == FROM_CLIENT
        assert states(self.server) == FROM_SERVER
        self.done = self.time_of(IPERF_DONE)

    def time_of(self, state):
        return next(time for time, what in self.client + self.server if what == state)

    def check_end(self):
        """As the protocol wants it: the board resets nothing before the end, and
        then does not let the other side wait."""
        for connection in (self.control, *self.streams):
            assert all(time >= self.done for time in connection.times(RST, from_board=True))
        ends = self.control.times(FIN, from_board=True) + self.control.times(RST, from_board=True)
        assert 0 <= min(ends) - self.done < AT_ONCE_S


@EACH_KIND
def test_course_of_a_client(kind, board, iperf3, capture):
    arguments, _ = KINDS[kind]
    server = iperf3.server("-1")
    board.client(HOST, duration=1, **arguments).result()
    server.succeed()
    Course(capture, board_is_client=True).check_end()


@EACH_KIND
def test_course_of_a_server(kind, board, iperf3, capture):
    _, options = KINDS[kind]
    server = board.server()
    iperf3.client(BOARD, f"-t 1 {options}").succeed()
    server.result()
    course = Course(capture, board_is_client=False)
    course.check_end()
    if "-R" not in options and "--bidir" not in options:
        # A stream that the board sends on may still have to get rid of its data.
        for stream in course.streams:
            end = min(stream.times(FIN, from_board=True))
            assert course.time_of(TEST_END) <= end <= course.time_of(EXCHANGE_RESULTS)


@pytest.mark.parametrize("options", ["", "-R"])
def test_a_stopped_server_says_so_and_ends_all_connections(options, board, iperf3, capture):
    server = board.server(interval=0.2)
    client = iperf3.client(BOARD, f"-t 20 {options}")
    server.wait_for("bits/sec")
    board.interrupt()
    client.finish(3)
    connections = capture.connections()
    assert SERVER_TERMINATE in states(connections[0].messages(from_board=True, cookie=False))
    for connection in connections:
        assert connection.times(FIN, from_board=True) + connection.times(RST, from_board=True)


@pytest.mark.parametrize("arguments", [{}, {"reverse": True}], ids=str)
def test_a_stopped_client_says_so_and_ends_all_connections(arguments, board, iperf3, capture):
    server = iperf3.server("-1")
    client = board.client(HOST, duration=20, interval=0.2, **arguments)
    client.wait_for("bits/sec")
    board.interrupt()
    server.finish(3)
    connections = capture.connections()
    assert CLIENT_TERMINATE in states(connections[0].messages(from_board=True, cookie=True))
    for connection in connections:
        assert connection.times(FIN, from_board=True) + connection.times(RST, from_board=True)
