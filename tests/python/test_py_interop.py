# test_py_interop.py - iperf3.py and the real iperf3 tell the same numbers
# SPDX-License-Identifier: MIT

import json
import os
import socket
import subprocess
import time

import pytest
from board import BoardError
from namespace import HOST
from python_paths import FIRMWARE, MAY_LOSE_DATAGRAMS, PURE, PURE_ON_LWIP, SCRIPT, on

CLOSED = "control socket has closed unexpectedly"
ALL = on(*PURE, slow=["accelerated", *FIRMWARE])
MOST = on("unix", "tap", "accelerated", slow=["cpython", *FIRMWARE])

# The same test as iperf3.py and as the real iperf3 ask for it. Bytes and blocks are
# few, so that most tests end soon.
TCP = {
    "forward": ({}, ""),
    "reverse": ({"reverse": True}, "-R"),
    "bidir": ({"bidir": True}, "--bidir"),
    "parallel": ({"parallel": 3}, "-P 3"),
    "reverse parallel": ({"reverse": True, "parallel": 2}, "-R -P 2"),
    "paced": ({"bandwidth": 80_000_000}, "-b 80M"),
}
UDP = {
    "forward": ({}, ""),
    "reverse": ({"reverse": True}, "-R"),
    "bidir parallel": ({"bidir": True, "parallel": 2}, "--bidir -P 2"),
    "64-bit counters": ({"udp_counters_64bit": True}, "--udp-counters-64bit"),
}


# Several streams share the six frames that the emulated Ethernet controller holds.
FRAMES = " -b 3M -l 1460"


def own_sum(end, reverse):
    """What a real server has counted itself."""
    return end["sum_sent" if reverse else "sum_received"]


def check(result, streams):
    for figures in (result, result["sender"], result["receiver"]):
        assert figures["bytes"] > 0
        rate = figures["bytes"] * 8 / figures["seconds"]
        assert figures["bits_per_second"] == pytest.approx(rate, rel=1e-4)
    assert [stream["id"] for stream in result["streams"]] == [1, *range(3, 2 + streams)]


def received(figures):
    return figures["packets"] - figures["lost_packets"]


@on("unix", "tap", "accelerated", "firmware", slow=["cpython", "accelerated firmware"])
@pytest.mark.parametrize("kind", TCP)
def test_tcp_client(kind, path, ours, iperf3):
    arguments, _ = TCP[kind]
    server = iperf3.server("-1 -J")
    result = ours.client(num=3_000_000, length=10_000, **arguments).result()
    end = server.succeed().document["end"]
    check(result, arguments.get("parallel", 1) * (2 if "bidir" in arguments else 1))
    reverse = "reverse" in arguments
    theirs = own_sum(end, reverse)["bytes"]
    assert theirs == result["sender" if reverse else "receiver"]["bytes"]
    assert max(result["bytes"], result.get("reverse", result)["bytes"]) >= 3_000_000
    if not arguments.keys() & {"reverse", "bidir"}:
        begun = 10_000 * (arguments.get("parallel", 1) - 1)  # blocks that are completed
        assert theirs <= result["sender"]["bytes"] <= 3_000_000 + begun


@on(*PURE, *FIRMWARE, slow=["accelerated"])
@pytest.mark.parametrize("kind", TCP)
def test_tcp_server(kind, path, ours, iperf3):
    arguments, options = TCP[kind]
    if path in FIRMWARE and kind == "parallel":
        options += FRAMES
    server = ours.server()
    client = iperf3.client(ours.host, f"-J -n 3M -l 10000 {options}")
    end = client.succeed().document["end"]
    result = server.result()
    check(result, arguments.get("parallel", 1) * (2 if "bidir" in arguments else 1))
    assert end["sum_sent"]["bytes"] == result["sender"]["bytes"]
    assert end["sum_received"]["bytes"] == result["receiver"]["bytes"]
    if not arguments.keys() & {"reverse", "bidir"}:
        assert result["receiver"]["bytes"] == result["sender"]["bytes"]


