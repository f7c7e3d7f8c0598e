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


COSTS = pytest.StashKey[list]()


@pytest.fixture(scope="session")
def costs(pytestconfig):
    """Rows of a table that is printed at the end: CPU, step, and bytes."""
    return pytestconfig.stash.setdefault(COSTS, [])


def pytest_terminal_summary(terminalreporter, config):
    rows = config.stash.get(COSTS, [])
    if rows:
        terminalreporter.section("what each step costs, in bytes")
        header = ("cpu", "step", ".text", ".data", ".bss", "heap", "while it runs")
        for cpu, step, *numbers in [header, *rows]:
            cells = "".join(f"{number:>14}" for number in numbers)
            terminalreporter.line(f"{cpu:4} {step:20}{cells}")
