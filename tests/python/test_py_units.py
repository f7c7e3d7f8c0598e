# test_py_units.py - iperf3.py's arithmetic
# SPDX-License-Identifier: MIT

import contextlib
import errno
import socket
import types

import iperf3
import pytest


def stream(**parameters):
    """A stream that has nobody to talk to."""
    defaults = {"udp": True, "len": 1000, "bandwidth": 0, "udp_counters_64bit": False}
    test = types.SimpleNamespace(
        parameters=defaults | parameters, streams=[], buffer=bytearray(1000), us=0
    )
    sock = types.SimpleNamespace(getsockname=lambda: ("here", 1))
    return iperf3._Stream(test, sock, ("there", 2), "bandwidth" in parameters)


# As iperf3 counts them: highest number, lost, out of order
CHECKS = [
    ([1, 2, 5, 6], (6, 2, 0)),
    ([1, 3, 2, 4], (4, 0, 1)),
    ([1, 2, 2, 3], (3, 0, 1)),
    ([1, 2, 5, 5, 6], (6, 1, 1)),
    ([5], (5, 4, 0)),
    ([0, 1, 2], (2, 0, 1)),
    ([1, 4_000_000_000], (4_000_000_000, 3_999_999_998, 0)),
    ([2**40], (2**40, 2**40 - 1, 0)),
]


@pytest.mark.parametrize("numbers, expected", CHECKS)
def test_loss(numbers, expected):
    one = stream()
    for number in numbers:
        one.take(0, 0, 0, number)
    assert one.counts() == expected


def test_jitter():
    """RFC 1889 with transit times of two clocks that know nothing of each other."""
    one = stream()
    expected, before = 0.0, None
    for number, (sent, took) in enumerate([(0, 100), (1000, 400), (2000, 90), (3000, 2000)], 1):
        one.take(5_000_000 + sent + took, 4_000_000_000, sent, number)
        if before is not None:
            expected += (abs(took - before) - expected) / 16
        before = took
    assert one.jitter / 16 == pytest.approx(expected, abs=0.1)


def test_jitter_begins_anew_after_omit():
    one = stream()
    one.take(1000, 0, 0, 1)
    one.take(9000, 0, 1000, 2)
    one.end_interval(1)
    one.end_omit()
    one.take(3_000_000, 0, 0, 5)
    assert one.jitter == 0
    assert one.whole(1)[2:5] == (3, 2, 0)
    theirs = one.results(1)
    assert (theirs["packets"], theirs["omitted_packets"]) == (5, 2)
    assert (theirs["errors"], theirs["omitted_errors"]) == (2, 0)


@pytest.mark.parametrize("rate", [1_000_000, 333_333, 7, 999_999_999_999])
def test_pace(rate):
    """The n-th block is due when n blocks fill the time at this rate, however large n."""
    one = stream(bandwidth=rate)
    for block in range(1, 1000):
        one.pace()
        assert one.due == block * 8000 * 1_000_000 // rate


@pytest.mark.parametrize("period", [2**20, 2**24])
def test_ticks_may_wrap(period, monkeypatch):
    ticks = [0]

    def difference(later, earlier):
        return (later - earlier + period // 2) % period - period // 2

    monkeypatch.setattr(iperf3, "_ticks", lambda: ticks[0] % period)
    monkeypatch.setattr(iperf3, "_ticks_diff", difference)
    ticks[0] = period - 5
    test = iperf3._Test(1, False, True, None)
    for _ in range(50):
        ticks[0] += period // 3
        test.now()
    assert test.us == 50 * (period // 3)


@pytest.fixture
def sockets(monkeypatch):
    """Sets a class for all sockets from here on."""
    return lambda kind: monkeypatch.setattr(socket, "socket", kind)


@pytest.mark.parametrize("number", [0, 268563213])
def test_lwips_connect_may_raise_anything_though_it_has_connected(number, sockets):
    class Socket(socket.socket):
        def connect(self, address):
            with contextlib.suppress(BlockingIOError):
                super().connect(address)
            raise OSError(number)

    with socket.create_server(("127.0.0.1", 0)) as listener:
        address = listener.getsockname()
        sockets(Socket)
        sock, _ = iperf3._connect([(socket.AF_INET, 0, 0, "", address)], 1)
        with sock:
            assert sock.getpeername() == address


def test_what_connect_raises_is_told_if_it_has_not_connected(sockets):
    class Socket(socket.socket):
        def connect(self, address):
            raise OSError(errno.EHOSTUNREACH)

    sockets(Socket)
    with pytest.raises(OSError) as error:
        iperf3._connect([(socket.AF_INET, 0, 0, "", ("127.0.0.1", 1))], 1)
    assert error.value.args[0] == errno.EHOSTUNREACH


def test_no_name_server_is_asked_where_to_listen(sockets, monkeypatch):
    """As lwIP without IPv6 would do, to which "::" is not an address but a name."""

    class Socket(socket.socket):
        def bind(self, address):
            if ":" in address[0]:
                raise ValueError("invalid arguments")
            super().bind(address)

    sockets(Socket)
    monkeypatch.setattr(socket, "print_pcbs", None, raising=False)  # what lwIP's have
    monkeypatch.delattr(socket, "IPV6_V6ONLY")  # and what not
    monkeypatch.setattr(socket, "getaddrinfo", pytest.fail)
    with iperf3._listen(0) as listener:
        assert listener.getsockname()[0] == "0.0.0.0"


AMOUNTS = [
    (0, 1024, "Bytes", "0.00 Bytes"),
    (1000, 1024, "Bytes", "1000 Bytes"),
    (1048576, 1024, "Bytes", "1.00 MBytes"),
    (25e6, 1000, "bits", "25.0 Mbits"),
    (597688320, 1024, "Bytes", " 570 MBytes"),
    (9.99e9, 1000, "bits", "9.99 Gbits"),
    (9.996e9, 1000, "bits", "10.0 Gbits"),
    (2**60, 1024, "Bytes", "1048576 TBytes"),
]


@pytest.mark.parametrize("value, step, unit, expected", AMOUNTS)
def test_amounts(value, step, unit, expected):
    assert iperf3._amount(value, step, unit) == expected


def test_percents():
    rows = {1: "1", 3: "3", 33: "33", 100: "1e+02"}
    for lost, text in rows.items():
        assert f"({text}%)" in iperf3._losses((0, 0, 100, lost, 0, 0, None))


def test_command_line():
    words = "-c HOST -u -R --time=3 -b 2.5M -l 1K -p 5202 -n 2M -J -i 0.5".split()
    assert iperf3._arguments(words) == {
        "host": "HOST",
        "udp": True,
        "reverse": True,
        "time": 3,
        "bandwidth": 2_500_000,
        "length": 1024,
        "port": 5202,
        "num": 2 * 1024 * 1024,
        "json": True,
        "interval": 0.5,
    }
    for wrong in (["-x"], ["-c"], ["-t", "x"], []):
        assert iperf3.main(wrong) == 1


def test_parameters_have_iperf3s_defaults():
    checked = iperf3._checked({})
    assert (checked["time"], checked["parallel"], checked["len"]) == (10, 1, 131072)
    assert not checked["udp"]
    assert iperf3._checked({"parallel": "9", "reverse": 1})["parallel"] == 1
    with pytest.raises(iperf3._Failure):
        iperf3._checked({"udp": True})
