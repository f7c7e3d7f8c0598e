# test_matrix.py - each version of iperf3, role, protocol, direction, ...
# SPDX-License-Identifier: MIT
#
# The short form runs the installed version with one stream over IPv4, and the
# others where most is going on.

import dataclasses
import itertools

import pytest
from counts import check_tcp_client, check_tcp_server, check_udp_direction
from namespace import BOARD, BOARD_IPV6, HOST, HOST_IPV6
from versions import INSTALLED, VERSIONS

DIRECTIONS = {
    "forward": ({}, ""),
    "reverse": ({"reverse": True}, "-R"),
    "bidir": ({"bidir": True}, "--bidir"),
}

# iperf3 since 3.16 sends from threads of their own. At the end one may have written
# a part of a block that is in no count, or in one of two: at full speed its own two
# ends do not agree. At a rate blocks are whole. They are small, since it sends and
# counts them as a whole.
WHOLE_BLOCKS = ({"bandwidth": 20_000_000, "length": 16384}, "-b 20M -l 16K")

UDP_RATE = 5_000_000
UDP = ({"udp": True, "bandwidth": UDP_RATE}, f"-u -b {UDP_RATE}")

# Where a sender goes on until it hears that the test is over, what it has sent
# meanwhile is in nobody's count.
UNDER_WAY_S = 0.1


@dataclasses.dataclass(frozen=True)
class Case:
    version: str
    protocol: str
    direction: str
    parallel: int
    family: str

    def __str__(self):
        return "-".join(map(str, dataclasses.astuple(self)))

    @property
    def short(self):
        """Part of the short form."""
        if self.version == INSTALLED:
            return self.parallel == 1 and self.family == "IPv4"
        return self.direction == "bidir" and self.parallel == 4 and self.family == "IPv6"

    @property
    def _parts(self):
        yield {"parallel": self.parallel}, f"-P {self.parallel}"
        yield DIRECTIONS[self.direction]
        if self.protocol == "UDP":
            yield UDP
        elif self.version == "3.18":
            yield WHOLE_BLOCKS

    @property
    def arguments(self):
        """For client()."""
        return {name: value for part, _ in self._parts for name, value in part.items()}

    @property
    def options(self):
        """The same for the real client."""
        return " ".join(part for _, part in self._parts)


CASES = itertools.starmap(
    Case,
    itertools.product(VERSIONS, ("TCP", "UDP"), DIRECTIONS, (1, 4), ("IPv4", "IPv6")),
)
EACH_CASE = pytest.mark.parametrize(
    "iperf3, case",
    [
        pytest.param(
            case.version, case, id=str(case), marks=[] if case.short else pytest.mark.slow
        )
        for case in CASES
    ],
    indirect=["iperf3"],
)


def most_under_way(result, datagram_length):
    """Of the datagrams of one direction."""
    return UNDER_WAY_S * result["sender"]["bits_per_second"] / (8 * datagram_length)


def check_udp(case, result, end, cut_short):
    """`cut_short`: the direction (or None) where the receiver stops before the sender."""
    directions = {case.direction: result}
    if case.direction == "bidir":
        directions = {"forward": result, "reverse": result["reverse"]}
    for name, figures in directions.items():
        rate = figures["sender"]["bits_per_second"]
        assert 0 < rate <= UDP_RATE * case.parallel * 1.05  # a busy machine may send less
        check_udp_direction(figures, most_under_way(figures, 1400) if name == cut_short else 0)


@EACH_CASE
def test_as_client(case, board, iperf3):
    host = HOST if case.family == "IPv4" else HOST_IPV6
    server = iperf3.server("-1 -J")
    result = board.client(host, duration=1, **case.arguments).result()
    end = server.succeed().document["end"]
    if case.protocol == "TCP":
        check_tcp_client(result, case.arguments, end)
        return
    # In a bidir test both directions end when the client's time is over.
    check_udp(case, result, end, "reverse" if case.direction == "bidir" else None)
    for stream, theirs in zip(result["streams"], end["streams"], strict=True):
        assert theirs["udp"]["packets"] == stream["remote"]["packets"]
        assert theirs["udp"]["lost_packets"] == 0


