# test_hostile_client.py - the board's server against clients that misbehave
# SPDX-License-Identifier: MIT
#
# After each of them the next test with the real iperf3 works. docs/PROTOCOL.md
# says what a server does in each case.

import pytest
import scripted_peer
from board import BoardError
from namespace import BOARD
from scripted_peer import (
    ACCESS_DENIED,
    CLIENT_TERMINATE,
    DISPLAY_RESULTS,
    EXCHANGE_RESULTS,
    IPERF_DONE,
    PARAMETERS,
    RESULTS,
    STREAM_RESULTS,
    TEST_END,
    TEST_RUNNING,
    Client,
    message,
    server_error,
)

# After so many seconds of silence a server serves the next client: 10 and a few, or
# 30 and a few where it waits for streams.
GIVEN_UP_S = 13
STREAMS_GIVEN_UP_S = 33

SERVE = """
def serve():
    while True:
        try:
            iperf3_lwip.server()
        except OSError as error:
            print("server:", error)
"""


@pytest.fixture
def server(board):
    """A board that serves one test after another."""
    board.exec(SERVE)
    task = board.start("serve()")
    task.wait_for("^Server listening on")
    yield task
    board.interrupt()
    with pytest.raises(BoardError, match="KeyboardInterrupt"):
        task.result()


@pytest.fixture(autouse=True)
def the_next_test_works(server, iperf3):
    yield
    iperf3.client_when_possible(BOARD, "-n 200K").succeed()


@pytest.mark.parametrize("phase", Client.PHASES)
@pytest.mark.parametrize("end", ["close", "reset", "IPERF_DONE", "CLIENT_TERMINATE"])
def test_the_client_ends_in_each_phase(phase, end):
    with Client() as client:
        client.go_to(phase)
        if end == "close":
            client.control.close()
        elif end == "reset":
            client.control.reset()
        else:
            client.control.send(getattr(scripted_peer, end))
            if phase in ("creating", "running", "displaying"):  # else part of a message
                client.control.expect_end()


@pytest.mark.parametrize("phase", ["creating", "running"])
@pytest.mark.parametrize("state", [0, 3, 9, 15, 0x42, 0x7F, 0x80, 0xFD])
def test_an_unknown_state_ends_the_test(phase, state):
    with Client() as client:
        client.go_to(phase)
        client.control.send(state)
        client.control.expect_error_or_end(110)


def test_a_stream_with_a_wrong_cookie_is_denied_and_the_test_goes_on():
    with Client() as client:
        client.go_to("creating")
        stranger = client.open_stream(scripted_peer.random_cookie())
        stranger.expect(ACCESS_DENIED)
        stranger.expect_end()
        client.streams.clear()
        client.running()
        client.exchanging()
        client.displaying()
        client.control.send(IPERF_DONE)
        client.control.expect_end()


def test_a_silent_stranger_does_not_keep_a_stream_from_opening():
    with Client() as client:
        client.go_to("creating")
        client.open_stream(b"half a cookie")
        client.streams.clear()
        client.running()
        client.exchanging()


def test_a_stream_too_many_is_denied():
    with Client() as client:
        client.go_to("running")
        client.open_stream(client.cookie).expect(ACCESS_DENIED)
        client.exchanging()
        client.displaying()


# No state is 0, no length begins with another byte: see there for the last two.
BROKEN_PARAMETERS = {
    "empty": (message(b""), 114),
    "8193 bytes": (b"\x00\x00\x20\x01" + b" " * 0x2001, 114),
    "16 MiB": (b"\x00\xff\xff\xff{}", 114),
    "no JSON": (message(b"hello"), 114),
    "an array": (message(b"[1, 2]"), 114),
    "a number": (message(b"17"), 114),
    "cut off": (message(b'{"tcp":true'), 114),
    "a brace too many": (message(b'{"tcp":true}}'), 114),
    "a NUL": (message(b'{"tcp":\0true}'), 114),
    "2000 levels": (message(b'{"a":' + b"[" * 2000 + b"]" * 2000 + b"}"), 114),
    "a number of 300 digits": (message({"tcp": True, "time": 10**300}), 114),
    "length 2 GiB": (b"\x7f\xff\xff\xff{}", 114),
    "length -1": (b"\xff\xff\xff\xff{}", 110),
}


@pytest.mark.parametrize("what", BROKEN_PARAMETERS)
def test_broken_parameters_are_refused(what):
    text, code = BROKEN_PARAMETERS[what]
    with Client() as client:
        client.go_to("accepted")
        client.control.send_what_is_taken(text)
        client.control.expect(server_error(code))
        client.control.expect_end()


