# test_hostile_server.py - the board's client against servers that misbehave
# SPDX-License-Identifier: MIT
#
# Each test ends with an OSError in time; the next one, with the real iperf3, works.

import pytest
from board import BoardError
from namespace import HOST
from scripted_peer import (
    ACCESS_DENIED,
    CREATE_STREAMS,
    DISPLAY_RESULTS,
    EXCHANGE_RESULTS,
    IPERF_DONE,
    RESULTS,
    SERVER_TERMINATE,
    STREAM_RESULTS,
    TEST_RUNNING,
    TEST_START,
    Server,
    message,
    server_error,
)

CLOSED = "control socket has closed unexpectedly"
UNKNOWN = "received an unknown control message"
BUSY = "the server is busy running a test. try again later"
TERMINATED = "the server has terminated"
NO_RESULTS = "unable to receive results"
BYTES = 200_000


@pytest.fixture
def client(board, iperf3):
    """A test that the board runs against a scripted server; it ends with an error
    that contains `error`, or well if that is None."""
    script = Server()
    task = board.client(HOST, bytes=BYTES, connect_timeout=2)

    script.task = task
    script.board_ends_with = task.ends_with
    yield script
    script.close()
    server = iperf3.server("-1")
    board.client(HOST, bytes=BYTES).result()
    server.succeed()


def test_a_good_server(client):
    client.go_to("displaying")
    client.board_ends_with(None)


@pytest.mark.parametrize("phase", Server.PHASES[:-1])
def test_the_server_closes_in_each_phase(client, phase):
    client.go_to(phase)
    client.control.close()
    client.board_ends_with(CLOSED)


@pytest.mark.parametrize("phase", Server.PHASES[:-1])
def test_the_server_resets_in_each_phase(client, phase):
    client.go_to(phase)
    client.control.reset()
    client.board_ends_with("")


SAID = {
    "busy": (bytes([ACCESS_DENIED]), BUSY),
    "terminated": (bytes([SERVER_TERMINATE]), TERMINATED),
    "error": (server_error(114), "unable to receive parameters from client"),
    "error with errno": (server_error(201, 98), ""),
    "error of its own": (server_error(9999), ""),
    "half an error": (server_error(142)[:5], "authorization failed"),
    "unknown": (b"\x42", UNKNOWN),
    "zero": (b"\x00", UNKNOWN),
    "HTTP": (b"HTTP/1.1 400 Bad Request\r\n", UNKNOWN),
}


@pytest.mark.parametrize("phase", ["accepted", "greeted", "creating", "running"])
@pytest.mark.parametrize("said", SAID)
def test_what_a_server_may_say_in_each_phase(client, phase, said):
    text, error = SAID[said]
    client.go_to(phase)
    client.control.send(text)
    client.control.close()
    client.board_ends_with(error)


@pytest.mark.parametrize(
    "states",
    [
        [IPERF_DONE],
        [DISPLAY_RESULTS],
        [EXCHANGE_RESULTS],
        [TEST_RUNNING],
        [TEST_START],
        [CREATE_STREAMS, TEST_RUNNING],
    ],
    ids=str,
)
def test_states_out_of_order(client, states):
    client.go_to("accepted")
    client.control.send(*states)
    client.board_ends_with("")


RESULT_TEXTS = {
    "empty": message(b""),
    "length -1": b"\xff\xff\xff\xff{}",
    "no JSON": message(b"hello"),
    "an array": message(b"[]"),
    "keys missing": message({"streams": []}),
}


@pytest.mark.parametrize("text", RESULT_TEXTS)
def test_broken_results(client, text):
    client.go_to("exchanging")
    client.control.send_what_is_taken(RESULT_TEXTS[text])
    client.board_ends_with("")


GOOD_RESULTS = {
    "no streams": RESULTS | {"streams": []},
    "an unknown id": RESULTS | {"streams": [STREAM_RESULTS | {"id": 77}]},
    "a megabyte of server output": RESULTS | {"server_output_text": "x" * 2**20},
    "a huge retransmit count": RESULTS
    | {"streams": [STREAM_RESULTS | {"retransmits": 2**64 - 1}]},
    "no times": RESULTS,
    "in exponent form": RESULTS | {"streams": [STREAM_RESULTS | {"jitter": 1.4e-05}]},
}


@pytest.mark.parametrize("results", GOOD_RESULTS)
def test_strange_but_good_results(client, results):
    client.go_to("exchanging")
    client.control.send(message(GOOD_RESULTS[results]), DISPLAY_RESULTS)
    client.control.expect(IPERF_DONE)
    assert client.board_ends_with(None)["sender"]["bytes"] >= BYTES


def test_nobody_listens_for_the_streams(client):
    client.go_to("greeted")
    client.stop_listening()
    client.control.send(CREATE_STREAMS)
    client.board_ends_with("")


def test_a_stream_is_denied(client):
    client.go_to("creating")
    client.streams[0].send(ACCESS_DENIED)
    client.streams[0].close()
    client.control.close()
    client.board_ends_with("")


def test_stray_bytes_after_the_end(client):
    """Servers of 3.21 say SERVER_ERROR after a perfectly good test."""
    client.go_to("displaying")
    client.control.send_what_is_taken(server_error(206))
    client.board_ends_with(None)


@pytest.mark.slow
@pytest.mark.time_limit(150)
@pytest.mark.parametrize("phase", Server.PHASES[:-1])
def test_a_server_that_falls_silent_is_given_up(client, phase):
    client.go_to(phase)
    client.board_ends_with("", timeout=125 if phase == "running" else 33)


def test_ctrl_c_while_a_server_is_silent(client, board):
    client.go_to("greeted")
    board.interrupt()
    with pytest.raises(BoardError, match="KeyboardInterrupt"):
        client.task.result(1)
