# test_background.py - a server in the background of the prompt, with lwIP in an interrupt
# SPDX-License-Identifier: MIT

import pytest
from emulator import LOCALHOST, Emulator

SERVE = "import iperf3_lwip; s = iperf3_lwip.Server(quiet=True); s.start(background=True)"


@pytest.fixture
def prompt(cpu, network):
    """Firmware at its prompt, with an address."""
    board = Emulator(cpu)
    board.connect()
    yield board
    board.kill()


@pytest.mark.parametrize(
    "options", ["-n 2M", "-R -n 2M", "-u -b 2M -l 1000", "-u -R -b 2M -l 1000"]
)
def test_the_prompt_answers_while_a_test_runs(options, prompt, iperf3):
    prompt.run(SERVE)
    client = iperf3.client(
        LOCALHOST, f"-t 2 {options}" if "-u" in options else options, prompt.port
    )
    for number in range(10):
        assert prompt.run(f"print({number} * 2)", timeout=5) == f"{number * 2}\n"
    client.succeed()
    assert int(prompt.run("import time; time.sleep(0.5); print(s.result()['bytes'])")) > 0


def test_a_soft_reset_ends_a_test_in_the_background(prompt, iperf3):
    connections = "used = nic.lwip_used(); used.pop('sys_timeout'); print(used)"
    fresh = prompt.run(connections)
    for _ in range(2):
        prompt.run(SERVE)
        client = iperf3.client(LOCALHOST, "-t 20", prompt.port)
        client.wait_for(" 1.00-2.00 ")
        prompt.soft_reset()
        client.finish()
        assert client.exit_code == 1
        prompt.connect()
        assert prompt.run(connections) == fresh
    prompt.run(SERVE)
    iperf3.client(LOCALHOST, "-n 1M", prompt.port).succeed()
