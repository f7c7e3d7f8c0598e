# json_documents.py - iperf3's -J documents, ours and the real one's, side by side
# SPDX-License-Identifier: MIT

import pytest

# What the board does not know.
UNKNOWN = set(
    """
    timestamp time timesecs sndbuf_actual rcvbuf_actual
    retransmits snd_wnd rtt rttvar pmtu
    max_snd_cwnd max_snd_wnd max_rtt min_rtt mean_rtt
    sender_tcp_congestion receiver_tcp_congestion
    """.split()
)
# What a server of ours has been told, while iperf3's prints nothing of it.
TOLD = {"retransmits"}


def kind_of(value):
    """iperf3 prints 1.0 as 1."""
    return "number" if type(value) in (int, float) else type(value).__name__


def schema(value, path=""):
    """Yields the path and the kind of everything in a document. How many intervals a
    test has is a matter of milliseconds, so all of them share a path."""
    yield path, kind_of(value)
    if isinstance(value, dict):
        for key, member in value.items():
            yield from schema(member, f"{path}.{key}")
    elif isinstance(value, list):
        for index, member in enumerate(value):
            index = "" if path == ".intervals" else index
            yield from schema(member, f"{path}[{index}]")


def without(keys, paths):
    return {(path, kind) for path, kind in paths if path.split(".")[-1] not in keys}


def assert_same_schema(ours, real, told=()):
    ours, real = set(schema(ours)), set(schema(real))
    assert without(UNKNOWN, real - ours) == set()
    assert without(told, ours - real) == set()


def assert_same_bytes(ours, theirs):
    """A real server does not know what the client has counted, and prints 0."""
    sums = {key: value["bytes"] for key, value in theirs["end"].items() if "sum" in key}
    known = {key: size for key, size in sums.items() if size > 0}
    assert known
    assert known == {key: ours["end"][key]["bytes"] for key in known}


def assert_same_cpu(ours, theirs):
    ours, theirs = (document["end"]["cpu_utilization_percent"] for document in (ours, theirs))
    for kind in ("total", "user", "system"):
        assert ours[f"remote_{kind}"] == pytest.approx(theirs[f"host_{kind}"], abs=0.001)


def assert_same_start(ours, theirs):
    for key in ("cookie", "target_bitrate", "test_start"):
        assert ours["start"][key] == theirs["start"][key]
    for our_end, their_end in zip(
        ours["start"]["connected"], theirs["start"]["connected"], strict=True
    ):
        assert our_end["local_port"] == their_end["remote_port"]
        assert our_end["remote_port"] == their_end["local_port"]
        assert our_end["local_host"] == their_end["remote_host"]
        assert our_end["remote_host"] == their_end["local_host"]
