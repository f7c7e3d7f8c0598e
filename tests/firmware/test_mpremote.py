# test_mpremote.py - the serial line as a user has it: a pseudo-terminal, and mpremote
# SPDX-License-Identifier: MIT

import pytest
from emulator import CONNECT, HOST, LOCALHOST, QEMU_RUN, ROOT, elf
from program import Program

MPREMOTE = ROOT / "build/deps/mpremote/mpremote"
PORT = 5301


@pytest.fixture
def mpremote(cpu, network, request):
    """Starts mpremote on a freshly booted board: exec of these statements."""
    if not MPREMOTE.exists():
        required = request.config.getoption("--require-peers")
        message = "no mpremote; tools/deps peers brings it, on Debian"
        (pytest.fail if required else pytest.skip)(message)
    emulator = [str(QEMU_RUN), "--cpu", cpu, "--pty", "--forward", f"{PORT}:5201", str(elf(cpu))]
    programs = [Program(emulator)]
    terminal = programs[0].wait_for(r"char device redirected to (\S+)").group(1)

    def run(statements):
        programs.append(Program([str(MPREMOTE), "connect", terminal, "exec", statements]))
        return programs[-1]

    yield run
    for program in programs:
        program.kill()


def ended_well(program):
    program.finish(20)
    assert program.exit_code == 0, program.output + program.errors
    assert program.errors == ""
    return program.output


def test_mpremote_exec(mpremote, iperf3):
    assert ended_well(mpremote("import iperf3_lwip; print(iperf3_lwip.__version__)")) != ""

    server = iperf3.server("-1")
    client = mpremote(f"{CONNECT}\nimport iperf3_lwip; iperf3_lwip.client({HOST!r}, duration=1)")
    output = ended_well(client)
    assert output.startswith(f"Connecting to host {HOST}, port 5201\n")
    assert output.endswith("\niperf Done.\n")
    server.succeed()

    server = mpremote(f"{CONNECT}\nimport iperf3_lwip; iperf3_lwip.server()")
    server.wait_for("^Server listening on 5201")
    iperf3.client(LOCALHOST, "-t 1", port=PORT).succeed()
    assert " receiver\n" in ended_well(server)
