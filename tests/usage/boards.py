# boards.py - runs examples on a board, with a PC at the other end
# SPDX-License-Identifier: MIT

import ast
import re
import time

from board import BoardError
from namespace import BOARD

BANNER = r"^Server listening on .*\n-+\n"
LONGEST_S = 60
PAUSE_S = 0.1  # who types is not faster; an iperf3 server needs up to a millisecond


class Scene:
    """A board and a PC. The PC runs `iperf3 -s` all the time, and `iperf3 -c BOARD` whenever
    the board listens; who serves for ever is interrupted by Ctrl-C after two tests."""

    def __init__(self, board, iperf3, client_options="-t 1"):
        self._board = board
        self._iperf3 = iperf3
        self._client_options = client_options
        iperf3.server()

    def type(self, code):
        """Runs statements one by one, as if typed at the prompt."""
        for statement in ast.parse(code).body:
            self.run(ast.unparse(statement))
            time.sleep(PAUSE_S)

    def run(self, code):
        """Runs statements; returns what they have printed."""
        start = len(self._board.output)
        task = self._board.start(f"exec({code!r}, globals())")
        served = 0
        deadline = time.monotonic() + LONGEST_S
        while not re.search(r"\x1e\d+ ", self._board.output[start:]):
            assert time.monotonic() < deadline, task.output
            if len(re.findall(BANNER, task.output, re.M)) > served < 2:
                self.serve()
                served += 1
            elif len(re.findall(BANNER, task.output, re.M)) > 2 and not in_background(code):
                self._board.interrupt()
                with_ctrl_c(task)
                return task.output
            time.sleep(0.02)
        task.result()
        return task.output

    def serve(self):
        """The board listens: be its client."""
        self._iperf3.client(BOARD, self._client_options).succeed(LONGEST_S)

    def serve_in_the_background(self):
        """What has been run has started a server and is over."""
        self._board.wait_for(BANNER)
        self.serve()


def in_background(code):
    return "background=True" in code


def with_ctrl_c(task):
    try:
        task.result()
    except BoardError as error:
        assert error.name == "KeyboardInterrupt", error
