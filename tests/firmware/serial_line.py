# serial_line.py - firmware whose serial line is a pseudo-terminal, and mpremote on it
# SPDX-License-Identifier: MIT

import os
import pathlib

import pytest
from emulator import QEMU_RUN, ROOT
from program import Program

MICROPYTHON = pathlib.Path(os.environ.get("MICROPYTHON_DIR") or ROOT / "build/deps/micropython")

MPREMOTE = ["/usr/bin/python3", str(MICROPYTHON / "tools/mpremote/mpremote.py")]


def old_mpremote(config):
    """Debian's, 1.24.1."""
    program = ROOT / "build/deps/mpremote/mpremote"
    if not program.exists():
        message = "no mpremote; tools/deps peers brings it, on Debian"
        (pytest.fail if config.getoption("--require-peers") else pytest.skip)(message)
    return [str(program)]


class SerialLine:
    """Freshly booted firmware. Its port 5201 is the port `port` of this machine."""

    port = 5301

    def __init__(self, cpu, firmware, mpremote=MPREMOTE):
        network = ["--forward", f"{self.port}:5201"]
        emulator = Program([str(QEMU_RUN), "--cpu", cpu, "--pty", *network, str(firmware)])
        self._programs = [emulator]
        self._mpremote = mpremote
        try:
            line = emulator.wait_for(r"char device redirected to (\S+)")
        except BaseException:
            self.kill()
            raise
        self._terminal = line.group(1)

    def start(self, *words):
        """mpremote with this command, in the folder of the project."""
        command = [*self._mpremote, "connect", self._terminal, *words]
        self._programs.append(Program(command, cwd=ROOT))
        return self._programs[-1]

    def run(self, *words):
        return ended_well(self.start(*words))

    def kill(self):
        for program in self._programs:
            program.kill()


def ended_well(program):
    program.finish(30)
    assert program.exit_code == 0, program.output + program.errors
    assert program.errors == ""
    return program.output


class WebServer(Program):
    """Python's, for a folder."""

    def __init__(self, folder):
        command = ["/usr/bin/python3", "-u", "-m", "http.server", "--bind", "127.0.0.1"]
        super().__init__([*command, "--directory", str(folder), "0"])
        try:
            self.address = self.wait_for(r"\((http://\S+)/\)").group(1)
        except BaseException:
            self.kill()
            raise
