# test_py_hostile.py - iperf3.py and peers that misbehave: a clear error in time, and then
# the next test works
# SPDX-License-Identifier: MIT

import pytest
from board import BoardError
from python_paths import PURE, PURE_ON_LWIP, on
from scripted_peer import (
    ACCESS_DENIED,
    CREATE_STREAMS,
    DISPLAY_RESULTS,
    EXCHANGE_RESULTS,
    IPERF_DONE,
    PARAMETERS,
    RESULTS,
    SERVER_TERMINATE,
    STREAM_RESULTS,
    TEST_RUNNING,
    Client,
    Server,
    message,
    server_error,
)

CLOSED = "control socket has closed unexpectedly"
UNKNOWN = "received an unknown control message"
NO_RESULTS = "unable to receive results"

EACH = on(*PURE, slow=["firmware"])
ON_ONE = on("unix", slow=["cpython", "tap", "firmware"])


@pytest.fixture
def client(ours, iperf3):
    """iperf3.client() that runs against a scripted server."""
    script = Server()
    task = ours.client(num=200_000, length=4096)

    script.ours_ends_with = task.ends_with
    yield script
    script.close()
    server = iperf3.server("-1")
    ours.client(num=10_000).result()
    server.succeed()


@ON_ONE
def test_a_good_server(client, path):
    client.go_to("displaying")
    assert client.ours_ends_with(None)["sender"]["bytes"] >= 200_000
    assert client.results["streams"][0]["id"] == 1


@EACH
@pytest.mark.parametrize("phase", Server.PHASES[:-1])
def test_the_server_closes(client, phase, path):
    client.go_to(phase)
    client.control.close()
    client.ours_ends_with(CLOSED)


SAID = {
    "busy": (bytes([ACCESS_DENIED]), "the server is busy"),
    "terminated": (bytes([SERVER_TERMINATE]), "the server has terminated"),
    "error": (server_error(114), "unable to receive parameters from client"),
    "an error of its own": (server_error(9999), "9999"),
    "half an error": (server_error(142)[:5], "authorization failed"),
    "an unknown state": (b"\x42", UNKNOWN),
    "HTTP": (b"HTTP/1.1 400 Bad Request\r\n", UNKNOWN),
}


@ON_ONE
@pytest.mark.parametrize("phase", ["accepted", "running"])
@pytest.mark.parametrize("said", SAID)
def test_what_a_server_may_say(client, phase, said, path):
    text, error = SAID[said]
    client.go_to(phase)
    client.control.send(text)
    if path not in PURE_ON_LWIP:  # lwIP forgets what came before a reset
        client.control.close()
    client.ours_ends_with(error)


@ON_ONE
@pytest.mark.parametrize("state", [IPERF_DONE, DISPLAY_RESULTS, EXCHANGE_RESULTS, TEST_RUNNING])
def test_states_out_of_order(client, state, path):
    client.go_to("accepted")
    client.control.send(state)
    client.ours_ends_with(UNKNOWN)


BAD_RESULTS = {
    "empty": message(b""),
    "length -1": b"\xff\xff\xff\xff{}",
    "no JSON": message(b"hello"),
    "an array": message(b"[]"),
    "deep": message(b"[" * 60000),
    "keys missing": message({"streams": []}),
    "no list": message(RESULTS | {"streams": 5}),
    "text for a number": message(RESULTS | {"streams": [STREAM_RESULTS | {"bytes": "x"}]}),
}


@ON_ONE
@pytest.mark.parametrize("text", BAD_RESULTS)
def test_bad_results_of_a_server(client, text, path):
    client.go_to("exchanging")
    client.control.send_what_is_taken(BAD_RESULTS[text])
    client.ours_ends_with(NO_RESULTS)


@EACH
def test_strange_but_good_results(client, path):
    strange = STREAM_RESULTS | {"retransmits": 2**64 - 1, "jitter": 1.4e-05, "bytes": 2**62}
    client.go_to("exchanging")
    streams = [strange, STREAM_RESULTS | {"id": 77}]
    client.control.send(message(RESULTS | {"streams": streams}), DISPLAY_RESULTS)
    client.control.expect(IPERF_DONE)
    result = client.ours_ends_with(None)
    assert result["receiver"]["bytes"] == 2**62
    assert result["retransmits"] is None


@ON_ONE
def test_nobody_listens_for_the_streams(client, path):
    client.go_to("greeted")
    client.stop_listening()
    client.control.send(CREATE_STREAMS)
    client.ours_ends_with("unable to connect stream")


@ON_ONE
def test_the_server_breaks_a_stream(client, path):
    client.go_to("running")
    client.streams[0].reset()
    client.ours_ends_with("stream socket has closed unexpectedly")


# Seconds of iperf3.py's pass in a 40th of the time.
FAST = "iperf3._SECOND = 25000"


