# peer.py - the real iperf3 on the other end of the wire
# SPDX-License-Identifier: MIT

import json
import re
import shlex
import subprocess
import time

from program import Program

PORT = 5201
NOT_YET = re.compile("Connection refused|server is busy")


class Peer(Program):
    """A running iperf3, client or server."""

    @property
    def document(self):
        """The -J document of the (one) test."""
        return json.loads(self.output)

    def wait_until_listening(self, test_number=1, timeout=10):
        """For a server in text mode: it is ready for the test with this number."""
        end = 0
        for _ in range(test_number):  # old versions do not print the number
            end = self.wait_for(r"Server listening on \d+.*\n-+\n", timeout, end).end()

    def succeed(self, timeout=15):
        """Waits for a good end: no error, no warning, anywhere."""
        self.finish(timeout)
        everything = self.output + self.errors
        assert self.exit_code == 0, everything
        assert self.errors == ""
        assert "warning" not in everything.lower(), everything
        assert '"error"' not in self.output, everything
        return self

    def fail(self, message, timeout=15):
        """Waits for an end with this error message in text mode."""
        self.finish(timeout)
        assert f"iperf3: error - {message}" in self.errors, self.output + self.errors
        assert self.exit_code == 1
        return self


class Iperf3:
    """Starts iperf3 programs. `command` may hold words before the program's name,
    for a version that needs a loader or an environment of its own."""

    def __init__(self, command="iperf3"):
        self._command = shlex.split(command)
        self.started = []

    def client(self, host, options="", port=PORT):
        return self._start(f"-c {host} -p {port} --forceflush {options}")

    def client_when_possible(self, host, options="", within=3):
        """A client that has been let in: again while nobody listens or the server
        still has to do with another client."""
        deadline = time.monotonic() + within
        while True:
            client = self.client(host, options)
            refused = client.finish().exit_code != 0 and NOT_YET.search(
                client.errors + client.output
            )
            if not refused or time.monotonic() > deadline:
                return client
            time.sleep(0.1)

    def server(self, options="", port=PORT):
        """A server; in text mode use wait_until_listening() between tests."""
        server = self._start(f"-s -p {port} --forceflush {options}")
        wait_for_listener(port)
        return server

    def kill_all(self):
        for peer in self.started:
            peer.kill()

    def _start(self, options):
        peer = Peer([*self._command, *shlex.split(options)])
        self.started.append(peer)
        return peer


def wait_for_listener(port, timeout=5):
    """Waits until somebody listens on this TCP port of the kernel's side."""
    deadline = time.monotonic() + timeout
    command = ["ss", "-Hltn", f"sport = :{port}"]
    while not subprocess.run(command, check=True, capture_output=True).stdout:
        assert time.monotonic() < deadline, f"nobody listens on port {port}"
        time.sleep(0.01)
