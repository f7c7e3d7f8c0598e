# test_py_mip.py - mip installs iperf3.py on a board, which then runs it
# SPDX-License-Identifier: MIT
#
# That is mpremote's mip: the one that runs on boards is not in Debian's MicroPython. The
# commands of README.md are run in tests/usage.

import shutil

import pytest
from emulator import CONNECT, HOST, LOCALHOST, ROOT
from python_paths import SCRIPT, firmware_of, on
from serial_line import SerialLine, WebServer, ended_well, old_mpremote

# Until a server listens. Here no name server answers, and to ask one takes 6.6 s.
LARGEST_DELAY_S = 5


@pytest.fixture
def board(path, pytestconfig, network):
    board = SerialLine(*firmware_of(path, pytestconfig))
    yield board
    board.kill()


@pytest.fixture
def board_with_old_mpremote(path, pytestconfig, network):
    board = SerialLine(*firmware_of(path, pytestconfig), old_mpremote(pytestconfig))
    yield board
    board.kill()


@pytest.fixture
def serve(network, request):
    """Serves a folder over HTTP; returns the address."""

    def serve(folder):
        server = WebServer(folder)
        request.addfinalizer(server.kill)
        return server.address

    return serve


IMPORT = "import iperf3, os; print(iperf3.__file__, os.stat(iperf3.__file__)[6])"


def installed(board):
    size = SCRIPT.stat().st_size
    return board.run("exec", IMPORT) == f"/lib/iperf3.py {size}\n"


@pytest.mark.time_limit(90)
@on("firmware", slow=["accelerated firmware"])
def test_from_a_web_server(path, board, serve, iperf3):
    board.run("mip", "install", serve(ROOT) + "/")
    assert installed(board)

    server = iperf3.server("-1")
    output = board.run("exec", f"{CONNECT}\nimport iperf3; iperf3.client({HOST!r}, num=1_000_000)")
    assert output.startswith(f"Connecting to host {HOST}, port 5201\n")
    assert output.endswith("\niperf Done.\n")
    server.succeed()

    board.run("exec", CONNECT)
    server = board.start("resume", "exec", "import iperf3; iperf3.server(one_off=True)")
    server.wait_for("^Server listening on 5201", LARGEST_DELAY_S)
    iperf3.client(LOCALHOST, "-n 1M", port=board.port).succeed()
    assert " receiver\n" in ended_well(server)


def make_index(folder):
    """One package, of any version, as source."""
    place = folder / "package/py/iperf3"
    place.mkdir(parents=True)
    shutil.copy(ROOT / "package.json", place / "latest.json")
    shutil.copytree(ROOT / "python", place / "python")
    return folder


@on("firmware")
def test_from_an_index(path, board, serve, tmp_path):
    index = serve(make_index(tmp_path))
    board.run("mip", "install", "--no-mpy", "--index", index, "iperf3")
    assert installed(board)


@on(slow=["firmware"])
def test_an_old_mpremote_wants_the_files_address(path, board_with_old_mpremote, serve):
    board = board_with_old_mpremote
    address = serve(ROOT)
    program = board.start("mip", "install", address + "/package.json")
    program.finish(30)
    assert "unknown url type: 'python/iperf3.py'" in program.errors
    board.run("mip", "install", address + "/python/iperf3.py")
    assert installed(board)