@on("unix", "tap", "accelerated", *FIRMWARE, slow=["cpython"])
@pytest.mark.parametrize("kind", UDP)
def test_udp_client(kind, path, ours, iperf3):
    arguments, _ = UDP[kind]
    server = iperf3.server("-1 -J")
    result = ours.client(True, bandwidth=2_000_000, blockcount=100, **arguments).result()
    end = server.succeed().document["end"]
    check(result, 4 if "bidir" in arguments else 1)
    assert result["jitter_ms"] < 100
    if "reverse" in arguments:
        assert end["sum"]["packets"] == result["sender"]["packets"]
        assert received(result) >= (80 if path in MAY_LOSE_DATAGRAMS else 100)
    elif "bidir" not in arguments:
        assert result["sender"]["packets"] == 100
        assert result["receiver"]["packets"] == end["sum"]["packets"]
        assert received(result["receiver"]) == 100


@on(*PURE, "firmware", slow=["accelerated", "accelerated firmware"])
@pytest.mark.parametrize("kind", UDP)
def test_udp_server(kind, path, ours, iperf3):
    arguments, options = UDP[kind]
    server = ours.server()
    client = iperf3.client(ours.host, f"-u -J -b 2M -l 1000 -k 100 {options}")
    end = client.succeed().document["end"]
    result = server.result()
    check(result, 4 if "bidir" in arguments else 1)
    if "reverse" in arguments:
        assert end["sum"]["packets"] >= 100
        assert end["sum"]["lost_packets"] == 0
    elif "bidir" not in arguments:
        assert end["sum"]["packets"] == 100
        may_be_lost = 20 if path in MAY_LOSE_DATAGRAMS else 0
        assert received(result) == pytest.approx(100, abs=may_be_lost)


@MOST
@pytest.mark.parametrize("udp", [False, True])
def test_omit_and_intervals(udp, path, ours, iperf3):
    server = iperf3.server("-1 -J")
    task = ours.client(udp, True, time=1, omit=1, interval=0.5, bandwidth=5_000_000)
    result = task.result()
    server.succeed()
    assert result["seconds"] == pytest.approx(1, abs=0.1)
    assert result["bits_per_second"] == pytest.approx(
        5e6, rel=0.3 if path in MAY_LOSE_DATAGRAMS else 0.1
    )
    lines = [line for line in task.output.splitlines() if "sec" in line]
    assert 2 <= sum("(omitted)" in line for line in lines) <= 3
    assert any("0.50-1.0" in line for line in lines)


@on("unix", slow=["cpython"])
def test_lines_are_those_of_iperf3(path, ours, iperf3):
    """Numbers apart, our lines are the real client's."""

    def shape(text):
        text = text.replace("0.0000", "0").replace(" local 10.99.0.1 port 0", "")
        words = ["#" if word[:1].isdigit() or word[0] == "(" else word for word in text.split()]
        return " ".join(words)

    server = iperf3.server()
    real = iperf3.client(HOST, "-u -t 1 -b 3M -l 1000 -i 0.5 -R").succeed().output
    server.wait_until_listening(2)
    task = ours.client(True, True, bandwidth=3_000_000, time=1, interval=0.5, length=1000)
    task.result()
    head = "Connecting to host"
    ours_text = task.output[task.output.index(head) :]
    real_lines = real[real.index(head) :].splitlines()
    our_lines = ours_text.splitlines()
    assert len(our_lines) == len(real_lines)
    for our_line, real_line in zip(our_lines, real_lines):
        if "connected to" not in real_line:
            assert shape(our_line) == shape(real_line)


@on("unix", "tap", slow=["cpython", *FIRMWARE])
def test_pacing_does_not_drift(path, ours, iperf3):
    server = iperf3.server("-1")
    result = ours.client(True, bandwidth=3_333_333, time=2, length=997).result()
    server.succeed()
    assert result["sender"]["packets"] == pytest.approx(3_333_333 / 8 / 997 * 2, abs=5)


