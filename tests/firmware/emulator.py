# emulator.py - firmware on an emulated Cortex-M, driven from a test
# SPDX-License-Identifier: MIT

import base64
import pathlib
import subprocess
import zlib

from board import MAIN, Board
from program import Program

ROOT = pathlib.Path(__file__).resolve().parents[2]
CPUS = ["m3", "m7", "m55"]
QEMU_RUN = ROOT / "tools/qemu-run"

# QEMU's own network: this machine and the board as the board sees them, and the board
# as this machine sees it
HOST = "10.0.2.2"
BOARD = "10.0.2.15"
LOCALHOST = "127.0.0.1"

CONNECT = """
import network, time
nic = network.LAN()
nic.active(True)
nic.ipconfig(dhcp4=True)
while not nic.isconnected():
    time.sleep_ms(10)
"""

UNPACK = """
import binascii, deflate, io
packed = io.BytesIO(binascii.a2b_base64('{}'))
with deflate.DeflateIO(packed) as source, open('{}', 'wb') as target:
    while target.write(source.read(4096)):
        pass
del packed, source, target
"""

CTRL_A, CTRL_C, CTRL_D, CTRL_BRACKET = "\x01", "\x03", "\x04", "\x1d"


def build_folder(cpu, module=True):
    """Where `make firmware` has put firmware with or without the module."""
    return ROOT / f"build/firmware-{cpu}{'' if module else '-without-module'}"


def elf(cpu, module=True):
    return build_folder(cpu, module) / "firmware.elf"


class Emulator(Board):
    """A board whose serial line we hold. At first it has MicroPython's prompt: use
    run(). After serve() the rest of class Board works. Its ports 5201, TCP and UDP,
    are the ports `port` of LOCALHOST. `options` are QEMU's own."""

    def __init__(self, cpu, firmware=None, port=5301, tap=None, options=()):
        self.cpu = cpu
        self._last_number = 0
        self._seen = 0
        self.port = port
        network = ["--tap", tap] if tap else ["--forward", f"{port}:5201"]
        command = [str(QEMU_RUN), "--cpu", cpu, *network, str(firmware or elf(cpu))]
        command += ["--", *options]
        Program.__init__(self, command, stdin=subprocess.PIPE)
        try:
            self.expect(">>> ")
        except BaseException:
            self.kill()
            raise

    def type(self, text):
        self._popen.stdin.write(text.encode())
        self._popen.stdin.flush()

    def expect(self, pattern, timeout=10):
        """Waits for new output."""
        match = self.wait_for(pattern, timeout, self._seen)
        self._seen = match.end()
        return match

    def enter_raw_prompt(self):
        self.type(CTRL_A)
        self.expect("raw REPL; CTRL-B to exit\n>")

    def start_run(self, code):
        """Starts to execute statements; returns the function that waits for their end
        and returns what they have printed."""
        self.enter_raw_prompt()
        self.type(code + CTRL_D)
        self.expect("OK")

        def finish(timeout=15):
            output, errors = self.expect("([^\x04]*)\x04([^\x04]*)\x04", timeout).groups()
            assert errors == "", errors
            return output

        return finish

    def run(self, code, timeout=15):
        """Executes statements; returns what they have printed."""
        return self.start_run(code)(timeout)

    def connect(self):
        """Gives the board an address, and the prompt the variable `nic`."""
        self.run(CONNECT)

    def copy(self, path):
        """Writes a file of this machine to the board's file system, as `mpremote cp` does;
        packed, since each character takes the emulator its time."""
        pack = zlib.compressobj(wbits=12)  # a window of 4 KB
        packed = base64.b64encode(pack.compress(path.read_bytes()) + pack.flush())
        self.run(UNPACK.format(packed.decode(), path.name))

    def soft_reset(self):
        self.enter_raw_prompt()
        self.type(CTRL_D)
        self.expect("MPY: soft reboot\nraw REPL; CTRL-B to exit\n>")

    def serve(self, address=BOARD, files=()):
        """Copies the files, and starts board_main.py: from now on start(), eval(), client()
        and so on."""
        arguments = ["board_main.py", "", address]
        try:
            for path in files:
                self.copy(path)
            self.start_run(f"import sys\nsys.argv[:] = {arguments}\n{MAIN.read_text()}")
        except BaseException:
            self.kill()
            raise
        return self

    def interrupt(self):
        self.type(CTRL_C)
