# test_interrupt.py - Ctrl-C and death on either side, and then another test
# SPDX-License-Identifier: MIT

import select
import time

import pytest
from board import BoardError
from namespace import BOARD, HOST, NOBODY
from scripted_peer import TEST_END, Client, Server
from versions import EACH_VERSION

CLIENT_TERMINATED = "the client has terminated"
SERVER_TERMINATED = "the server has terminated"
# Two real iperf3, too, may see that a stream is broken before they read the reason.
BROKEN_STREAM = "unable to (write to|read from) stream socket"
KINDS = {
    "forward": ({}, ""),
    "reverse": ({"reverse": True}, "-R"),
    "bidir": ({"bidir": True}, "--bidir"),
}
EACH_KIND = pytest.mark.parametrize("kind", KINDS)


def assert_interrupted(board, task):
    """The board gives up at once."""
    board.interrupt()
    with pytest.raises(BoardError, match="KeyboardInterrupt"):
        task.result(1)


def failure(task, timeout=5):
    with pytest.raises(BoardError) as caught:
        task.result(timeout)
    assert caught.value.name == "OSError"
    return caught.value


def start_client(board, kind):
    """The board as the client of a test that now runs."""
    arguments, _ = KINDS[kind]
    task = board.client(HOST, duration=20, interval=0.2, **arguments)
    task.wait_for("bits/sec")
    return task


def start_server(board, iperf3, kind):
    """The board as the server of a test that now runs, and the client."""
    _, options = KINDS[kind]
    task = board.server(interval=0.2)
    client = iperf3.client(BOARD, f"-t 20 {options}")
    task.wait_for("bits/sec")
    return task, client


def the_next_client_works(board, server):
    server.wait_until_listening(2)
    board.client(HOST, bytes=100_000).result()


def the_next_server_works(board, iperf3):
    task = board.server()
    iperf3.client(BOARD, "-n 100K").succeed()
    task.result()


@EACH_VERSION
@EACH_KIND
def test_ctrl_c_on_the_boards_running_client(kind, board, iperf3):
    server = iperf3.server()
    assert_interrupted(board, start_client(board, kind))
    server.wait_for_error(f"{CLIENT_TERMINATED}|{BROKEN_STREAM}")
    the_next_client_works(board, server)


@EACH_VERSION
@EACH_KIND
def test_ctrl_c_on_the_boards_running_server(kind, board, iperf3):
    task, client = start_server(board, iperf3, kind)
    assert_interrupted(board, task)
    client.wait_for_error(f"{SERVER_TERMINATED}|{BROKEN_STREAM}")
    assert client.finish(5).exit_code == 1
    the_next_server_works(board, iperf3)


def test_ctrl_c_on_a_client_that_waits(board, iperf3):
    task = board.start(f"print('waiting') or iperf3_lwip.client({NOBODY!r})")
    task.wait_for("waiting")
    assert_interrupted(board, task)
    server = iperf3.server("-1")
    board.client(HOST, bytes=100_000).result()
    server.succeed()


def test_ctrl_c_on_a_server_that_waits(board, iperf3):
    for _ in range(5):
        assert_interrupted(board, board.server())
    the_next_server_works(board, iperf3)


def test_ctrl_c_while_a_quiet_client_runs(board, iperf3):
    server = iperf3.server()
    task = board.client(HOST, duration=20, quiet=True)
    server.wait_for("connected to")
    assert_interrupted(board, task)
    assert task.output == ""
    server.wait_for_error(f"{CLIENT_TERMINATED}|{BROKEN_STREAM}")
    the_next_client_works(board, server)


def assert_hung_up(peer):
    """The board has ended the control connection, whatever it said before."""
    try:
        while peer.control.socket.recv(4096):
            pass
    except ConnectionResetError:
        pass


def is_silent(peer):
    """The board has nothing to say now."""
    return select.select([peer.control.socket], [], [], 0) == ([], [], [])


# Of these the others are tests of their own: nobody answers, and a test runs.
@pytest.mark.parametrize("phase", ["accepted", "greeted", "creating", "exchanging"])
def test_ctrl_c_on_a_client_whose_server_stalls(phase, board, iperf3):
    with Server() as server:
        task = board.client(HOST, bytes=100_000)
        server.go_to(phase)
        time.sleep(0.1)
        assert_interrupted(board, task)
        assert_hung_up(server)
    server = iperf3.server("-1")
    board.client(HOST, bytes=100_000).result()
    server.succeed()


def test_ctrl_c_on_a_client_that_drains(board, iperf3):
    """The server does not take what is under way when the time is over."""
    with Server() as server:
        task = board.client(HOST, duration=1)
        server.go_to("running")
        time.sleep(1.5)
        assert is_silent(server)  # no TEST_END
        assert_interrupted(board, task)
        assert_hung_up(server)
    server = iperf3.server("-1")
    board.client(HOST, bytes=100_000).result()
    server.succeed()


@pytest.mark.parametrize("phase", Client.PHASES)
def test_ctrl_c_on_a_server_whose_client_stalls(phase, board, iperf3):
    task = board.server()
    with Client() as client:
        client.go_to(phase)
        time.sleep(0.1)
        assert_interrupted(board, task)
        assert_hung_up(client)
    the_next_server_works(board, iperf3)


def test_ctrl_c_on_a_server_that_drains(board, iperf3):
    """Data go on coming after the client has ended the test."""
    task = board.server()
    with Client() as client:
        client.go_to("running")
        client.control.send(TEST_END)
        for _ in range(15):
            client.streams[0].send(b"x" * 100)
            time.sleep(0.04)
        assert is_silent(client)  # no EXCHANGE_RESULTS
        assert_interrupted(board, task)
        assert_hung_up(client)
    the_next_server_works(board, iperf3)


@EACH_VERSION
@EACH_KIND
def test_ctrl_c_on_the_real_client(kind, board, iperf3):
    task, client = start_server(board, iperf3, kind)
    client.interrupt()
    assert failure(task).text == CLIENT_TERMINATED
    client.finish()
    the_next_server_works(board, iperf3)


@EACH_VERSION
@EACH_KIND
def test_ctrl_c_on_the_real_server(kind, board, iperf3):
    server = iperf3.server()
    task = start_client(board, kind)
    server.interrupt()
    assert failure(task).text == SERVER_TERMINATED
    server.finish()
    server = iperf3.server("-1")
    board.client(HOST, bytes=100_000).result()
    server.succeed()


@EACH_VERSION
@EACH_KIND
def test_death_of_the_real_client(kind, board, iperf3):
    task, client = start_server(board, iperf3, kind)
    client.kill()
    failure(task)
    the_next_server_works(board, iperf3)


@EACH_VERSION
@EACH_KIND
def test_death_of_the_real_server(kind, board, iperf3):
    server = iperf3.server()
    task = start_client(board, kind)
    server.kill()
    failure(task)
    server = iperf3.server("-1")
    board.client(HOST, bytes=100_000).result()
    server.succeed()


def test_an_exception_in_on_interval_ends_the_test_on_both_sides(board, iperf3):
    server = iperf3.server()
    board.exec("def fail(interval): raise KeyError('on purpose')")
    task = board.start(f"iperf3_lwip.client({HOST!r}, interval=0.2, on_interval=fail)")
    with pytest.raises(BoardError, match="KeyError.*on purpose"):
        task.result(5)
    server.wait_for_error(f"{CLIENT_TERMINATED}|{BROKEN_STREAM}")
    the_next_client_works(board, server)
