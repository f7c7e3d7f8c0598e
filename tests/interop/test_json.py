# test_json.py - json=True gives the document that the real iperf3 prints with -J
# SPDX-License-Identifier: MIT

import pytest
from board import BoardError
from json_documents import (
    TOLD,
    assert_same_bytes,
    assert_same_cpu,
    assert_same_schema,
    assert_same_start,
)
from kinds import DIRECTIONS, REFERENCE_PORT
from namespace import BOARD, HOST

MODES = {
    **DIRECTIONS,
    "omit": ({"omit": 1}, "-O 1"),
    "mss": ({"mss": 1000}, "-M 1000"),
}
PROTOCOLS = {"TCP": ({}, ""), "UDP": ({"udp": True, "length": 1000}, "-u -l 1000")}
KINDS = {
    f"{protocol} {mode}": ({**arguments, **more}, f"{options} {more_options}")
    for protocol, (arguments, options) in PROTOCOLS.items()
    for mode, (more, more_options) in MODES.items()
    if (protocol, mode) != ("UDP", "mss")
}


@pytest.mark.parametrize("kind", KINDS)
def test_json(kind, board, iperf3):
    """The keys and kinds of values are iperf3's, for the same role of the same test;
    both sides of a test have counted the same."""
    arguments, options = KINDS[kind]
    real_server = iperf3.server("-1 -J", port=REFERENCE_PORT)
    real_client = iperf3.client(HOST, f"-t 1 -J {options}", port=REFERENCE_PORT)

    their_server = iperf3.server("-1 -J")
    client = board.client(HOST, duration=1, json=True, **arguments)
    our_client = client.result()
    their_server = their_server.succeed().document
    assert client.output == ""

    server = board.start("iperf3_lwip.server(json=True)")
    their_client = iperf3.client_when_possible(BOARD, f"-t 1 -J {options}").succeed().document
    our_server = server.result()
    assert server.output == ""

    assert_same_schema(our_client, real_client.succeed().document)
    assert_same_schema(our_server, real_server.succeed().document, TOLD)
    assert_same_bytes(our_client, their_server)
    assert_same_bytes(our_server, their_client)
    assert_same_cpu(our_client, their_server)
    assert_same_cpu(our_server, their_client)
    if kind == "TCP forward":
        assert our_client["start"]["tcp_mss_default"] == 1460
    assert_same_start(our_client, their_server)
    assert_same_start(our_server, their_client)


@pytest.mark.parametrize("options", ["", "-u", "-R", "-u -R"])
def test_the_figures_fit_each_other(options, board, iperf3):
    server = board.start("iperf3_lwip.server(json=True)")
    iperf3.client_when_possible(BOARD, f"-J -t 1 -i 0.25 {options}").succeed()
    document = server.result()
    end = document["end"]
    for total in (end["sum_sent"], end["sum_received"]):
        rate = total["bytes"] * 8 / total["seconds"]
        assert total["bits_per_second"] == pytest.approx(rate, rel=1e-5)
    own = end["sum_sent" if "-R" in options else "sum_received"]
    assert own["bytes"] == sum(interval["sum"]["bytes"] for interval in document["intervals"])
    if "-u" in options:
        assert own["packets"] == end["sum"]["packets"]
        assert end["sum"]["lost_packets"] == end["sum"]["lost_percent"] == 0


def test_on_interval_is_called_as_without_json(board, iperf3):
    server = iperf3.server("-1")
    board.exec("intervals = []")
    document = board.start(
        f"iperf3_lwip.client({HOST!r}, duration=1, interval=0.25, json=True,"
        " on_interval=intervals.append)"
    ).result()
    server.succeed()
    intervals = board.eval("intervals")
    assert len(intervals) in (4, 5)
    assert [interval["bytes"] for interval in intervals] == [
        interval["sum"]["bytes"] for interval in document["intervals"]
    ]


@pytest.mark.parametrize("call", ["client('10.99.0.1', 5201, 0", "server(duration=0"])
def test_a_test_of_no_duration_gives_the_document_of_nothing(call, board):
    document = board.eval(f"iperf3_lwip.{call}, json=True)")
    assert document == {"start": {}, "intervals": [], "end": {}}


def test_a_failure_is_raised(board):
    with pytest.raises(BoardError) as error:
        board.client(HOST, json=True).result()
    assert error.value.name == "OSError"
    assert error.value.errno == 111
