# test_tap_options.py - iperf3-lwip's options mean what the real iperf3's mean
# SPDX-License-Identifier: MIT

import re
import subprocess
import time

import pytest
from namespace import BOARD, BOARD_IPV6, BOARD_LINK_LOCAL, HOST, HOST_IPV6, NOBODY
from scripted_peer import PARAMETERS, Client, Server

### What a client asks for ###


def parameters(client):
    """What a client sends to a server that knows nothing but to ask for it."""
    with Server() as server:
        running = client()
        server.go_to("greeted")
    running.kill()
    return server.parameters


# Short and long, near and far from the limits, each suffix.
ASKED = """
-t 3|--time 86400|-t 0|-n 1|-n 1K|-n 1.5k|--bytes 2M|-n 3g|-n 1T|-k 7|-k 2K|--blockcount 1M
-l 1|--length 1M|-l 2k|-u -l 16|-u -l 65507|-P 2|--parallel 128|-O 1|--omit 60|-i 0|-i 0.1|-i 60
-b 0|-b 1|-b 1.5K|-b 20m|--bitrate 1G|--bandwidth 2T|-b 10M/7|-b 10M/1000|-u -l 99|-u -b 0 -l 99
-u -b 3M -l 99|-R|--reverse|--bidir|-u --bidir -l 99|-N|--no-delay|-M 536|--set-mss 1400
-S 52|-S 064|-S 0x34|--tos 255|-w 32K|--window 1000|-T title|--title two|--extra-data more
--get-server-output|-u -l 99 --udp-counters-64bit|--repeating-payload|-u -l 99 --dont-fragment
-4|--forceflush|-R --rcv-timeout 100|--bidir --rcv-timeout 86400000|--connect-timeout 9999
"""


@pytest.mark.parametrize("options", re.split(r"[|\n]", ASKED.strip()))
def test_a_client_asks_for_what_the_real_one_asks_for(options, ours, iperf3):
    asked = parameters(lambda: ours.client(HOST, options))
    real = parameters(lambda: iperf3.client(HOST, options))
    assert asked.pop("client_version").startswith("iperf3-lwip")
    del real["client_version"]
    assert asked == real


def test_a_datagram_fits_a_packet_unless_a_length_is_given(ours):
    assert parameters(lambda: ours.client(HOST, "-u"))["len"] == 1460


@pytest.mark.parametrize("options", ["-Z", "--skip-rx-copy", "--pacing-timer 99", "-C reno"])
def test_what_changes_nothing_is_accepted(options, ours, iperf3):
    iperf3.server("-1")
    ours.client(HOST, f"-n 1K {options}").succeed()


def test_a_client_repeats_the_digits(ours):
    with Server() as server:
        ours.client(HOST, "--repeating-payload")
        server.go_to("running")
        assert server.streams[0].read(30) == b"0123456789" * 3


@pytest.mark.parametrize("repeats", [True, False])
def test_a_server_repeats_the_digits_if_it_is_asked_to(repeats, ours):
    ours.server()
    asked = PARAMETERS | {"reverse": True} | ({"repeating_payload": 1} if repeats else {})
    with Client(asked) as client:
        client.go_to("creating")
        stream = client.open_stream(client.cookie)
        assert (stream.read(30) == b"0123456789" * 3) == repeats


### What only one side knows of ###


def test_the_port(ours, iperf3):
    iperf3.server("-1", port=5202)
    ours.client(HOST, "-n 1K", port=5202).succeed()
    server = ours.server("-1", port=5203)
    iperf3.client(BOARD, "-n 1K", port=5203).succeed()
    assert "Server listening on 5203" in server.succeed().output


@pytest.mark.parametrize("options, streams", [("", 1), ("-P 2 --bidir", 4), ("-u", 1)])
def test_the_own_ports(options, streams, ours, iperf3):
    server = iperf3.server("-1 -J")
    ours.client(HOST, f"-n 1K --cport 7000 {options}").succeed()
    connected = server.succeed().document["start"]["connected"]
    assert [stream["remote_port"] for stream in connected] == [*range(7000, 7000 + streams)]


def test_the_own_address_of_a_client(ours, iperf3):
    server = iperf3.server("-1")
    client = ours.with_network(
        f"--tap tap0 --address {BOARD}/24 --address fd99::2/64 --address fd99::3/64",
        f"-c {HOST_IPV6} -B fd99::3 -n 1K",
    ).succeed()
    assert "local fd99::3 port" in client.output
    assert "Accepted connection from fd99::3" in server.succeed().output


@pytest.mark.parametrize(
    "options, there, not_there",
    [
        (f"-B {BOARD}", BOARD, BOARD_IPV6),
        (f"-B {BOARD_IPV6}", BOARD_IPV6, BOARD),
        ("-4", BOARD, BOARD_IPV6),
        ("-6", BOARD_IPV6, BOARD),
    ],
)
def test_the_own_address_of_a_server(options, there, not_there, ours, iperf3):
    server = ours.server(f"-1 {options}")
    iperf3.client(not_there, "-n 1K").fail("unable to connect to server: Connection refused")
    iperf3.client(there, "-n 1K").succeed()
    server.succeed()


