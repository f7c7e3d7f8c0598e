# test_prompt.py - the prompt, Ctrl-C, soft reset, files, the cable and the clock
# SPDX-License-Identifier: MIT
#
# Not about the module, but about the board that it is tested on.

import hashlib
import os
import socket
import threading
import time

import pytest
from emulator import CTRL_BRACKET, HOST, LOCALHOST, Emulator


@pytest.fixture
def prompt(cpu, network):
    """Freshly booted firmware at its prompt."""
    board = Emulator(cpu)
    yield board
    board.kill()


@pytest.mark.parametrize("busy", ["pass", "time.sleep(1)", "input()"])
def test_ctrl_c(busy, prompt):
    prompt.type("import time\r")
    prompt.expect(">>> ")
    prompt.type(f"while print('busy') or True: {busy}\r\r")
    prompt.expect("^busy\n")
    prompt.interrupt()
    prompt.expect("KeyboardInterrupt: \n>>> ", timeout=1)


def test_nothing_of_a_long_paste_is_lost(prompt):
    text = "".join(f"{number:5}" for number in range(2000))
    prompt.run("import time")
    finish = prompt.start_run("time.sleep(0.5); text = input(); print(text)")
    prompt.type(text + "\r")
    assert text in finish()


def test_a_soft_reset_closes_what_is_open(prompt):
    prompt.connect()
    fresh = prompt.run("print(nic.lwip_used())")
    listen = """
import socket
sockets = []
for port in (5201, 80):
    sockets.append(socket.socket())
    sockets[-1].bind(('', port))
    sockets[-1].listen(1)
"""
    for _ in range(3):
        prompt.run(listen)
        prompt.soft_reset()
        assert prompt.run("import network; print(network.LAN().active())") == "False\n"
        prompt.connect()
        assert prompt.run("print(nic.lwip_used())") == fresh


def test_files_outlive_a_soft_reset(prompt, tmp_path):
    large = tmp_path / "large"
    large.write_bytes(os.urandom(40_000))
    prompt.copy(large)
    prompt.run("import os; os.mkdir('lib'); open('lib/there.py', 'w').write('value = 7')")
    prompt.soft_reset()
    read = "import hashlib; print(hashlib.sha256(open('large', 'rb').read()).digest().hex())"
    assert prompt.run(read) == hashlib.sha256(large.read_bytes()).hexdigest() + "\n"
    assert prompt.run("import there; print(there.value)") == "7\n"


def test_a_full_file_system_says_so(prompt):
    fill = """
file = open('full', 'w')
try:
    while True:
        file.write(bytes(4096))
except OSError as error:
    print(error.errno)
"""
    assert prompt.run(fill) == "28\n"
    assert prompt.run("import os; os.remove('full'); print(os.listdir())") == "[]\n"


def test_the_cable(prompt):
    def set_link(state):
        prompt.type(CTRL_BRACKET + "c")  # to QEMU's own prompt, and back
        prompt.expect(r"\(qemu\) ")
        prompt.type(f"set_link network {state}\r" + CTRL_BRACKET + "c")
        time.sleep(0.2)

    status = "print(nic.status(), nic.isconnected())"
    prompt.connect()
    set_link("off")
    assert prompt.run(status) == "0 False\n"
    set_link("on")
    assert prompt.run(status) == "3 True\n"


def test_the_clock_is_right(prompt):
    read = "import time; print(time.ticks_us())"
    start, board_start = time.monotonic(), int(prompt.run(read))
    time.sleep(3)
    took, board_took = time.monotonic() - start, int(prompt.run(read)) - board_start
    assert board_took / 1e6 == pytest.approx(took, abs=0.1)


def test_each_boot_has_other_random_numbers(cpu, network):
    numbers = set()
    for _ in range(3):
        board = Emulator(cpu)
        numbers.add(board.run("import random; print(random.getrandbits(32))"))
        board.kill()
    assert len(numbers) == 3


def test_the_prompt_answers_while_frames_flood_in(prompt):
    """Datagrams for a port that nobody listens on, as fast as this machine can."""
    prompt.connect()
    flooding = True

    def flood():
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
            while flooding:
                sender.sendto(bytes(1000), (LOCALHOST, prompt.port))

    thread = threading.Thread(target=flood)
    thread.start()
    try:
        for number in range(20):
            assert prompt.run(f"print({number} * 2)", timeout=2) == f"{number * 2}\n"
    finally:
        flooding = False
        thread.join()


def test_a_socket(prompt):
    """lwIP's sockets work too: a connection to this machine, and data both ways."""
    with socket.create_server((LOCALHOST, 0)) as listener:
        port = listener.getsockname()[1]
        prompt.connect()
        finish = prompt.start_run(
            f"import socket; s = socket.socket(); s.connect(('{HOST}', {port}))\n"
            "s.write(b'x' * 100000); print(s.read()); s.close()"
        )
        connection, _ = listener.accept()
        with connection:
            left = 100_000
            while left > 0:
                left -= len(connection.recv(65536))
            connection.sendall(b"thanks")
        assert finish() == "b'thanks'\n"