@pytest.mark.parametrize(
    "wrong, code",
    [
        ({"time": -1}, 5),
        ({"time": 86401}, 5),
        ({"parallel": 0}, 6),
        ({"parallel": -3}, 6),
        ({"parallel": 129}, 6),
        ({"parallel": 200}, 6),
        ({"len": 0}, 7),
        ({"len": -1}, 7),
        ({"len": 1048577}, 7),
        ({"omit": -1}, 12),
        ({"omit": 601}, 12),
        ({"burst": 1001}, 15),
        ({"TOS": 256}, 21),
        ({"num": -1}, 114),
        ({"blockcount": -1}, 114),
    ],
    ids=str,
)
def test_parameters_out_of_range_are_refused(wrong, code):
    with Client(PARAMETERS | wrong) as client:
        client.go_to("accepted")
        client.control.send(message(client.parameters))
        client.control.expect(server_error(code))
        client.control.expect_end()


@pytest.mark.parametrize(
    "parameters",
    [
        {},
        {"unknown": {"deep": [1, {"er": None}]}, "tcp": True},
        {"title": '"\\\u00fc' * 300, "tcp": True},
        {"num": 2**63 - 1, "bandwidth": 2**63 - 1},
    ],
    ids=["none", "unknown key", "long title", "huge"],
)
def test_strange_but_good_parameters_are_accepted(parameters):
    with Client(parameters) as client:
        client.go_to("displaying")
        client.control.send(IPERF_DONE)
        client.control.expect_end()


@pytest.mark.parametrize("piece", [1, 7])
def test_control_messages_may_come_in_pieces(piece):
    with Client() as client:
        client.control.send_in_pieces(client.cookie, piece)
        client.control.expect(scripted_peer.PARAM_EXCHANGE)
        client.control.send_in_pieces(message(client.parameters), piece)
        client.control.expect(scripted_peer.CREATE_STREAMS)
        client.running()
        client.exchanging()
        client.control.send_in_pieces(message(RESULTS), piece)
        client.control.read_message()
        client.control.expect(DISPLAY_RESULTS)


def test_cookie_and_parameters_may_come_together():
    with Client() as client:
        client.control.send(client.cookie, message(client.parameters))
        client.control.expect(scripted_peer.PARAM_EXCHANGE, scripted_peer.CREATE_STREAMS)


BROKEN_RESULTS = {
    "empty": message(b""),
    "no JSON": message(b"hello"),
    "an array": message(b"[]"),
    "no key": message(b"{}"),
    "no streams": message(RESULTS | {"streams": 5}),
    "text for a number": message(RESULTS | {"cpu_util_total": "much"}),
    "keys missing": message({"streams": []}),
}


@pytest.mark.parametrize("what", BROKEN_RESULTS)
def test_broken_results_end_the_test(what):
    with Client() as client:
        client.go_to("exchanging")
        client.control.send(BROKEN_RESULTS[what])
        client.control.expect_error_or_end(117)


@pytest.mark.parametrize(
    "streams",
    [
        [],
        [STREAM_RESULTS | {"id": 77}],
        [STREAM_RESULTS] * 300,
        [STREAM_RESULTS | {"bytes": 2**63 - 1, "retransmits": 2**64 - 1}],
    ],
    ids=["none", "an unknown id", "many", "huge numbers"],
)
def test_strange_results_are_answered_or_refused(streams):
    with Client() as client:
        client.go_to("exchanging")
        client.control.send(message(RESULTS | {"streams": streams}))
        assert client.control.read(1)[0] in (0, scripted_peer.SERVER_ERROR)


def test_a_stream_closed_early_does_not_end_the_test():
    with Client() as client:
        client.go_to("running")
        client.streams[0].close()
        client.exchanging()
        client.displaying()


@pytest.mark.parametrize("phase", ["creating", "running"])
def test_more_than_the_server_waits_for(phase):
    """Many states at once, all but the first too early."""
    with Client() as client:
        client.go_to(phase)
        client.control.send(TEST_RUNNING, TEST_END, CLIENT_TERMINATE, IPERF_DONE)


@pytest.mark.slow
def test_many_silent_connections_do_not_shut_others_out(iperf3):
    strangers = [Client() for _ in range(8)]
    iperf3.client_when_possible(BOARD, "-n 200K", within=GIVEN_UP_S).succeed()
    for stranger in strangers:
        stranger.close()


SILENT = {
    "connected": pytest.param("connected", b"", marks=pytest.mark.slow),
    "half a cookie": ("connected", b"half a cookie"),
    "half a length": pytest.param("accepted", b"\0\0", marks=pytest.mark.slow),
    "half the parameters": pytest.param("accepted", message({})[:-1], marks=pytest.mark.slow),
    "no streams": pytest.param("creating", b"", marks=pytest.mark.slow),
    "no results": ("exchanging", b""),
    "no end": pytest.param("displaying", b"", marks=pytest.mark.slow),
}


@pytest.mark.parametrize("phase, sent", SILENT.values(), ids=SILENT.keys())
def test_a_client_that_falls_silent_is_given_up(phase, sent, iperf3):
    within = STREAMS_GIVEN_UP_S if phase == "creating" else GIVEN_UP_S
    with Client() as client:
        client.go_to(phase)
        client.control.send(sent)
        iperf3.client_when_possible(BOARD, "-n 200K", within).succeed()
