# test_arguments.py - what client() and server() refuse, and how
# SPDX-License-Identifier: MIT

import pytest
from board import BoardError, call
from namespace import HOST

# For client() and server() alike.
OUT_OF_RANGE = [
    {"port": 0},
    {"port": -1},
    {"port": 65536},
    {"duration": -1},
    {"duration": 86401},
    {"buffer_size": 0},
    {"buffer_size": -1},
    {"buffer_size": 1023},
    {"buffer_size": 65537},
    {"interval": -1},
    {"interval": 0.05},
    {"interval": 61},
    {"parallel": 0},
    {"parallel": 129},
    {"rcv_timeout": 0},
    {"rcv_timeout": 86401},
]
OUT_OF_RANGE_FOR_A_SERVER = [
    {"idle_timeout": 0},
    {"idle_timeout": 86401},
    {"server_bitrate_limit": -1},
]
OUT_OF_RANGE_FOR_A_CLIENT = [
    {"bytes": -1},
    {"blocks": -1},
    {"omit": -1},
    {"omit": 601},
    {"length": 0},
    {"length": 1048577},
    {"mss": -1},
    {"mss": 32768},
    {"tos": -1},
    {"tos": 256},
    {"connect_timeout": -1},
    {"window": -1},
    {"window": 1 << 30},
    {"cport": -1},
    {"cport": 65536},
    {"cport": 65535, "parallel": 2},
    {"bind": "localhost"},
    {"reverse": True, "bidir": True},
]
WRONG_TYPES = [
    {"port": "5201"},
    {"port": None},
    {"duration": "10"},
    {"buffer_size": "16384"},
    {"buffer_size": 16384.5},
    {"parallel": []},
    {"nonsense": 1},
]
NO_ADDRESSES = ["", "localhost", "300.1.1.1", "10.99.0.1.1", "10.99.0.1 ", "fd99:::1"]


def refusal(board, function, *args, **kwargs):
    """The exception, which must come at once and have a message."""
    with pytest.raises(BoardError) as caught:
        board.eval(call(f"iperf3_lwip.{function}", *args, **kwargs), timeout=1)
    assert caught.value.text
    return caught.value


@pytest.mark.parametrize("wrong", OUT_OF_RANGE + OUT_OF_RANGE_FOR_A_CLIENT, ids=str)
def test_client_refuses_what_is_out_of_range(wrong, board):
    error = refusal(board, "client", HOST, **wrong)
    assert error.name == "ValueError"
    assert any(name in error.text for name in wrong)


@pytest.mark.parametrize("wrong", OUT_OF_RANGE + OUT_OF_RANGE_FOR_A_SERVER, ids=str)
def test_server_refuses_what_is_out_of_range(wrong, board):
    error = refusal(board, "server", **wrong)
    assert error.name == "ValueError"
    assert any(name in error.text for name in wrong)


@pytest.mark.parametrize("wrong", WRONG_TYPES, ids=str)
@pytest.mark.parametrize("function, args", [("client", [HOST]), ("server", [])])
def test_wrong_types_are_refused(wrong, function, args, board):
    assert refusal(board, function, *args, **wrong).name == "TypeError"


@pytest.mark.parametrize("host", NO_ADDRESSES)
def test_client_refuses_a_host_that_is_no_address(host, board):
    assert refusal(board, "client", host).name == "ValueError"


@pytest.mark.parametrize("args", [[], [5], [None], [HOST, 5201, 1, 16384, True]], ids=str)
def test_client_refuses_wrong_positional_arguments(args, board):
    assert refusal(board, "client", *args).name == "TypeError"


def test_server_refuses_too_many_positional_arguments(board):
    assert refusal(board, "server", 5201, 1, 16384, True).name == "TypeError"


@pytest.mark.parametrize("function", ["client", "server"])
def test_a_buffer_that_does_not_fit_is_a_memory_error(function, board, iperf3):
    args = [HOST] if function == "client" else []
    board.exec("gc.collect(); hog = [bytearray(4096) for _ in range(gc.mem_free() // 4200 - 8)]")
    error = refusal(board, function, *args, buffer_size=65536)
    assert error.name == "MemoryError"

    board.exec("hog = None; gc.collect()")
    server = iperf3.server("-1")
    board.client(HOST, bytes=100_000, buffer_size=65536).result()
    server.succeed()


def test_the_module_has_a_version(board):
    assert board.eval("iperf3_lwip.__version__").count(".") == 2
