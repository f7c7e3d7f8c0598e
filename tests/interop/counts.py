# counts.py - figures that must fit each other, on one end and between both
# SPDX-License-Identifier: MIT
#
# A sender counts what it has given to TCP, a receiver what has come; the ends
# tell each other at the end of the test. So there are two numbers of bytes per
# direction, and both ends must have the same two.

import pytest


def check_figures(figures):
    """Every figure of a dict fits the others; some data moved."""
    assert figures["bytes"] > 0
    expected = figures["bytes"] * 8 / figures["seconds"]
    assert figures["bits_per_second"] == pytest.approx(expected, rel=1e-6)


def check_direction(result):
    """One direction of the dict that client() and server() return."""
    for figures in (result, result["sender"], result["receiver"]):
        check_figures(figures)
    assert result["receiver"]["bytes"] <= result["sender"]["bytes"]
    assert result["bytes"] in (result["sender"]["bytes"], result["receiver"]["bytes"])


def check_result(result, arguments):
    """All of that dict, for a test with these arguments of client()."""
    check_direction(result)
    parallel = arguments.get("parallel", 1)
    if "bidir" in arguments:
        check_direction(result["reverse"])
        parallel *= 2
    ids = [stream["id"] for stream in result["streams"]]
    assert ids == [1, *range(3, 2 + parallel)]
    for stream in result["streams"]:
        check_figures(stream)
        check_figures(stream["remote"])


def stream_bytes(stream):
    """(sent, received) of a stream in the board's dict."""
    own, remote = stream["bytes"], stream["remote"]["bytes"]
    return (own, remote) if stream["sender"] else (remote, own)


def totals(end, suffix=""):
    """(sent, received) of a direction in the real iperf3's document."""
    return end["sum_sent" + suffix]["bytes"], end["sum_received" + suffix]["bytes"]


def has_sums(end, arguments):
    """Whether the document has the sums of each direction. iperf3 before 3.11 gives
    those of a bidir test twice, under the same names."""
    return "bidir" not in arguments or "sum_sent_bidir_reverse" in end


def check_tcp_client(result, arguments, end):
    """The board's client and the real server's document; it has its own side only."""
    check_result(result, arguments)
    for stream, theirs in zip(result["streams"], end["streams"], strict=True):
        sent, received = stream_bytes(stream)
        if stream["sender"]:
            assert theirs["receiver"]["bytes"] == received
            # The board says that the test is over when all it has sent has arrived.
            assert received == sent
        else:
            assert theirs["sender"]["bytes"] == sent
    if not has_sums(end, arguments):
        return
    if "reverse" in arguments:
        assert totals(end)[0] == result["sender"]["bytes"]
    else:
        assert totals(end)[1] == result["receiver"]["bytes"]
    if "bidir" in arguments:
        assert totals(end, "_bidir_reverse")[0] == result["reverse"]["sender"]["bytes"]


def check_tcp_server(result, arguments, end):
    """The board's server and the real client's document."""
    check_result(result, arguments)
    for stream, theirs in zip(result["streams"], end["streams"], strict=True):
        sent, received = stream_bytes(stream)
        assert (sent, received) == (theirs["sender"]["bytes"], theirs["receiver"]["bytes"])
        if not stream["sender"]:
            assert received == sent  # the board counts until nothing comes any more
    if not has_sums(end, arguments):
        return
    assert totals(end) == (result["sender"]["bytes"], result["receiver"]["bytes"])
    if "bidir" in arguments:
        reverse = result["reverse"]
        expected = (reverse["sender"]["bytes"], reverse["receiver"]["bytes"])
        assert totals(end, "_bidir_reverse") == expected


def received(result):
    """Datagrams that the receiving side has."""
    return result["receiver"]["packets"] - result["receiver"]["lost_packets"]


def check_udp_direction(result, most_under_way):
    """Sent is received: nothing is lost or late but what was under way at the end."""
    assert result["sender"]["packets"] > 0
    assert result["receiver"]["lost_packets"] == 0
    assert result["receiver"]["out_of_order"] == 0
    assert 0 <= result["sender"]["packets"] - received(result) <= most_under_way
    assert result["jitter_ms"] < 100
