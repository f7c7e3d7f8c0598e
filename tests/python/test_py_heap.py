# test_py_heap.py - what iperf3.py takes of a board's heap, as README.md says
# SPDX-License-Identifier: MIT
#
# The figures are printed at the end.

import subprocess

import pytest
from emulator import HOST, LOCALHOST, ROOT, Emulator
from python_paths import SCRIPT, firmware_of, on
from steps import FEW_BYTES, RUN, Steps

MPY_CROSS = ROOT / "build/mpy-cross/mpy-cross"

KB = 1024
MODULE = 37 * KB
TEST = 22 * KB
TO_COMPILE = 172 * KB
TO_LOAD = 45 * KB


@pytest.fixture
def board(path, pytestconfig, network):
    """Freshly booted firmware on QEMU's own network."""
    board = Emulator(*firmware_of(path, pytestconfig))
    yield board
    board.kill()


def client(board, iperf3, arguments, _):
    server = iperf3.server("-1")
    output = board.run(RUN.format(f"iperf3.client({HOST!r}, {arguments})"))
    server.succeed()
    return output


def server(board, iperf3, arguments, options):
    finish = board.start_run(RUN.format(f"iperf3.server({arguments})"))
    board.expect("^Server listening on .*\n-+\n")
    real = iperf3.client(LOCALHOST, f"-t 1 {options}", board.port)
    output = finish()
    real.succeed()
    return output


TESTS = {
    "TCP client": (client, "time=1, bandwidth=10_000_000", ""),
    "UDP client": (client, "time=1, udp=True, bandwidth=1_000_000", ""),
    "TCP server": (server, "one_off=True", "-b 10M"),
    "UDP server": (server, "one_off=True", "-u -b 1M -l 1460"),
}


@on("firmware", slow=["accelerated firmware"])
def test_heap(path, board, costs, iperf3):
    board.copy(SCRIPT)
    steps = Steps(board, costs)
    board.run("import iperf3")
    assert steps.note("import iperf3.py") <= MODULE
    board.connect()
    steps.note("network.LAN()")
    for name, (role, arguments, options) in TESTS.items():
        output = role(board, iperf3, f"{arguments}, interval=0.5, on_interval=note", options)
        moved, while_it_runs = map(int, output.split()[-2:])
        assert moved > 10_000
        assert while_it_runs <= TEST
        step = f"{name}, {'C' if 'accelerated' in path else 'Python'}"
        assert steps.note(step, while_it_runs) <= FEW_BYTES


LOAD = """
import gc
gc.collect()
rest = bytearray(gc.mem_free() - {})
try:
    import iperf3
    print(iperf3.__version__)
except MemoryError:
    print('MemoryError')
"""


@on("firmware")
def test_so_much_must_be_free_to_compile_it(path, board):
    board.copy(SCRIPT)
    assert board.run(LOAD.format(TO_COMPILE)) != "MemoryError\n"
    board.soft_reset()
    assert board.run(LOAD.format(TO_LOAD)) == "MemoryError\n"


@on(slow=["firmware"])
def test_bytecode_wants_less(path, board, tmp_path):
    bytecode = tmp_path / "iperf3.mpy"
    subprocess.run([MPY_CROSS, "-o", bytecode, SCRIPT], check=True)
    board.copy(bytecode)
    assert board.run(LOAD.format(TO_LOAD)) != "MemoryError\n"
