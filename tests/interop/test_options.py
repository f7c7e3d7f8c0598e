# test_options.py - the options that are not about how much is sent and which way
# SPDX-License-Identifier: MIT

import os
import signal
import time

import pytest
from board import BoardError
from namespace import BOARD, HOST

ETIMEDOUT, EHOSTUNREACH = 110, 113


def refusal(task):
    with pytest.raises(BoardError) as caught:
        task.result()
    return caught.value


def blank_free(text):
    return [line for line in text.splitlines() if line]


### --get-server-output ###


@pytest.mark.parametrize("arguments", [{}, {"reverse": True}, {"udp": True}], ids=str)
def test_the_board_shows_what_the_real_server_printed(arguments, board, iperf3):
    server = iperf3.server("-1")
    task = board.client(HOST, duration=1, get_server_output=True, **arguments)
    output = task.result()["server_output_text"]
    printed = server.succeed().output
    assert output.startswith("Accepted connection from ")
    assert output.strip() == printed[printed.index("Accepted") :].strip()

    # where iperf3 prints it: between the totals and its last line
    totals, end = task.output.split("\nServer output:\n")
    assert totals.rstrip().endswith("receiver")
    assert end == output + "\n\niperf Done.\n"


def test_the_board_takes_the_document_of_a_server_with_json(board, iperf3):
    server = iperf3.server("-1 -J")
    result = board.client(HOST, duration=1, get_server_output=True, quiet=True).result()
    theirs = server.succeed().document
    ours = result["server_output_json"]
    assert ours["start"]["cookie"] == theirs["start"]["cookie"]
    sizes = [interval["sum"]["bytes"] for interval in theirs["intervals"]]
    assert sizes == [interval["sum"]["bytes"] for interval in ours["intervals"]]
    assert "server_output_text" not in result


def test_server_output_is_in_the_boards_document(board, iperf3):
    server = iperf3.server("-1")
    document = board.client(HOST, duration=1, get_server_output=True, json=True).result()
    server.succeed()
    assert document["server_output_text"].startswith("Accepted connection from ")
    assert document["end"]["sum_sent"]["bytes"] > 0


def test_no_server_output_unless_asked(board, iperf3):
    server = iperf3.server("-1")
    task = board.client(HOST, duration=1)
    assert not {"server_output_text", "server_output_json"} & set(task.result())
    server.succeed()
    assert "Server output" not in task.output


def output_of_server(client):
    """Its lines in what the real client printed."""
    return blank_free(client.output.split("\nServer output:\n")[1])


@pytest.mark.parametrize("options", ["", "--bidir -P 2", "-u -R -O 1"])
def test_the_real_client_shows_what_the_board_printed(options, board, iperf3):
    server = board.server()
    client = iperf3.client(BOARD, f"-t 1 --get-server-output {options}").succeed()
    server.result()
    lines = blank_free(server.output)[3:]  # all but the banner
    assert len(lines) > 5
    assert output_of_server(client)[: len(lines)] == lines


def test_a_quiet_server_tells_the_client_all_the_same(board, iperf3):
    server = board.start("iperf3_lwip.server(quiet=True)")
    client = iperf3.client_when_possible(BOARD, "-t 1 --get-server-output").succeed()
    server.result()
    assert server.output == ""
    lines = output_of_server(client)
    assert lines[0].startswith("Accepted connection from ")
    assert lines[-2].endswith("receiver")  # before "iperf Done."


def test_the_real_clients_document_has_what_the_board_printed(board, iperf3):
    server = board.server()
    client = iperf3.client(BOARD, "-t 1 -J --get-server-output").succeed()
    server.result()
    assert client.document["server_output_text"].startswith("Accepted connection from ")


### -T, --extra-data ###


def test_a_title_begins_every_line(board, iperf3):
    server = iperf3.server("-1")
    task = board.client(HOST, duration=1, title="my title")
    task.result()
    server.succeed()
    lines = task.output.splitlines()
    assert len(lines) > 6
    assert all(line.startswith("my title:  ") for line in lines)


def test_title_and_extra_data_are_in_both_documents(board, iperf3):
    server = iperf3.server("-1 -J")
    text = 'quoted " and \u00e9'
    ours = board.client(HOST, duration=1, json=True, title=text, extra_data="x" * 300).result()
    theirs = server.succeed().document
    for document in (ours, theirs):
        assert document["title"] == text
        assert document["extra_data"] == "x" * 300


def test_the_boards_server_has_them_in_its_document(board, iperf3):
    server = board.start("iperf3_lwip.server(json=True)")
    iperf3.client_when_possible(BOARD, "-t 1 -T title --extra-data 'more of it'").succeed()
    document = server.result()
    assert document["title"] == "title"
    assert document["extra_data"] == "more of it"


### --repeating-payload ###


