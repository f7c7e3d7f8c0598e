# conftest.py - fixtures of the tests of firmware
# SPDX-License-Identifier: MIT

import pytest
from emulator import CPUS, Emulator


def pytest_generate_tests(metafunc):
    if "cpu" in metafunc.fixturenames:
        cpus = metafunc.config.getoption("--cpu") or CPUS
        metafunc.parametrize("cpu", cpus, scope="session")


@pytest.fixture
def board(cpu, network, request):
    """Freshly booted firmware."""
    board = Emulator(cpu).serve()
    yield board
    board.end(request.node)
