# test_connecting.py - tests that do not come about, or not at once
# SPDX-License-Identifier: MIT

import time

import pytest
from board import BoardError
from namespace import BOARD, HOST, NOBODY
from versions import EACH_VERSION, INSTALLED

ECONNREFUSED, ETIMEDOUT, EADDRINUSE = 111, 110, 98
BUSY = "the server is busy running a test. try again later"


def failure(task, timeout=15):
    with pytest.raises(BoardError) as caught:
        task.result(timeout)
    return caught.value


def a_test_works(board, iperf3):
    server = iperf3.server("-1")
    board.client(HOST, bytes=100_000).result()
    server.succeed()


def test_an_unreachable_host_is_given_up_after_5_seconds(board, iperf3):
    start = time.monotonic()
    error = failure(board.client(NOBODY))
    assert error.errno == ETIMEDOUT
    assert 4.5 <= time.monotonic() - start <= 6.5
    a_test_works(board, iperf3)


def test_the_connect_timeout_can_be_set(board):
    start = time.monotonic()
    assert failure(board.client(NOBODY, connect_timeout=1)).errno == ETIMEDOUT
    assert 0.5 <= time.monotonic() - start <= 2


def test_a_refused_port_is_told_at_once(board, iperf3):
    start = time.monotonic()
    assert failure(board.client(HOST)).errno == ECONNREFUSED
    # Linux may drop what comes in the first second of a TAP device, an ARP reply too.
    assert time.monotonic() - start < 2.5
    a_test_works(board, iperf3)


def test_no_duration_is_no_test(board):
    start = time.monotonic()
    result = board.client(HOST, duration=0).result()  # nobody listens there
    assert time.monotonic() - start < 0.5
    assert result["bytes"] == 0
    assert result["sender"]["bytes"] == result["receiver"]["bytes"] == 0
    assert result["bits_per_second"] == 0


# 3.9 mostly sees first that the connection is gone, with its own server, too.
@pytest.mark.parametrize(
    "iperf3", [INSTALLED, pytest.param("3.18", marks=pytest.mark.slow)], indirect=True
)
def test_a_second_client_is_told_that_the_server_is_busy(board, iperf3):
    server = board.server(interval=0.2)
    first = iperf3.client(BOARD, "-t 2 -J")
    server.wait_for("bits/sec")
    for _ in range(3):
        iperf3.client(BOARD, "-t 1").fail(BUSY)
    assert first.running
    first.succeed()
    result = server.result()
    assert result["seconds"] == pytest.approx(2, abs=0.1)
    assert first.document["end"]["sum_received"]["bytes"] == result["receiver"]["bytes"]


@EACH_VERSION
def test_the_board_is_told_that_the_server_is_busy(board, iperf3):
    server = iperf3.server()
    first = iperf3.client(HOST, "-t 2")
    first.wait_for("bits/sec")
    assert failure(board.client(HOST)).text == BUSY
    first.succeed()
    server.wait_until_listening(2)
    board.client(HOST, bytes=100_000).result()


def test_a_server_refuses_tests_longer_than_its_duration(board, iperf3):
    server = board.server(duration=1)
    assert iperf3.client(BOARD, "-t 2").finish().exit_code == 1
    assert iperf3.client(BOARD, "-n 1M").finish().exit_code == 1  # no duration is any duration
    iperf3.client(BOARD, "-t 1").succeed()
    server.result()


def test_any_port(board, iperf3):
    server = board.server(5202)
    iperf3.client(BOARD, "-n 100K", port=5202).succeed()
    server.result()