@on("cpython")
def test_without_intervals_there_is_still_something_to_wait_for(path, ours, iperf3):
    iperf3.server("-1")
    before = ours.python.eval("time.process_time()")
    ours.client(True, True, bandwidth=100_000, time=3, interval=0).result()
    assert ours.python.eval("time.process_time()") - before < 0.5


@MOST
def test_time_and_default_bandwidth(path, ours, iperf3):
    server = iperf3.server("-1 -J")
    result = ours.client(True, time=1).result()
    document = server.succeed().document
    assert document["start"]["target_bitrate"] == 10 * 1024 * 1024
    assert result["seconds"] == pytest.approx(1, abs=0.1)
    assert result["bits_per_second"] == pytest.approx(10 * 1024 * 1024, rel=0.02)


def keys(value):
    if isinstance(value, dict):
        return {key: keys(member) for key, member in value.items()}
    return [keys(member) for member in value[:1]] if isinstance(value, list) else None


@pytest.mark.parametrize("arguments", [{}, {"udp": True}, {"udp": True, "reverse": True}], ids=str)
@pytest.mark.parametrize("json_form", [False, True])
@on("tap", slow=["accelerated firmware"])
def test_both_paths_return_the_same_keys(arguments, json_form, path, ours, iperf3):
    iperf3.server()
    results = []
    for accelerated in (False, True):
        ours.python.exec(f"iperf3.ACCELERATED = {accelerated}; import time; time.sleep(0.2)")
        task = ours.client(num=20_000, interval=0.1, json=json_form, **arguments)
        results.append(keys(task.result()))
    pure, fast = results
    if json_form:  # what only lwIP's raw API tells
        for key in ("tcp_mss_default",):
            fast["start"].pop(key, None)
        for key in ("sender_tcp_congestion", "receiver_tcp_congestion"):
            fast["end"].pop(key, None)
        for interval in fast["intervals"]:
            interval["streams"][0].pop("snd_cwnd", None)
    assert pure == fast


@on(*PURE, slow=FIRMWARE)
def test_json_document(path, ours, iperf3):
    real = iperf3.server("-1 -J")
    document = ours.client(num=100_000, json=True).result()
    theirs = real.succeed().document
    assert document["end"]["sum_received"]["bytes"] == theirs["end"]["sum_received"]["bytes"]
    assert document["start"]["cookie"] == theirs["start"]["cookie"]


@on(*PURE, slow=["firmware"])
def test_a_server_serves_again_and_again(path, ours, iperf3):
    task = ours.python.start("iperf3.server(interval=0)")
    for number in range(1, 5):
        task.wait_for(rf"^Server listening on 5201 \(test #{number}\)\n-+\n", 5)
        options = ["-n 100K", "-u -k 5 -l 100", "-l 1 -n 1 -R", "-P 100 -n 1"][number - 1]
        client = iperf3.client(ours.host, options).finish()
        assert (client.exit_code == 0) == (number != 4)
    assert "number of parallel streams too large" in client.errors
    task.wait_for("number of parallel streams too large", 5)
    time.sleep(0.2)  # until it waits again
    ours.python.interrupt()
    with pytest.raises(BoardError, match="KeyboardInterrupt"):
        task.result(2)


@on(*PURE)
def test_names_are_resolved(path, ours, iperf3):
    if path == "tap":
        pytest.skip("there is no name server in the namespace")
    try:
        socket.getaddrinfo("localhost", 1)
    except OSError:
        pytest.skip("this machine does not know its own name")
    iperf3.server("-1")
    ours.python.eval("iperf3.client('localhost', num=1000)['bytes']")


@MOST
def test_ctrl_c_on_the_client(path, ours, iperf3):
    server = iperf3.server()
    task = ours.client(time=20, interval=0.2)
    task.wait_for("bits/sec")
    ours.python.interrupt()
    with pytest.raises(BoardError, match="KeyboardInterrupt"):
        task.result(2)
    assert "receiver" in task.output
    server.wait_for_error("the client has terminated|unable to read from stream socket")


