# test_counts.py - both ends of a TCP test tell the same numbers
# SPDX-License-Identifier: MIT

import pytest
from counts import check_direction, check_tcp_client, check_tcp_server, totals
from namespace import BOARD, BOARD_IPV6, HOST, HOST_IPV6
from scripted_peer import IPERF_DONE, Client

# The same test, as the module and as the real iperf3 ask for it: what is not in
# the short form of test_matrix.py.
KINDS = {
    "parallel 2": ({"parallel": 2}, "-P 2"),
    "parallel 4": ({"parallel": 4}, "-P 4"),
    "reverse parallel 2": ({"reverse": True, "parallel": 2}, "-R -P 2"),
    "reverse parallel 4": ({"reverse": True, "parallel": 4}, "-R -P 4"),
    "bidir parallel 2": ({"bidir": True, "parallel": 2}, "--bidir -P 2"),
    "no delay": ({"no_delay": True}, "-N"),
    "tos": ({"tos": 0x20, "reverse": True}, "-S 0x20 -R"),
}
EACH_KIND = pytest.mark.parametrize("kind", KINDS)


@EACH_KIND
def test_the_boards_client_agrees_with_the_real_server(kind, board, iperf3):
    arguments, _ = KINDS[kind]
    server = iperf3.server("-1 -J")
    result = board.client(HOST, duration=1, **arguments).result()
    check_tcp_client(result, arguments, server.succeed().document["end"])


@EACH_KIND
def test_the_boards_server_agrees_with_the_real_client(kind, board, iperf3):
    arguments, options = KINDS[kind]
    server = board.server()
    client = iperf3.client(BOARD, f"-t 1 -J {options}").succeed()
    check_tcp_server(server.result(), arguments, client.document["end"])


def test_a_server_counts_the_last_bytes_that_nagles_algorithm_holds_back(board):
    for _ in range(6):  # lwIP's timer may acknowledge them in time by chance
        server = board.server()
        with Client() as client:
            client.go_to("running")
            client.streams[0].send(b"x" * 100)  # waits for the acknowledgement of 4096
            client.exchanging()
            client.displaying()
            client.control.send(IPERF_DONE)
            assert server.result()["bytes"] == 4196


@pytest.mark.parametrize("duration", [1, 2, 3])
def test_a_client_runs_as_long_as_asked(duration, board, iperf3):
    server = iperf3.server("-1 -J")
    result = board.client(HOST, 5201, duration, 16384).result()
    server.succeed()
    assert result["seconds"] == pytest.approx(duration, abs=0.1)
    assert len(server.document["intervals"]) == pytest.approx(duration, abs=1)


@pytest.mark.parametrize("duration", [1, 2, 3])
def test_a_server_runs_as_long_as_asked(duration, board, iperf3):
    server = board.server(5201, None, 16384)
    iperf3.client(BOARD, f"-t {duration}").succeed()
    assert server.result()["seconds"] == pytest.approx(duration, abs=0.1)


@pytest.mark.parametrize("buffer_size", [1024, 1025, 16384, 65536])
@pytest.mark.parametrize("reverse", [False, True])
def test_a_client_with_any_buffer_size(buffer_size, reverse, board, iperf3):
    server = iperf3.server("-1")
    result = board.client(HOST, 5201, 1, buffer_size, reverse=reverse).result()
    server.succeed()
    check_direction(result)


@pytest.mark.parametrize("buffer_size", [1024, 1025, 16384, 65536])
@pytest.mark.parametrize("options", ["", "-R"])
def test_a_server_with_any_buffer_size(buffer_size, options, board, iperf3):
    server = board.server(5201, None, buffer_size)
    iperf3.client(BOARD, f"-t 1 {options}").succeed()
    check_direction(server.result())


@pytest.mark.parametrize("length", [1, 1000, 131072, 1048576])
@pytest.mark.parametrize("options", ["", "-R"])
def test_a_server_with_any_block_length(length, options, board, iperf3):
    server = board.server()
    client = iperf3.client(BOARD, f"-l {length} -n {max(length * 3, 100000)} {options}")
    client.succeed()
    server.result()


@pytest.mark.parametrize("size", [1, 100_000, 5_000_000])
@pytest.mark.parametrize("arguments", [{}, {"reverse": True}, {"parallel": 2}], ids=str)
def test_a_client_moves_the_bytes_it_is_asked_for(size, arguments, board, iperf3):
    server = iperf3.server("-1 -J")
    result = board.client(HOST, bytes=size, length=1000, **arguments).result()
    server.succeed()
    moved = result["receiver" if "reverse" in arguments else "sender"]["bytes"]
    assert moved >= size
    if "reverse" not in arguments:
        assert moved <= size + 1000 * arguments.get("parallel", 1)


@pytest.mark.parametrize("blocks", [1, 500])
def test_a_client_moves_the_blocks_it_is_asked_for(blocks, board, iperf3):
    server = iperf3.server("-1 -J")
    result = board.client(HOST, blocks=blocks, length=1000).result()
    server.succeed()
    assert result["sender"]["bytes"] == blocks * 1000


@pytest.mark.parametrize("options", ["-n 5M", "-k 40", "-R -n 5M", "-P 2 -n 5M"])
def test_a_server_takes_part_in_a_test_without_a_duration(options, board, iperf3):
    server = board.server()
    client = iperf3.client(BOARD, f"-J {options}").succeed()
    result = server.result()
    assert totals(client.document["end"])[1] == result["receiver"]["bytes"]
    assert result["sender"]["bytes"] >= 5 * 2**20


@pytest.mark.parametrize("arguments", [{}, {"reverse": True}], ids=str)
def test_a_client_leaves_the_first_second_out(arguments, board, iperf3):
    server = iperf3.server("-1 -J")
    result = board.client(HOST, duration=1, omit=1, **arguments).result()
    end = server.succeed().document["end"]
    assert result["seconds"] == pytest.approx(1, abs=0.1)
    if "reverse" in arguments:
        assert totals(end)[0] == result["sender"]["bytes"]
    else:
        assert totals(end)[1] == result["receiver"]["bytes"]


@pytest.mark.parametrize("options", ["", "-R"])
def test_a_server_leaves_the_first_second_out(options, board, iperf3):
    server = board.server()
    client = iperf3.client(BOARD, f"-t 1 -O 1 -J {options}").succeed()
    result = server.result()
    assert result["seconds"] == pytest.approx(1, abs=0.1)
    expected = (result["sender"]["bytes"], result["receiver"]["bytes"])
    assert totals(client.document["end"]) == expected


@pytest.mark.parametrize("arguments", [{}, {"reverse": True}], ids=str)
def test_a_client_over_ipv6(arguments, board, iperf3):
    server = iperf3.server("-1 -J")
    check_direction(board.client(HOST_IPV6, duration=1, **arguments).result())
    server.succeed()


@pytest.mark.parametrize("options", ["", "-R", "--bidir"])
def test_a_server_over_ipv6(options, board, iperf3):
    server = board.server()
    iperf3.client(BOARD_IPV6, f"-t 1 {options}").succeed()
    check_direction(server.result())


def test_intervals_add_up(board, iperf3):
    server = iperf3.server("-1")
    board.exec("intervals = []")
    task = board.start(
        f"iperf3_lwip.client({HOST!r}, duration=1, interval=0.25, on_interval=intervals.append)"
    )
    result = task.result()
    server.succeed()
    intervals = board.eval("intervals")
    assert len(intervals) in (4, 5)
    assert sum(interval["bytes"] for interval in intervals) == result["sender"]["bytes"]
    for before, after in zip(intervals, intervals[1:]):
        assert before["end"] == after["start"]
