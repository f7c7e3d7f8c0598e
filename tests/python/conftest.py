# conftest.py - the Pythons that run iperf3.py
# SPDX-License-Identifier: MIT

import os
import sys

import namespace
import pytest
import scripted_peer
from board import Board, BoardError, Interpreter, call
from emulator import Emulator
from python_paths import FIRMWARE, SCRIPT, firmware_of

FOLDER = str(SCRIPT.parent)
sys.path.insert(0, FOLDER)


def interpreter(path, options):
    environment = os.environ | {"PYTHONPATH": FOLDER, "MICROPYPATH": FOLDER}
    if path == "cpython":
        return Interpreter(["/usr/bin/python3", "-u"], env=environment)
    if path == "unix":
        return Interpreter([options.getoption("--micropython-unix")], env=environment)
    if path in FIRMWARE:
        board = Emulator(*firmware_of(path, options), tap=namespace.TAP)
        return board.serve(namespace.BOARD, files=[SCRIPT])
    return Board(options.getoption("--micropython"), env=environment)


class Iperf3Py:
    """iperf3.py in one of the Pythons."""

    def __init__(self, path, python):
        self.path = path
        self.host = namespace.BOARD if isinstance(python, Board) else namespace.HOST
        self.peer = namespace.HOST
        self.python = python
        self.accelerated = "accelerated" in path
        self._service = None
        python.exec("import iperf3")
        if path == "tap":
            python.exec("iperf3.ACCELERATED = False")
        assert python.eval("iperf3.ACCELERATED") == self.accelerated

    def client(self, *args, **kwargs):
        """Starts iperf3.client() towards the real server."""
        return self.python.start(call("iperf3.client", self.peer, *args, **kwargs))

    def serve(self):
        """Starts iperf3.server() for test after test, until the end of ours."""
        self._service = self.python.start("iperf3.server()")
        self._service.wait_for("^Server listening on .*\n-+\n", 5)

    def end(self):
        if self._service:
            # Ctrl-C while it closes what a test has opened would leave that to the garbage
            # collector: its last line shows that it waits for the next client.
            self._service.wait_for(r"^(-+|iperf3: error - .*)\n\Z", 5)
            self.python.interrupt()
            with pytest.raises(BoardError, match="KeyboardInterrupt"):
                self._service.result(2)

    def server(self, **kwargs):
        """Starts iperf3.server() for one test; when this returns, it listens."""
        task = self.python.start(call("iperf3.server", one_off=True, **kwargs))
        task.wait_for("^Server listening on .*\n-+\n", 5)
        return task


@pytest.fixture
def python(network, request):
    """A freshly started Python, as the test's parameter `path` says."""
    python = interpreter(request.getfixturevalue("path"), request.config)
    yield python
    try:
        if getattr(request.node, "passed", False):
            assert python.errors == ""
            if isinstance(python, Board):
                python.wait_until_lwip_is_idle()
    finally:
        python.kill()


@pytest.fixture
def ours(python, path, monkeypatch):
    ours = Iperf3Py(path, python)
    monkeypatch.setattr(scripted_peer.Client, "host", ours.host)
    yield ours
    ours.end()
