# conftest.py - fixtures of the tests with programs
# SPDX-License-Identifier: MIT

import pathlib
import platform
import signal
import sys

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "tests/interop"), str(ROOT / "tests/firmware")]

pytest.register_assert_rewrite(
    "board",
    "capture",
    "counts",
    "emulator",
    "json_documents",
    "layout",
    "peer",
    "program",
    "scripted_peer",
    "serial_line",
)

import namespace  # noqa: E402
from board import Board  # noqa: E402
from capture import Capture  # noqa: E402
from emulator import CPUS, Emulator  # noqa: E402
from peer import Iperf3  # noqa: E402
from program import Program  # noqa: E402
from versions import INSTALLED  # noqa: E402

USUAL_TIME_LIMIT_S = 60


def pytest_addoption(parser):
    parser.addoption(
        "--micropython",
        default=str(ROOT / "build/micropython-tap/micropython"),
        help="MicroPython with lwIP on TAP and the module iperf3_lwip",
    )
    parser.addoption(
        "--micropython-unix",
        default=str(ROOT / "build/micropython-unix/micropython"),
        help="MicroPython with the sockets of the host",
    )
    parser.addoption(
        "--program",
        default=str(ROOT / "build/tap/iperf3-lwip"),
        help="iperf3-lwip, the engine as a Linux program",
    )
    parser.addoption(
        "--iperf3",
        default="iperf3",
        help="the real iperf3; words before the program's name are allowed",
    )
    parser.addoption(
        "--cpu",
        action="append",
        choices=CPUS,
        help="the board is an emulated one; tests/firmware takes more than one, and usually all,"
        " tests/python m55",
    )
    parser.addoption(
        "--require-network",
        action="store_true",
        help="fail instead of skipping where no network namespace can be had",
    )
    parser.addoption(
        "--require-peers",
        action="store_true",
        help="fail instead of skipping on amd64 where a version of iperf3 is missing",
    )


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_call(item):
    """Ends a test that hangs; its fixtures then end the programs."""
    marker = item.get_closest_marker("time_limit")
    seconds = marker.args[0] if marker else USUAL_TIME_LIMIT_S

    def give_up(_signal, _frame):
        raise TimeoutError(f"the test took longer than {seconds} s")

    previous = signal.signal(signal.SIGALRM, give_up)
    signal.alarm(seconds)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, previous)


@pytest.fixture(scope="session", autouse=True)
def network(request):
    try:
        namespace.enter()
    except namespace.NoNetwork as error:
        if request.config.getoption("--require-network"):
            raise
        pytest.skip(str(error))


@pytest.fixture
def board(network, request):
    """A freshly started board: MicroPython's unix port, or the firmware for --cpu."""
    cpu = request.config.getoption("--cpu")
    if cpu:
        board = Emulator(cpu[0], tap=namespace.TAP).serve(namespace.BOARD)
    else:
        board = Board(request.config.getoption("--micropython"))
    yield board
    board.end(request.node)


def command_of(version, config):
    """How to start this version of iperf3."""
    if version == INSTALLED:
        return config.getoption("--iperf3")
    program = ROOT / f"build/deps/iperf3-{version}/iperf3"
    if not program.exists():
        message = f"no iperf3 {version}; tools/deps peers brings it, on Debian and amd64"
        required = config.getoption("--require-peers") and platform.machine() == "x86_64"
        (pytest.fail if required else pytest.skip)(message)
    return str(program)


@pytest.fixture
def iperf3(network, request):
    """The real iperf3; what is left of it after the test is killed. A test may ask for
    a version: parametrize("iperf3", versions, indirect=True)."""
    iperf3 = Iperf3(command_of(getattr(request, "param", INSTALLED), request.config))
    yield iperf3
    iperf3.kill_all()


@pytest.fixture
def capture(network, tmp_path):
    """Records the packets on the TAP device from here on."""
    path = tmp_path / "packets.pcap"
    capture = Capture(namespace.TAP, path)
    yield capture
    capture.kill()
    path.unlink()


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    outcome = yield
    report = outcome.get_result()
    if call.when == "call":
        item.passed = report.passed
    if report.failed:
        for program in programs_of(item):
            text = program.output[-4000:] + program.errors[-4000:]
            report.sections.append((" ".join(program.command), text))


def programs_of(item):
    """The programs that a test has used."""
    for value in item.funcargs.values():
        if isinstance(value, Program):
            yield value
        elif isinstance(value, Iperf3):
            yield from value.started


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
