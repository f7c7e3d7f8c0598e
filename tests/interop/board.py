# board.py - a Python that is driven from a test: MicroPython with lwIP on the TAP device, or another
# SPDX-License-Identifier: MIT

import json
import pathlib
import subprocess
import time

import namespace
import pytest
from program import Program

# Connections and buffers that only tests use. Not: those in TIME-WAIT, timers.
LWIP_OBJECTS = "tcp_bound tcp_listen tcp_active tcp_seg udp pbuf pbuf_pool heap".split()

MAIN = pathlib.Path(__file__).with_name("board_main.py")


class BoardError(Exception):
    """An exception that the board raised."""

    def __init__(self, name, arguments):
        super().__init__(f"{name}{tuple(arguments)}")
        self.name = name
        self.arguments = arguments

    @property
    def errno(self):
        """The number of an OSError."""
        assert self.name == "OSError", self
        return self.arguments[0]

    @property
    def text(self):
        return str(self.arguments[0]) if self.arguments else ""


class Task:
    """Code that runs on the board."""

    def __init__(self, board, number, start):
        self._board = board
        self._number = number
        self._start = start

    @property
    def output(self):
        """What the code has printed so far."""
        return self._board.output[self._start :].split(f"\x1e{self._number} ")[0]

    def wait_for(self, pattern, timeout=10):
        return self._board.wait_for(pattern, timeout, self._start)

    def result(self, timeout=15):
        """Waits for the end of the code: its value, or BoardError."""
        answer = json.loads(self.wait_for(rf"\x1e{self._number} (.*)\n", timeout).group(1))
        if "error" in answer:
            raise BoardError(answer["error"], answer["args"])
        return answer["value"]

    def ends_with(self, error, timeout=5):
        """Waits for an OSError whose text contains `error`; for None: for a good end."""
        if error is None:
            return self.result(timeout)
        with pytest.raises(BoardError) as caught:
            self.result(timeout)
        assert caught.value.name == "OSError"
        assert error in caught.value.text
        return None


class Interpreter(Program):
    """Any Python. It evaluates what it is told to over stdin."""

    def __init__(self, command, *arguments, **options):
        self._last_number = 0
        super().__init__([*command, str(MAIN), *arguments], stdin=subprocess.PIPE, **options)

    def start(self, expression):
        """Starts to evaluate a Python expression on the board."""
        return self._request("eval", expression)

    def eval(self, expression, timeout=15):
        return self.start(expression).result(timeout)

    def exec(self, statements, timeout=15):
        return self._request("exec", statements).result(timeout)

    def _request(self, kind, code):
        self._last_number += 1
        task = Task(self, self._last_number, len(self.output))
        request = json.dumps({"id": self._last_number, kind: code})
        self._popen.stdin.write(request.encode() + b"\n")
        self._popen.stdin.flush()
        return task


class Board(Interpreter):
    def __init__(self, micropython, **options):
        addresses = [namespace.TAP, namespace.BOARD, namespace.BOARD_IPV6]
        super().__init__([micropython], *addresses, **options)

    def client(self, *args, **kwargs):
        """Starts iperf3_lwip.client() with these arguments."""
        return self.start(call("iperf3_lwip.client", *args, **kwargs))

    def server(self, *args, **kwargs):
        """Starts iperf3_lwip.server(); when this returns, it listens."""
        task = self.start(call("iperf3_lwip.server", *args, **kwargs))
        task.wait_for("^Server listening on .*\n-+\n", 5)
        return task

    def lwip_used(self):
        """What is taken of lwIP's pools and heap: {name: count}."""
        return self.eval("nic.lwip_used()")

    def end(self, test):
        """Ends the board. If the test has passed the board must still answer, hold
        nothing of lwIP's, and have written nothing (an assertion, a sanitizer) to
        stderr."""
        try:
            if getattr(test, "passed", False):
                self.wait_until_lwip_is_idle()
                assert self.errors == ""
        finally:
            self.kill()

    def wait_until_lwip_is_idle(self, timeout=10):
        """Waits until lwIP holds nothing but what a fresh board holds; connections
        that are over for us may need a moment, a packet for a host that does not
        answer to ARP 5 seconds."""
        deadline = time.monotonic() + timeout
        while any((used := self.lwip_used())[name] for name in LWIP_OBJECTS):
            assert time.monotonic() < deadline, f"after {timeout} s lwIP still holds {used}"
            time.sleep(0.02)


def call(function, *args, **kwargs):
    """Python's text for a call; values as their repr()."""
    arguments = [repr(arg) for arg in args]
    arguments += [f"{name}={value!r}" for name, value in kwargs.items()]
    return f"{function}({', '.join(arguments)})"
