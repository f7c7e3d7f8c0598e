# test_tap_ends.py - tests that end early or do not come about, and then another one
# SPDX-License-Identifier: MIT

import os
import signal
import subprocess
import time

import pytest
from namespace import BOARD, HOST, NOBODY
from scripted_peer import CLIENT_TERMINATE, Server

BUSY = "the server is busy running a test. try again later"
# Two real iperf3, too, may see that a stream is broken before they read the reason.
BROKEN_STREAM = "unable to (write to|read from) stream socket"
EACH_DIRECTION = pytest.mark.parametrize("option", ["", "-R", "--bidir", "-u"])
EACH_SIGNAL = pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])


def interrupted(program, number=signal.SIGINT):
    """Ends a program of ours in the midst of a test; returns what it has printed."""
    start = time.monotonic()
    os.kill(program.pid, number)
    assert program.finish(3).exit_code == 1
    assert time.monotonic() - start < 2
    return program.output


def the_next_client_works(ours, server):
    server.wait_until_listening(2)
    ours.client(HOST, "-n 100K").succeed()


@EACH_DIRECTION
def test_ctrl_c_on_our_client(option, ours, iperf3):
    server = iperf3.server()
    client = ours.client(HOST, f"-t 20 -i 0.2 {option}")
    client.wait_for("bits/sec")
    output = interrupted(client)
    assert client.errors == "iperf3: interrupt - the client has terminated\n"
    totals = output[output.rindex("- - - -") :]
    assert "sender" in totals and "receiver" in totals
    assert "iperf Done." not in output
    server.wait_for_error(f"the client has terminated|{BROKEN_STREAM}", timeout=3)
    the_next_client_works(ours, server)


@EACH_DIRECTION
def test_ctrl_c_on_our_server(option, ours, iperf3):
    server = ours.server("-i 0.2")
    client = iperf3.client(BOARD, f"-t 20 {option}")
    server.wait_for("bits/sec")
    output = interrupted(server)
    assert server.errors == "iperf3: interrupt - the server has terminated\n"
    assert "sender" in output or "receiver" in output
    client.wait_for_error(f"the server has terminated|{BROKEN_STREAM}", timeout=3)
    assert client.finish(3).exit_code == 1
    server = ours.server("-1")
    iperf3.client(BOARD, "-n 100K").succeed()
    server.succeed()


@EACH_SIGNAL
def test_signals_are_in_the_document(number, ours, iperf3):
    server = iperf3.server()
    client = ours.client(HOST, "-J -t 20")
    server.wait_for("connected to")
    time.sleep(0.5)
    interrupted(client, number)
    document = client.document
    assert document["error"] == "interrupt - the client has terminated"
    assert document["end"]["sum_sent"]["bytes"] > 0
    assert client.errors == ""
    the_next_client_works(ours, server)


@EACH_SIGNAL
def test_a_waiting_server_ends(number, ours):
    server = ours.server()
    interrupted(server, number)
    assert server.errors == "iperf3: interrupt - the server has terminated\n"


def test_a_client_that_connects_ends(ours):
    client = ours.client(NOBODY)
    time.sleep(0.5)
    interrupted(client)
    assert client.errors == "iperf3: interrupt - the client has terminated\n"
    assert client.output == ""


def ip_route(verb):
    """To or from nowhere: the kernel drops what it has for the board."""
    command = f"ip route {verb} blackhole {BOARD}/32"
    subprocess.run(command.split(), check=True)


@pytest.mark.parametrize("option", ["", pytest.param("-R", marks=pytest.mark.slow)])
def test_a_cable_that_is_pulled_for_a_moment(option, ours, iperf3):
    """Acknowledgements are lost; lwIP waits no longer than its timers say."""
    server = iperf3.server("-1")
    client = ours.client(HOST, f"-n 20M -b 200M -i 0.2 {option}")
    client.wait_for("bits/sec")
    ip_route("add")
    time.sleep(0.2)
    ip_route("del")
    client.succeed()
    server.succeed()