def digits(size):
    return (b"0123456789" * (size // 10 + 1))[:size]


def test_the_client_sends_repeating_payload(board, iperf3, tmp_path):
    file = tmp_path / "received"
    server = iperf3.server(f"-1 -F {file}")
    board.client(HOST, bytes=200_000, buffer_size=1460 * 5, repeating_payload=True).result()
    server.finish()
    received = file.read_bytes()
    assert len(received) >= 200_000
    # each run of segments starts anew, as iperf3's blocks do
    assert received[:1460] == digits(1460)
    assert set(received) == set(b"0123456789")


def test_without_it_the_payload_is_noise(board, iperf3, tmp_path):
    file = tmp_path / "received"
    server = iperf3.server(f"-1 -F {file}")
    board.client(HOST, bytes=100_000).result()
    server.finish()
    assert len(set(file.read_bytes())) == 256


def test_the_server_sends_repeating_payload_to_those_who_ask(board, iperf3, tmp_path):
    for options, values in (("--repeating-payload", 10), ("", 256)):
        file = tmp_path / "received"
        server = board.server()
        iperf3.client(BOARD, f"-R -n 100K -F {file} {options}").finish()
        server.result()
        assert len(set(file.read_bytes())) == values


### -B, --cport ###


@pytest.mark.parametrize("arguments", [{}, {"udp": True}, {"bidir": True}], ids=str)
def test_the_streams_come_from_the_ports_that_were_asked_for(arguments, board, iperf3):
    for _ in range(2):  # and once again at once
        server = iperf3.server("-1")
        result = board.client(
            HOST, duration=1, cport=7000, parallel=2, bind=BOARD, **arguments
        ).result()
        server.succeed()
        ports = [stream["local_port"] for stream in result["streams"]]
        assert ports == list(range(7000, 7000 + len(ports)))
        for port in ports:
            assert f" port {port}" in server.output


def test_an_address_that_is_not_the_boards_is_refused(board):
    assert refusal(board.client(HOST, bind="10.99.0.3")).errno == EHOSTUNREACH


### Time-outs ###


def test_rcv_timeout_ends_a_test_without_data(board, iperf3):
    server = iperf3.server("-1")
    task = board.client(HOST, duration=20, reverse=True, rcv_timeout=1)
    task.wait_for("1.00-2.00")
    os.kill(server.pid, signal.SIGSTOP)
    began = time.monotonic()
    assert refusal(task).text == "idle timeout for receiving data"
    assert time.monotonic() - began < 2


def test_idle_timeout_ends_a_server_that_nobody_comes_to(board):
    began = time.monotonic()
    error = refusal(board.server(idle_timeout=1))
    assert error.errno == ETIMEDOUT
    assert 0.9 < time.monotonic() - began < 2


### A server's limits ###


def test_a_rate_above_the_limit_is_refused(board, iperf3):
    server = board.server(server_bitrate_limit=10_000_000, idle_timeout=20)
    too_fast = "total required bandwidth is larger than server limit"
    iperf3.client(BOARD, "-t 1 -b 6M -P 2").fail(too_fast)
    server.wait_for(too_fast)
    iperf3.client_when_possible(BOARD, "-t 1 -b 5M -P 2").succeed()
    server.result()


def test_a_test_that_turns_out_too_fast_is_ended(board, iperf3):
    server = board.server(server_bitrate_limit=10_000_000)
    too_fast = "total required bandwidth is larger than server limit"
    began = time.monotonic()
    iperf3.client(BOARD, "-t 20").fail(too_fast)
    assert 4.5 < time.monotonic() - began < 7
    assert refusal(server).text == too_fast


### What lwIP cannot do ###

REFUSED = {
    "-w 1M": "socket buffer size not set correctly",
    "-R -C cubic": "unable to set TCP_CONGESTION",
    "--bidir -C cubic": "unable to set TCP_CONGESTION",
    "-R --fq-rate 1M": "unable to set socket pacing",
    "-A 0,1": "unable to set CPU affinity",
    "-u -R -l 1473 --dont-fragment": "unable to set IP Do-Not-Fragment flag",
}
ACCEPTED = ["-w 4K", "-C cubic", "-R -C reno", "--fq-rate 100M", "-Z", "-R -Z", "-A 0,0"]
ACCEPTED += ["-u -R -l 1460 --dont-fragment"]


@pytest.mark.parametrize("options", REFUSED)
def test_what_lwip_cannot_do_is_refused_in_iperf3s_words(options, board, iperf3):
    server = board.server(idle_timeout=20)
    client = iperf3.client(BOARD, f"-t 1 {options}").finish()
    assert client.exit_code == 1
    assert f"error - {REFUSED[options]}" in client.errors
    server.wait_for(REFUSED[options])
    iperf3.client_when_possible(BOARD, "-t 1").succeed()
    server.result()


@pytest.mark.parametrize("options", ACCEPTED)
def test_what_lwip_does_anyway_is_not(options, board, iperf3):
    server = board.server(idle_timeout=20)
    iperf3.client(BOARD, f"-t 1 {options}").succeed()
    assert server.result()["bytes"] > 0


@pytest.mark.parametrize("window, works", [(4096, True), (1 << 20, False)])
def test_the_clients_window(window, works, board, iperf3):
    if works:
        server = iperf3.server("-1")
        board.client(HOST, duration=1, window=window).result()
        server.succeed()
    else:
        assert refusal(board.client(HOST, window=window)).name == "ValueError"


def test_the_boards_datagrams_cannot_promise_not_to_be_fragmented(board):
    error = refusal(board.client(HOST, udp=True, dont_fragment=True, length=1473))
    assert error.name == "ValueError"
