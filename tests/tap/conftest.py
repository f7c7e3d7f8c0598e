# conftest.py - iperf3-lwip, the engine as a Linux program
# SPDX-License-Identifier: MIT

import shlex

import pytest
from namespace import BOARD, BOARD_IPV6, TAP
from peer import PORT, Iperf3, Peer

NETWORK = f"--tap {TAP} --address {BOARD}/24 --address {BOARD_IPV6}/64"


class Iperf3Lwip(Iperf3):
    """Starts our program as Iperf3 does the real one: the options are the same."""

    def server(self, options="", port=PORT):
        """A server that listens; with -J it does not say so."""
        server = self._start(f"-s -p {port} {options}")
        if "-J" not in options:
            server.wait_until_listening()
        return server

    def with_network(self, network, options):
        """With another network than that of the tests."""
        program = shlex.split(self._command[0])
        peer = Peer([*program, *shlex.split(network), *shlex.split(options)])
        self.started.append(peer)
        return peer


@pytest.fixture
def program(pytestconfig):
    """Its path."""
    return pytestconfig.getoption("--program")


@pytest.fixture
def ours(network, program):
    """Whatever becomes of a test, nothing in the program may go wrong."""
    ours = Iperf3Lwip(f"{program} {NETWORK}")
    yield ours
    ours.kill_all()
    for started in ours.started:
        assert "Sanitizer" not in started.errors  # leaks, too
        assert "runtime error" not in started.errors
        assert "lwIP:" not in started.errors
