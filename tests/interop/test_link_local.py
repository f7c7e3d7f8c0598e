# test_link_local.py - IPv6 addresses that mean nothing without an interface
# SPDX-License-Identifier: MIT

import time

import pytest
from namespace import BOARD_LINK_LOCAL, HOST_LINK_LOCAL

EACH_KIND = pytest.mark.parametrize(
    "arguments, options",
    [
        pytest.param({}, "", id="TCP", marks=pytest.mark.slow),
        pytest.param({"bidir": True}, "--bidir", id="TCP bidir"),
        pytest.param({"udp": True}, "-u", id="UDP", marks=pytest.mark.slow),
        pytest.param({"udp": True, "bidir": True}, "-u --bidir", id="UDP bidir"),
    ],
)


@pytest.fixture
def address(board):
    """The board's link-local address as text, once lwIP is sure that nobody else has it."""
    address = BOARD_LINK_LOCAL.split("%")[0]
    deadline = time.monotonic() + 5
    while address.upper() not in str(board.eval("nic.ipconfig('addr6')")):
        assert time.monotonic() < deadline, "the board has no link-local address"
        time.sleep(0.05)
    return address


def check(result):
    for direction in (result, result.get("reverse")):
        if direction is not None:
            assert direction["receiver"]["bytes"] > 0
            assert direction["receiver"].get("lost_packets", 0) == 0


@EACH_KIND
def test_as_client(arguments, options, address, board, iperf3):
    server = iperf3.server("-1")
    client = board.client(HOST_LINK_LOCAL, duration=1, **arguments)
    check(client.result())
    server.succeed()
    assert f"Accepted connection from {address}" in server.output
    host = HOST_LINK_LOCAL.split("%")[0]
    assert f"local {address} port" in client.output
    assert f"connected to {host} port 5201" in client.output


@EACH_KIND
def test_as_server(arguments, options, address, board, iperf3):
    server = board.server()
    iperf3.client(BOARD_LINK_LOCAL, f"-t 1 {options}").succeed()
    check(server.result())
    assert f"local {address} port 5201 connected to fe80::" in server.output