@MOST
def test_ctrl_c_on_the_server(path, ours, iperf3):
    task = ours.server(interval=0.2)
    client = iperf3.client(ours.host, "-t 20")
    task.wait_for("bits/sec")
    ours.python.interrupt()
    with pytest.raises(BoardError, match="KeyboardInterrupt"):
        task.result(2)
    assert client.finish(5).exit_code == 1


@on(*PURE, slow=FIRMWARE)
def test_ctrl_c_on_the_other_side(path, ours, iperf3):
    task = ours.server(interval=0.2)
    client = iperf3.client(ours.host, "-t 20")
    task.wait_for("bits/sec")
    client.interrupt()
    with pytest.raises(BoardError, match="the client has terminated"):
        task.result(3)
    server = iperf3.server()
    task = ours.client(time=20, interval=0.2)
    task.wait_for("bits/sec")
    server.interrupt()
    with pytest.raises(BoardError, match="the server has terminated"):
        task.result(3)


@ALL
def test_clients_back_to_back_without_a_pause(path, ours, iperf3):
    """A client returns when the real server takes the next one."""
    iperf3.server()
    client = f"iperf3.client({HOST!r}, num=20_000, length=2000, quiet=True)"
    ours.python.exec(f"for _ in range(40): {client}", timeout=30)


@on("unix", "firmware", slow=["cpython", "tap"])
def test_busy(path, ours, iperf3):
    server = ours.server(interval=0.2)
    first = iperf3.client(ours.host, "-t 2 -b 10M")
    server.wait_for("bits/sec")
    iperf3.client(ours.host, "-n 1K").fail("the server is busy running a test. try again later")
    first.succeed()
    server.result()
    real = iperf3.server()
    first = iperf3.client(HOST, "-t 2 -b 10M -i 0.1")
    first.wait_for("bits/sec")
    message = "the server is busy running a test"
    if path in PURE_ON_LWIP:  # which forgets what came before a reset
        message += f"|{CLOSED}"
    with pytest.raises(BoardError, match=message):
        ours.client(num=1000).result()
    first.succeed()
    assert real.running


@on(*PURE, slow=FIRMWARE)
def test_errors_of_connecting(path, ours):
    with pytest.raises(BoardError) as error:
        ours.client().result()
    assert error.value.arguments[0] == 111
    with pytest.raises(BoardError) as error:
        ours.python.eval("iperf3.client('10.99.0.77', connect_timeout=0.5)")
    assert error.value.arguments[0] == 110


@ALL
def test_arguments(path, ours):
    for wrong in ("parallel=0", "time=-1", "length=0", "omit=601", "reverse=True, bidir=True"):
        with pytest.raises(BoardError, match="ValueError"):
            ours.python.eval(f"iperf3.client('10.99.0.1', {wrong})")
    with pytest.raises(BoardError, match="TypeError"):
        ours.python.eval("iperf3.client('10.99.0.1', nonsense=1)")
    assert ours.python.eval("iperf3.client('10.99.0.1', time=0)['bytes']") == 0
    assert ours.python.eval("iperf3.server(time=0)['bytes']") == 0


@on("cpython", "unix")
@pytest.mark.parametrize("options", ["-n 100K", "-u -R -b 1M -t 1 -i 0.5 --json"])
def test_command_line(path, options, ours, iperf3, request):
    server = iperf3.server("-1")
    unix = request.config.getoption("--micropython-unix")
    command = "/usr/bin/python3" if path == "cpython" else unix
    words = [command, SCRIPT, "-c", HOST, *options.split()]
    result = subprocess.run(words, capture_output=True, text=True, timeout=10, env=os.environ)
    assert result.returncode == 0, result.stderr
    if "--json" in options:
        assert json.loads(result.stdout)["end"]["sum"]["lost_packets"] == 0
    else:
        assert "iperf Done." in result.stdout
    server.succeed()
    failure = subprocess.run(words, capture_output=True, text=True, timeout=10)
    assert failure.returncode == 1
    assert "iperf3: error" in failure.stderr