@EACH_CASE
def test_as_server(case, board, iperf3):
    server = board.server()
    host = BOARD if case.family == "IPv4" else BOARD_IPV6
    client = iperf3.client(host, f"-t 1 -J {case.options}").succeed()
    result = server.result()
    end = client.document["end"]
    if case.protocol == "TCP":
        check_tcp_server(result, case.arguments, end)
        return
    check_udp(case, result, end, "reverse")
    for stream, theirs in zip(result["streams"], end["streams"], strict=True):
        # what the server has counted, sender or receiver
        assert theirs["udp"]["packets"] == stream["packets"]
        assert theirs["udp"]["lost_packets"] == 0


# Runs that once were found to show something, as the module and as the real iperf3
# ask for them.
RUNS = {
    "-t 3": {"duration": 3},
    "-t 1 -R": {"duration": 1, "reverse": True},
    "-t 1 --bidir": {"duration": 1, "bidir": True},
    "-t 1 -P 4": {"duration": 1, "parallel": 4},
    "-t 1 -P 2 --bidir": {"duration": 1, "parallel": 2, "bidir": True},
    "-t 1 -u": {"duration": 1, "udp": True},
    "-t 1 -u -R": {"duration": 1, "udp": True, "reverse": True},
    "-t 1 -u --bidir -P 2": {"duration": 1, "udp": True, "bidir": True, "parallel": 2},
    "-t 1 -u -b 0": {"duration": 1, "udp": True, "bandwidth": 0},
    "-t 1 -b 1M": {"duration": 1, "bandwidth": 1_000_000},
    "-t 1 -b 1M/10": {"duration": 1, "bandwidth": 1_000_000, "burst": 10},
    "-n 100K": {"bytes": 102400},
    "-R -n 100K": {"bytes": 102400, "reverse": True},
    "-u -k 50": {"udp": True, "blocks": 50},
    "-u -k 50 -R": {"udp": True, "blocks": 50, "reverse": True},
    "-t 1 -O 1": {"duration": 1, "omit": 1},
    "-t 1 -u -R -O 1": {"duration": 1, "omit": 1, "udp": True, "reverse": True},
    "-t 1 -u --udp-counters-64bit": {"duration": 1, "udp": True, "udp_counters_64bit": True},
    "-t 1 --get-server-output": {"duration": 1, "get_server_output": True},
    "-t 1 -u -l 16": {"duration": 1, "udp": True, "length": 16},
    "-t 1 -l 1M": {"duration": 1, "length": 2**20},
}
SHORT_RUNS = ("-t 1 -P 2 --bidir", "-u -k 50 -R")
# As a client 3.9 does not look at what it receives, so that these never end.
NEVER_END = [("3.9", "-R -n 100K"), ("3.9", "-u -k 50 -R")]


def each_run(but=()):
    runs = [run for run in itertools.product(VERSIONS, RUNS) if run not in but]
    return pytest.mark.parametrize(
        "iperf3, options",
        [
            pytest.param(*run, marks=[] if run[1] in SHORT_RUNS else pytest.mark.slow)
            for run in runs
        ],
        indirect=["iperf3"],
    )


def check_run(result):
    for direction in (result, result.get("reverse")):
        if direction is not None:
            assert direction["sender"]["bytes"] > 0
            assert direction["receiver"]["bytes"] > 0


@each_run()
def test_run_as_client(options, board, iperf3):
    server = iperf3.server("-1")
    check_run(board.client(HOST, **RUNS[options]).result())
    server.succeed()


@each_run(but=NEVER_END)
def test_run_as_server(options, board, iperf3):
    server = board.server()
    client = iperf3.client(BOARD, options).succeed()
    assert "iperf Done." in client.output
    check_run(server.result())


@pytest.mark.parametrize("iperf3", VERSIONS, indirect=True)
def test_documents_on_both_sides(board, iperf3):
    server = iperf3.server("-1 -J")
    ours = board.client(HOST, duration=1, json=True).result()
    theirs = server.succeed().document
    assert ours["end"]["sum_received"]["bytes"] == theirs["end"]["sum_received"]["bytes"]

    task = board.start("iperf3_lwip.server(json=True)")
    theirs = iperf3.client_when_possible(BOARD, "-J -n 100K").succeed().document
    ours = task.result()
    assert ours["end"]["sum_received"]["bytes"] == theirs["end"]["sum_received"]["bytes"]
