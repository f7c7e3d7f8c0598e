# test_interop.py - every direction of both protocols in both roles, on a TAP device
# SPDX-License-Identifier: MIT
#
# The receive FIFO of the emulated controller holds six frames and drops what comes
# then: what TAP gave and lwIP did not get is just what is missing, and lwIP drops
# nothing. With TCP all streams of a test share it, so several go at a rate where the
# board receives; datagrams may be lost, but must be counted.

import namespace
import pytest
from counts import check_tcp_client, check_tcp_server, received
from emulator import Emulator
from namespace import BOARD, HOST

FRAMES = ({"bandwidth": 3_000_000, "length": 1460}, "-b 3M -l 1460")
UDP = ({"udp": True, "bandwidth": 5_000_000}, "-u -b 5M")

# Of what was sent, the part that may be under way when the receiver stops to count.
UNDER_WAY = 0.1
MOST_LOST = 0.2

KINDS = {
    "forward": ({}, ""),
    "reverse": ({"reverse": True}, "-R"),
    "bidir": ({"bidir": True}, "--bidir"),
    "parallel 4": ({"parallel": 4}, "-P 4"),
    "reverse parallel 4": ({"reverse": True, "parallel": 4}, "-R -P 4"),
}
SHORT_KINDS = ("bidir", "parallel 4")
EACH_KIND = pytest.mark.parametrize(
    "kind",
    [pytest.param(k, marks=[] if k in SHORT_KINDS else pytest.mark.slow) for k in KINDS],
)


@pytest.fixture
def board(cpu, network, request):
    """Freshly booted firmware. Not on QEMU's own network, which acknowledges what it
    has not yet passed on: no byte is counted wrong here."""
    board = Emulator(cpu, tap=namespace.TAP).serve(BOARD)
    yield board
    board.end(request.node)


def combined(*parts):
    """(arguments of client(), options of the real client) of all parts."""
    arguments = {name: value for part, _ in parts for name, value in part.items()}
    return arguments, " ".join(options for _, options in parts)


def tcp_case(kind, kind_that_crowds_the_board):
    return combined(KINDS[kind], *[FRAMES] * (kind == kind_that_crowds_the_board))


def check_datagrams(result):
    """What was sent has come, is known to be lost, or was under way at the end."""
    for figures in (result, result.get("reverse")):
        if figures is not None:
            sender, receiver = figures["sender"], figures["receiver"]
            length = sender["bytes"] // sender["packets"]
            assert receiver["bytes"] == received(figures) * length
            assert (1 - UNDER_WAY) * sender["packets"] <= receiver["packets"] <= sender["packets"]
            assert receiver["lost_packets"] <= MOST_LOST * sender["packets"]


@EACH_KIND
def test_tcp_client(kind, board, iperf3):
    arguments, _ = tcp_case(kind, "reverse parallel 4")
    server = iperf3.server("-1 -J")
    result = board.client(HOST, duration=1, **arguments).result()
    check_tcp_client(result, arguments, server.succeed().document["end"])


@EACH_KIND
def test_tcp_server(kind, board, iperf3):
    arguments, options = tcp_case(kind, "parallel 4")
    server = board.server()
    client = iperf3.client(BOARD, f"-t 1 -J --get-server-output {options}").succeed()
    check_tcp_server(server.result(), arguments, client.document["end"])
    assert "Accepted connection" in client.document["server_output_text"]


@EACH_KIND
def test_udp_client(kind, board, iperf3):
    arguments, _ = combined(KINDS[kind], UDP)
    server = iperf3.server("-1 -J")
    result = board.client(HOST, duration=1, **arguments).result()
    streams = server.succeed().document["end"]["streams"]
    check_datagrams(result)
    for stream, theirs in zip(result["streams"], streams, strict=True):
        assert theirs["udp"]["packets"] == stream["remote"]["packets"]


@EACH_KIND
def test_udp_server(kind, board, iperf3):
    arguments, options = combined(KINDS[kind], UDP)
    server = board.server()
    streams = iperf3.client(BOARD, f"-t 1 -J {options}").succeed().document["end"]["streams"]
    result = server.result()
    check_datagrams(result)
    for stream, theirs in zip(result["streams"], streams, strict=True):
        assert theirs["udp"]["packets"] == stream["packets"]
        receiver = stream["remote"] if stream["sender"] else stream
        assert theirs["udp"]["lost_packets"] == receiver["lost_packets"]