@pytest.mark.parametrize("options", ["-4 -6", "-6 -4"])
def test_both_families_are_any(options, ours, iperf3):
    server = ours.server(options)
    for address in (BOARD, BOARD_IPV6):
        iperf3.client(address, "-n 1K").succeed()
    assert server.running


@pytest.mark.parametrize("options", ["", f"-B {BOARD_LINK_LOCAL.split('%')[0]}"])
def test_a_link_local_address_needs_no_name_of_an_interface(options, ours, iperf3):
    iperf3.server("-1")
    client = ours.client("fe80::1", f"-n 1K --connect-timeout 2500 {options}").succeed()
    assert "connected to fe80::1 port 5201" in client.output.lower()


def test_a_router(ours, iperf3):
    """lo of the kernel's side stands for a network behind it."""
    subprocess.run("ip addr add 10.98.0.1/32 dev lo".split(), check=True)
    try:
        iperf3.server("-1")
        network = f"--tap tap0 --address {BOARD}/24 --gateway {HOST}"
        ours.with_network(network, "-c 10.98.0.1 -n 1K").succeed()
        unreachable = "unable to connect to server: Connection timed out"
        ours.client("10.98.0.1", "--connect-timeout 500").fail(unreachable)
    finally:
        subprocess.run("ip addr del 10.98.0.1/32 dev lo".split(), check=True)


@pytest.mark.parametrize("options, lines", [("-i 0.25", 4), ("-i 0", 1)])
def test_the_interval(options, lines, ours, iperf3):
    iperf3.server("-1")
    intervals = ours.client(HOST, f"-J -t 1 {options}").succeed().document["intervals"]
    assert len(intervals) in (lines, lines + 1)  # a rest of some milliseconds


def test_connect_timeout(ours):
    start = time.monotonic()
    ours.client(NOBODY, "--connect-timeout 300").fail("unable to connect to server")
    assert 0.2 < time.monotonic() - start < 2


def test_rcv_timeout_of_a_client(ours):
    with Server() as server:
        client = ours.client(HOST, "-R --rcv-timeout 300")
        server.go_to("running")
        client.fail("idle timeout for receiving data", timeout=5)


def test_rcv_timeout_of_a_server(ours):
    server = ours.server("--rcv-timeout 300")
    with Client() as client:
        client.go_to("running")
        server.wait_for_error("iperf3: error - idle timeout for receiving data", timeout=5)
    assert server.running


def test_a_rate_is_kept(ours, iperf3):
    server = iperf3.server("-1 -J")
    ours.client(HOST, "-t 1 -b 4M/10 -l 10000 -P 2").succeed()
    received = server.succeed().document["end"]["sum_received"]["bytes"]
    assert received == pytest.approx(1_000_000, rel=0.25)  # whole bursts


def test_datagrams_leave_when_they_are_due(ours, iperf3):
    server = iperf3.server("-1 -J -i 0.1")
    client = ours.client(HOST, "-J -u -t 1 -b 1M -l 1000").succeed()  # one in 8 ms
    assert client.document["end"]["sum"]["seconds"] == pytest.approx(1, abs=0.1)
    intervals = server.succeed().document["intervals"][:10]
    assert all(interval["sum"]["packets"] > 5 for interval in intervals)


### Servers ###


def test_a_server_goes_on_until_it_is_told_to_end_after_one(ours, iperf3):
    server = ours.server()
    for number in (1, 2, 3):
        server.wait_until_listening(number)
        iperf3.client(BOARD, "-n 1K").succeed()
    server.wait_until_listening(4)
    server.kill()
    server = ours.server("--one-off")
    iperf3.client(BOARD, "-n 1K").succeed()
    server.succeed()


# The real server tells its clients the same, but for the last, which is of a later version.
@pytest.mark.parametrize(
    "limit, options, errors",
    [
        ("--server-bitrate-limit 1M", "-b 2M", "total required bandwidth is larger than"),
        ("--server-bitrate-limit 1.5M", "-b 1M -P 2", "total required bandwidth is larger than"),
        ("--server-bitrate-limit 1M/1", "-t 3", "total required bandwidth is larger than"),
        ("--server-max-duration 1", "-t 2", "test duration above the server's maximum"),
    ],
)
def test_what_a_server_does_not_run(limit, options, errors, ours, iperf3):
    server = ours.server(limit)
    assert iperf3.client(BOARD, options).finish().exit_code == 1
    server.wait_for_error(f"^iperf3: error - {errors}")
    iperf3.client_when_possible(BOARD, "-t 1 -b 500K -l 8K").succeed()
    assert server.running


def test_an_idle_server_ends_if_it_serves_one_client(ours):
    start = time.monotonic()
    server = ours.server("-1 --idle-timeout 1").succeed()
    assert 0.9 < time.monotonic() - start < 3
    assert server.output.count("Server listening") == 1
    assert ours.server("-1 -J --idle-timeout 1").succeed().output == ""


def test_an_idle_server_stays(ours):
    server = ours.server("--idle-timeout 1")
    time.sleep(1.5)
    assert server.running


def test_128_streams(ours, iperf3):
    server = ours.server("-1")
    iperf3.client(BOARD, "-t 1 -P 128 -b 100K -l 1K").succeed()
    assert server.succeed().output.count("receiver") == 129
