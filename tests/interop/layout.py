# layout.py - iperf3's text, ours and the real one's, side by side
# SPDX-License-Identifier: MIT

import re

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
