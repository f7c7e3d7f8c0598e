# test_mpremote.py - the serial line as a user has it: a pseudo-terminal, and mpremote
# SPDX-License-Identifier: MIT

import pytest
from emulator import CONNECT, HOST, LOCALHOST, elf
from serial_line import SerialLine, ended_well, old_mpremote


@pytest.fixture
def board(cpu, network, pytestconfig):
    board = SerialLine(cpu, elf(cpu), old_mpremote(pytestconfig))
    yield board
    board.kill()


def test_mpremote_exec(board, iperf3):
    assert board.run("exec", "import iperf3_lwip; print(iperf3_lwip.__version__)") != ""

    server = iperf3.server("-1")
    call = f"iperf3_lwip.client({HOST!r}, duration=1)"
    output = board.run("exec", f"{CONNECT}\nimport iperf3_lwip; {call}")
    assert output.startswith(f"Connecting to host {HOST}, port 5201\n")
    assert output.endswith("\niperf Done.\n")
    server.succeed()

    server = board.start("exec", f"{CONNECT}\nimport iperf3_lwip; iperf3_lwip.server()")
    server.wait_for("^Server listening on 5201")
    iperf3.client(LOCALHOST, "-t 1", port=board.port).succeed()
    assert " receiver\n" in ended_well(server)
