# program.py - a program under test: its output as it comes, its end by its pid
# SPDX-License-Identifier: MIT

import os
import re
import signal
import subprocess
import threading
import time


class Stream:
    """The text a program has written so far, and a way to wait for more."""

    def __init__(self, pipe):
        self._text = ""
        self._ended = False
        self._changed = threading.Condition()
        self._thread = threading.Thread(target=self._read, args=(pipe,), daemon=True)
        self._thread.start()

    def _read(self, pipe):
        with pipe:
            while data := os.read(pipe.fileno(), 65536):
                with self._changed:
                    # a serial line ends lines as a terminal wants them
                    self._text += data.decode(errors="replace").replace("\r", "")
                    self._changed.notify_all()
        with self._changed:
            self._ended = True
            self._changed.notify_all()

    @property
    def text(self):
        with self._changed:
            return self._text

    def wait_for(self, pattern, timeout, start=0):
        """Returns the match of `pattern` at or after position `start`."""
        regex = re.compile(pattern, re.MULTILINE)
        deadline = time.monotonic() + timeout
        with self._changed:
            while True:
                match = regex.search(self._text, start)
                if match:
                    return match
                left = deadline - time.monotonic()
                if self._ended or left <= 0:
                    reason = "the output ended" if self._ended else f"{timeout} s are over"
                    raise AssertionError(
                        f"{reason}, no {pattern!r} in:\n{self._text[start:][-4000:]}"
                    )
                self._changed.wait(left)

    def wait_for_end(self):
        self._thread.join(10)


class Program:
    """A running program. Its stdout and stderr never block it."""

    def __init__(self, command, **options):
        self.command = command
        self._popen = subprocess.Popen(
            command,
            stdin=options.pop("stdin", subprocess.DEVNULL),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,  # a ^C on the test session is not for the program
            **options,
        )
        self._stdout = Stream(self._popen.stdout)
        self._stderr = Stream(self._popen.stderr)

    @property
    def pid(self):
        return self._popen.pid

    @property
    def running(self):
        return self._popen.poll() is None

    @property
    def exit_code(self):
        return self._popen.returncode

    @property
    def output(self):
        return self._stdout.text

    @property
    def errors(self):
        return self._stderr.text

    def wait_for(self, pattern, timeout=10, start=0):
        return self._stdout.wait_for(pattern, timeout, start)

    def wait_for_error(self, pattern, timeout=10):
        return self._stderr.wait_for(pattern, timeout)

    def interrupt(self):
        """What ^C does."""
        os.kill(self.pid, signal.SIGINT)

    def kill(self):
        if self.running:
            os.kill(self.pid, signal.SIGKILL)
        self._collect(10)

    def finish(self, timeout=15):
        """Waits until the program has ended by itself; returns the program."""
        try:
            self._collect(timeout)
        except subprocess.TimeoutExpired:
            self.kill()
            raise AssertionError(
                f"still running after {timeout} s: {' '.join(self.command)}\n"
                f"{self.output[-4000:]}\n{self.errors}"
            ) from None
        return self

    def _collect(self, timeout):
        self._popen.wait(timeout)
        self._stdout.wait_for_end()
        self._stderr.wait_for_end()
