# test_text.py - the module prints what the real iperf3 prints
# SPDX-License-Identifier: MIT

import pytest
from kinds import DIRECTIONS, REFERENCE_PORT
from layout import assert_same_figures, assert_same_layout, one_test, without_rates
from namespace import BOARD, BOARD_IPV6, HOST, HOST_IPV6

# 2 seconds: with 1, a real reverse client prints the header of a sender (a bug).
KINDS = {
    **DIRECTIONS,
    "omit": ({"omit": 1}, "-O 1"),
    "reverse omit": ({"omit": 1, "reverse": True}, "-O 1 -R"),
}


def board_is_server(board, iperf3, options):
    """The texts of a test: the board's, the real client's."""
    server = board.server()
    client = iperf3.client(BOARD, f"-t 2 {options}").succeed()
    server.result()
    return server.output, client.output


def board_is_client(board, iperf3, arguments):
    """The texts of a test: the board's, the real server's."""
    server = iperf3.server("-1")
    client = board.client(HOST, duration=2, **arguments)
    client.result()
    return client.output, server.succeed().output


@pytest.mark.parametrize("kind", KINDS)
def test_text(kind, board, iperf3):
    """The board prints what the real iperf3 prints, in layout; both sides of a test
    print the same figures."""
    arguments, options = KINDS[kind]
    real_server = iperf3.server("-1", port=REFERENCE_PORT)
    real_client = iperf3.client(HOST, f"-t 2 {options}", port=REFERENCE_PORT)
    our_server, their_client = board_is_server(board, iperf3, options)
    our_client, their_server = board_is_client(board, iperf3, arguments)

    real_client = real_client.succeed().output
    real_server = one_test(real_server.succeed().output)
    assert_same_layout(our_client, real_client, board_sends=not kind.startswith("reverse"))
    assert_same_layout(
        one_test(our_server), real_server, board_sends=kind.startswith(("reverse", "bidir"))
    )

    assert_same_figures(server=their_server, client=our_client)
    if "bidir" in kind:
        # A real client takes its own duration for what the server has sent.
        our_server, their_client = without_rates(our_server), without_rates(their_client)
    assert_same_figures(server=our_server, client=their_client)


def test_ipv6_addresses(board, iperf3):
    server = board.server()
    client = iperf3.client(BOARD_IPV6, "-n 100K").succeed()
    server.result()
    ends = f"local {BOARD_IPV6} port 5201 connected to {HOST_IPV6} port"
    assert ends in server.output
    assert f"Accepted connection from {HOST_IPV6}, port" in server.output
    assert f"connected to {BOARD_IPV6} port 5201" in client.output