@ON_ONE
@pytest.mark.parametrize("phase", ["accepted", "greeted", "creating", "exchanging"])
def test_a_silent_server_is_given_up(ours, phase, path):
    ours.python.exec(FAST)
    with Server() as script:
        task = ours.client(num=200_000, length=4096)
        script.go_to(phase)
        with pytest.raises(BoardError) as caught:
            task.result(5)
        assert caught.value.text in ("idle timeout for receiving data", NO_RESULTS)


@ON_ONE
def test_a_reverse_server_that_sends_nothing_is_given_up(ours, path):
    ours.python.exec(FAST)
    with Server() as script:
        task = ours.client(reverse=True, time=1000)
        script.go_to("running")
        with pytest.raises(BoardError, match="idle timeout"):
            task.result(5)


@EACH
def test_a_reverse_server_may_end_within_a_block(ours, path):
    with Server() as script:
        task = ours.client(reverse=True, num=100_000, length=16384)
        script.go_to("running")
        script.streams[0].send(bytes(100_001))
        script.exchanging()
        script.displaying()
        assert task.result(5)["receiver"]["bytes"] == 100_001


@pytest.fixture
def server(ours, iperf3):
    """iperf3.server() for a scripted client, and after it for a good one."""
    ours.serve()
    yield
    iperf3.client_when_possible(ours.host, "-n 100K").succeed()


@ON_ONE
def test_a_good_client(server, path):
    with Client() as client:
        client.go_to("displaying")
        client.control.send(IPERF_DONE)
        client.control.expect_end()


@ON_ONE
@pytest.mark.parametrize("phase", Client.PHASES)
def test_the_client_closes(server, phase, path):
    with Client() as client:
        client.go_to(phase)
        client.control.close()


@ON_ONE
@pytest.mark.parametrize("phase", ["connected", "running"])
def test_the_client_sends_garbage(server, phase, path):
    with Client() as client:
        client.go_to(phase)
        client.control.send_what_is_taken(b"GET / HTTP/1.1\r\n\r\n" * 100)
        client.control.socket.settimeout(5)
        try:
            while client.control.socket.recv(4096):
                pass
        except ConnectionResetError:
            pass


REFUSED = [
    ({"time": -1}, 5),
    ({"time": 86401}, 5),
    ({"time": 1e300}, 5),
    ({"parallel": 0}, 6),
    ({"parallel": 9}, 6),
    ({"len": 0}, 7),
    ({"len": 1048577}, 7),
    ({"udp": True, "len": 15}, 20),
    ({"omit": 601}, 12),
    ({"num": -1}, 114),
    ({"sctp": True}, 131),
]


@ON_ONE
@pytest.mark.parametrize("wrong, code", REFUSED, ids=str)
def test_parameters_are_refused(server, wrong, code, path):
    with Client(PARAMETERS | wrong) as client:
        client.go_to("accepted")
        client.control.send(message(client.parameters))
        client.control.expect(server_error(code))
        client.control.expect_end()


@ON_ONE
@pytest.mark.parametrize("size", [b"\0\0\0\0", b"\xff\xff\xff\xff", b"\0\1\0\0"])
def test_absurd_lengths_of_parameters(server, size, path):
    with Client() as client:
        client.go_to("accepted")
        client.control.send(size)
        client.control.expect(server_error(114))


@ON_ONE
def test_wrong_cookies_and_too_many_streams_are_denied(server, path):
    with Client() as client:
        client.go_to("creating")
        client.open_stream(b"x" * 37).expect(ACCESS_DENIED)
        client.streams.clear()
        client.running()
        client.open_stream(client.cookie).expect(ACCESS_DENIED)
        client.exchanging()
        client.displaying()


@ON_ONE
def test_strange_but_good_parameters(server, path):
    for parameters in ({}, {"tcp": True, "title": "ü" * 300}, {"num": 2**63 - 1}):
        with Client(parameters) as client:
            client.go_to("displaying")
            client.control.send(IPERF_DONE)
            client.control.expect_end()


@ON_ONE
def test_messages_in_pieces(server, path):
    with Client() as client:
        client.control.send_in_pieces(client.cookie, 5)
        client.control.expect(9)
        client.control.send_in_pieces(message(client.parameters), 1)
        client.control.expect(CREATE_STREAMS)
        client.running()
        client.exchanging()
        client.control.send_in_pieces(message(RESULTS), 7)
        client.control.read_message()


@ON_ONE
@pytest.mark.parametrize("text", ["no JSON", "keys missing", "no list"])
def test_bad_results_of_a_client(server, text, path):
    with Client() as client:
        client.go_to("exchanging")
        client.control.send(BAD_RESULTS[text])
        client.control.expect(server_error(117))


@ON_ONE
@pytest.mark.parametrize("phase", ["connected", "accepted", "creating", "running", "exchanging"])
def test_a_silent_client_is_given_up(ours, phase, path, iperf3):
    # lwIP on a TAP device takes its time at first
    ours.python.exec("iperf3._SECOND = 100000" if path in PURE_ON_LWIP else FAST)
    ours.serve()
    with Client(PARAMETERS | {"time": 0}) as client:
        client.go_to(phase)
        while client.control.socket.recv(4096):
            pass