@pytest.mark.parametrize("closes", [True, False])
def test_the_program_waits_for_the_other_side_to_close_but_not_long(closes, ours):
    """lwIP ends with the program: what is lost of its last words is sent again until then."""
    with Server() as server:
        client = ours.client(HOST, "-t 20 -R")
        server.go_to("running")
        client.interrupt()
        server.control.expect(CLIENT_TERMINATE)
        server.control.expect_end()
        time.sleep(0.2)
        assert client.running
        if not closes:
            client.finish(1)
    client.finish(0.2)


def test_ctrl_c_on_the_real_client(ours, iperf3):
    server = ours.server("-i 0.2")
    client = iperf3.client(BOARD, "-t 20")
    server.wait_for("bits/sec")
    client.interrupt()
    server.wait_for_error("^iperf3: the client has terminated$", timeout=3)
    server.wait_until_listening(2)
    iperf3.client(BOARD, "-n 100K").succeed()


def test_ctrl_c_on_the_real_server(ours, iperf3):
    server = iperf3.server()
    client = ours.client(HOST, "-t 20 -i 0.2")
    client.wait_for("bits/sec")
    server.interrupt()
    client.fail("the server has terminated")
    server.finish()


def test_death_of_the_real_client(ours, iperf3):
    server = ours.server("-J")
    client = iperf3.client_when_possible  # a server with -J does not say when it is ready
    client(BOARD, "-n 1K").succeed()
    client = iperf3.client(BOARD, "-t 20")
    client.wait_for("connected to")
    client.kill()
    server.wait_for('"error":"the client has unexpectedly closed the connection"', timeout=3)
    iperf3.client(BOARD, "-n 1K").succeed()


def test_a_second_client_is_told_that_our_server_is_busy(ours, iperf3):
    server = ours.server("-i 0.2")
    first = iperf3.client(BOARD, "-t 1")
    server.wait_for("bits/sec")
    iperf3.client(BOARD, "-t 1").fail(BUSY)
    first.succeed()
    server.wait_until_listening(2)


@pytest.mark.parametrize("options", ["", "-J"])
def test_our_client_is_told_that_the_server_is_busy(options, ours, iperf3):
    iperf3.server()
    first = iperf3.client(HOST, "-t 20")
    first.wait_for("bits/sec")
    check_failure(ours.client(HOST, options), BUSY)


def check_failure(client, text, timeout=15):
    """An error is printed, or with -J is in the document; iperf3 from 3.14 on exits with 1
    then, too."""
    if "-J" in client.command:
        assert client.finish(timeout).exit_code == 1
        assert client.document["error"] == text
        assert client.document["start"]["connected"] == client.document["intervals"] == []
        assert client.document["end"] == {}
        assert client.errors == ""
    else:
        client.fail(text, timeout)
        assert client.errors == f"iperf3: error - {text}\n"
        assert client.output == ""


CANNOT_CONNECT = "unable to connect to server"
FAILURES = {
    f"-c {HOST}": f"{CANNOT_CONNECT}: Connection refused",
    f"-c {NOBODY} --connect-timeout 500": f"{CANNOT_CONNECT}: Connection timed out",
    "-c nobody.invalid": f"{CANNOT_CONNECT}: ",  # the resolver's words
    "-c 300.1.1.1": f"{CANNOT_CONNECT}: ",
    f"-4 -c {BOARD}::": f"{CANNOT_CONNECT}: ",
    f"-6 -c {HOST}": f"{CANNOT_CONNECT}: Address family for hostname not supported",
    f"-c {HOST} -B 10.99.0.9": f"{CANNOT_CONNECT}: Cannot assign requested address",
    "-s -B 10.99.0.9": "unable to start listener for connections: Cannot assign requested address",
    f"-c {HOST} -w 65K": "socket buffer size not set correctly",
    f"-c {HOST} -u --dont-fragment -l 1473": "unable to set IP Do-Not-Fragment flag",
}


@pytest.mark.parametrize("json", ["", "-J"])
@pytest.mark.parametrize("options, text", FAILURES.items(), ids=FAILURES.keys())
def test_what_cannot_be(options, text, json, ours):
    program = ours._start(f"{options} {json}")
    program.finish()
    if text.endswith(": "):
        assert text in program.output + program.errors
        assert program.exit_code == 1
    else:
        check_failure(program, text)
