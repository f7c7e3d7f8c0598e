# test_tap_output.py - what iperf3-lwip prints: iperf3's text or its document
# SPDX-License-Identifier: MIT

import json
import os
import re
import shlex
import subprocess

import pytest
from conftest import NETWORK
from json_documents import TOLD, assert_same_schema
from kinds import REFERENCE_PORT
from layout import assert_same_figures, assert_same_layout, one_test
from namespace import BOARD, HOST


@pytest.mark.parametrize("options", ["", pytest.param("-R -P 2", marks=pytest.mark.slow)])
def test_the_text_is_that_of_the_real_iperf3(options, ours, iperf3):
    real_server = iperf3.server("-1", port=REFERENCE_PORT)
    real_client = iperf3.client(HOST, f"-t 2 {options}", port=REFERENCE_PORT)
    their_server = iperf3.server("-1")
    our_client = ours.client(HOST, f"-t 2 {options}").succeed().output
    their_server = their_server.succeed().output
    our_server = ours.server("-1")
    their_client = iperf3.client(BOARD, f"-t 2 {options}").succeed().output
    our_server = our_server.succeed().output

    sends = "-R" in options
    real_client, real_server = real_client.succeed().output, real_server.succeed().output
    assert_same_layout(our_client, real_client, board_sends=not sends)
    assert_same_layout(one_test(our_server), one_test(real_server), board_sends=sends)
    assert_same_figures(server=their_server, client=our_client)
    assert_same_figures(server=our_server, client=their_client)


def test_lines_come_while_the_test_runs(ours, iperf3):
    iperf3.server("-1")
    client = ours.client(HOST, "-t 20 -i 0.2")
    client.wait_for("0.20-0.40 .*bits/sec", timeout=3)
    assert client.running


def test_a_client_tells_the_name_that_it_was_given(ours, iperf3):
    iperf3.server("-1")
    client = ours.client("10.99.1", "-n 1K").succeed()  # a name of HOST for the resolver
    assert client.output.startswith("Connecting to host 10.99.1, port 5201\n")
    assert f"connected to {HOST} port 5201" in client.output


@pytest.mark.parametrize("option", ["", "-R"])
def test_a_title_begins_each_line(option, ours, iperf3):
    iperf3.server("-1")
    client = ours.client(HOST, f"-n 1K -T a_title {option}").succeed()
    assert all(line.startswith("a_title:  ") for line in client.output.splitlines())


DOCUMENT = "-J -t 1 -T a_title --extra-data more --get-server-output"


def test_the_document_has_the_keys_of_the_real_one(ours, iperf3):
    real_server = iperf3.server("-1 -J", port=REFERENCE_PORT)
    real_client = iperf3.client(HOST, DOCUMENT, port=REFERENCE_PORT)
    iperf3.server("-1 -J")
    our_client = ours.client(HOST, DOCUMENT).succeed().document
    our_server = ours.server("-1 -J")
    iperf3.client_when_possible(BOARD, DOCUMENT).succeed()
    our_server = our_server.succeed().document

    real_client, real_server = real_client.succeed().document, real_server.succeed().document
    assert list(our_client) == list(real_client)
    assert list(our_server) == list(real_server)
    assert our_client["title"] == our_server["title"] == "a_title"
    assert our_client["extra_data"] == our_server["extra_data"] == "more"
    # ours has what the client has told; what the real server gives is not yet complete
    assert set(our_client.pop("server_output_json")) == {"start", "intervals", "end"}
    real_client.pop("server_output_json")
    assert_same_schema(our_client, real_client)
    assert_same_schema(our_server, real_server, TOLD)


def test_a_document_has_the_text_of_the_server(ours, iperf3):
    server = iperf3.server("-1")
    client = ours.client(HOST, "-J -n 1M --get-server-output").succeed()
    text = client.document["server_output_text"]
    assert text.strip() == one_test(server.succeed().output).strip()


def test_the_server_output_is_printed_before_the_end(ours, iperf3):
    server = iperf3.server("-1")
    client = ours.client(HOST, "-n 1M --get-server-output").succeed()
    _, output = client.output.split("\nServer output:\n")
    printed = one_test(server.succeed().output).strip()
    assert output.strip() == f"{printed}\n\n\niperf Done."


@pytest.mark.parametrize("options", ["", "-J"])
def test_a_server_gives_its_output(options, ours, iperf3):
    server = ours.server(f"-1 {options}")
    client = iperf3.client_when_possible(BOARD, "-J -n 1M --get-server-output").succeed()
    text = client.document["server_output_text"]
    assert text.startswith(f"Accepted connection from {HOST}, port ")
    assert text.rstrip().endswith("receiver")
    if not options:
        assert text.strip() == one_test(server.succeed().output).strip()


def test_each_test_of_a_server_has_a_document(ours, iperf3):
    server = ours.server("-J")
    for title in ("first", "second"):
        iperf3.client_when_possible(BOARD, f"-n 1K -T {title}").succeed()
        server.wait_for(f'"title":"{title}"')
    server.interrupt()
    documents = [json.loads(line) for line in server.finish().output.splitlines()]
    assert [document.get("title") for document in documents] == ["first", "second", None]
    assert documents[2]["error"] == "interrupt - the server has terminated"


@pytest.mark.parametrize(
    "given, taken",
    [
        (b'a "quote" and a \\ backslash', 'a "quote" and a \\ backslash'),
        (b"a tab\t, a line\n and \x01", "a tab\t, a line\n and \x01"),
        ("ä€𝄞".encode(), "ä€𝄞"),
        (
            b"\xff, \xc3, \xe2\x82 and \xf0\x9d\x84",
            "\ufffd, \ufffd, \ufffd\ufffd and \ufffd\ufffd\ufffd",
        ),
        (
            b"\xc0\xaf \xed\xa0\x80 \xf4\x90\x80\x80",
            "\ufffd\ufffd " + "\ufffd" * 3 + " " + "\ufffd" * 4,
        ),
    ],
    ids=["quotes", "controls", "UTF-8", "cut", "forbidden"],
)
def test_a_document_is_json_whatever_a_title_is(given, taken, ours, program):
    command = [program, *shlex.split(NETWORK), "-c", HOST, "-J", "-T", os.fsdecode(given)]
    result = subprocess.run(command, capture_output=True, timeout=10)
    assert json.loads(result.stdout.decode())["title"] == taken
    assert result.stderr == b""


def test_the_version_names_both(ours):
    version = ours.with_network("", "--version").succeed().output
    assert re.fullmatch(r"iperf3-lwip \d+\.\d+\.\d+ \(lwIP \d+\.\d+\.\d+.*\)\n", version)
