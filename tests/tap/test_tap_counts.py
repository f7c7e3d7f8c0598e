# test_tap_counts.py - iperf3-lwip and the real iperf3 print the same numbers
# SPDX-License-Identifier: MIT

import pytest
from json_documents import assert_same_bytes, assert_same_cpu, assert_same_start
from namespace import BOARD, BOARD_IPV6, HOST, HOST_IPV6
from versions import EACH_VERSION

TCP = ["-t 1", "-t 1 -R", "-t 1 --bidir", "-t 1 -P 4", "-n 3M", "-k 20"]
TCP += ["-t 1 -R -P 4", "-t 1 --bidir -P 4", "-R -n 3M", "-t 1 -O 1", "-t 1 -b 20M"]
UDP = ["-u -t 1 -b 20M", "-u -t 1 -b 20M -R", "-u -t 1 -b 10M --bidir -P 2"]
UDP += ["-u -k 200", "-u -t 1 -b 0", "-u -t 1 -P 4", "-u -R -O 1 -t 1"]


def each_kind(*short):
    return pytest.mark.parametrize(
        "options",
        [
            pytest.param(kind, marks=[] if kind in short else pytest.mark.slow)
            for kind in TCP + UDP
        ],
    )


def check(ours, theirs):
    """The documents of both sides of a test."""
    assert list(ours) == ["start", "intervals", "end"]
    assert ours["intervals"]
    assert_same_start(ours, theirs)
    assert_same_cpu(ours, theirs)
    assert_same_bytes(ours, theirs)


@each_kind(*TCP[:6], *UDP[:3])
def test_a_client_counts_what_the_real_server_counts(options, ours, iperf3):
    server = iperf3.server("-1 -J")
    client = ours.client(HOST, f"-J {options}").succeed()
    check(client.document, server.succeed().document)


@each_kind("-t 1 --bidir", "-n 3M", "-t 1 -P 4", "-u -t 1 -b 20M -R")
def test_a_server_counts_what_the_real_client_counts(options, ours, iperf3):
    server = ours.server("-1 -J")
    client = iperf3.client_when_possible(BOARD, f"-J {options}").succeed()
    check(server.succeed().document, client.document)


@pytest.mark.parametrize(
    "options", ["-t 1 --bidir", pytest.param("-u -t 1 --bidir", marks=pytest.mark.slow)]
)
def test_ipv6(options, ours, iperf3):
    server = iperf3.server("-1 -J")
    client = ours.client(HOST_IPV6, f"-J {options}").succeed().document
    check(client, server.succeed().document)
    assert client["start"]["connected"][0]["local_host"] == BOARD_IPV6

    server = ours.server("-1 -J")
    client = iperf3.client_when_possible(BOARD_IPV6, f"-J {options}").succeed()
    check(server.succeed().document, client.document)


@pytest.mark.slow
@EACH_VERSION
@pytest.mark.parametrize("options", ["-u -b 10M", "-b 20M -l 16K --bidir"])
def test_other_versions(options, ours, iperf3):
    server = iperf3.server("-1")
    end = ours.client(HOST, f"-J -t 1 {options}").succeed().document["end"]
    assert end["sum_received"]["bytes"] > 0  # which the server has told
    server.succeed()

    server = ours.server("-1")
    iperf3.client(BOARD, f"-t 1 {options}").succeed()
    server.succeed()
