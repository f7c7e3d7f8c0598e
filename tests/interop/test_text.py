# test_text.py - the module prints what the real iperf3 prints
# SPDX-License-Identifier: MIT

import re

import pytest
from kinds import DIRECTIONS, REFERENCE_PORT
from namespace import BOARD, BOARD_IPV6, HOST, HOST_IPV6

# 2 seconds: with 1, a real reverse client prints the header of a sender (a bug).
KINDS = {
    **DIRECTIONS,
    "omit": ({"omit": 1}, "-O 1"),
    "reverse omit": ({"omit": 1, "reverse": True}, "-O 1 -R"),
}

# What may differ between two tests of a kind; the widths may not.
MASKS = [
    (r"\[[ \d]{2}\d\]", "[ID#]"),
    (r"10\.99\.0\.\d", "ADDRESS"),
    (r"port \d+", "port #"),
    (r"(?:\d\.\d\d|[\d ]\d\.\d|[\d ]{3}\d) [KMGT]?(Bytes|bits)", r"#### ?\1"),
    (r"(?<=bits/sec  )[ \d]{2}\d ", "### "),
    (r"\d+\.\d\d-\d+\.\d\d", "from-to"),
]


def layout(text):
    for pattern, replacement in MASKS:
        text = re.sub(pattern, replacement, text)
    return text.splitlines()


def different_lines(lines):
    """Each layout once, in the order of appearance: how many intervals a test has
    is a matter of milliseconds."""
    return list(dict.fromkeys(lines))


def end_table(lines):
    """From the last separator on."""
    separator = len(lines) - lines[::-1].index("- " * 24 + "-")
    return lines[separator:]


def one_test(text):
    """A server's text up to the banner of the next test."""
    start = text.index("Accepted connection")
    return text[start:].split("-----\n")[0].rstrip("-")


ROW = re.compile(r"^\[.{3}\](?:\[(.X-.)\])?(.*) (sender|receiver)$", re.MULTILINE)
SAME_DIRECTION = {"RX-S": "TX-C", "TX-S": "RX-C"}


def rows(text):
    """The rows of the end table: ((direction, whose), figures); without the number
    of the stream, which each side chooses for itself."""
    found = ROW.findall(text)
    return [((SAME_DIRECTION.get(role, role), whose), figures) for role, figures, whose in found]


def assert_same_figures(server, client):
    """A client prints both sides' rows, among them those that the server prints."""
    server, client = rows(server), rows(client)
    assert server
    of_the_server = {key for key, _ in server}
    assert server == [row for row in client if row[0] in of_the_server]


def without_rates(text):
    """Rows without times and rates: the bytes and the retransmits."""
    return re.sub(r"\d+\.\d+-\d+\.\d+ *sec| *[\d.]+ .?bits/sec", "", text)


def without_retransmits(lines):
    """lwIP counts no retransmissions per connection: where the board sends, it
    leaves the columns out, as iperf3 does where it cannot know them."""
    text = "\n".join(lines)
    text = re.sub(r"  ###   #### \?Bytes {7}|  ### {13}", " " * 18, text)
    return re.sub(r" {9}Retr(  Cwnd)?$", "", text, flags=re.MULTILINE).splitlines()


def assert_same_layout(ours, real, board_sends):
    ours, real = layout(ours), layout(real)
    if board_sends:
        ours, real = without_retransmits(ours), without_retransmits(real)
    assert different_lines(ours) == different_lines(real)
    assert end_table(ours) == end_table(real)


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
