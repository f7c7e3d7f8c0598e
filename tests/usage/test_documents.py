# test_documents.py - every example in README.md and docs/*.md, run as written
# SPDX-License-Identifier: MIT
#
# Only addresses are replaced: see ADDRESSES in documents.py, and mip() for the public one of
# this project. What is not run is in NOT_RUN, with the reason.

import ast
import contextlib
import json
import os
import pathlib
import re
import shlex
import subprocess
import sys
import types

import pytest
from boards import Scene, in_background
from documents import BLOCKS, ROOT, commands, here, inputs_and_outputs, shape
from emulator import CONNECT, elf
from emulator import HOST as HOST_OF_FIRMWARE
from namespace import HOST
from program import Program
from serial_line import SerialLine, WebServer

MICROPYTHON = pathlib.Path(os.environ.get("MICROPYTHON_DIR") or ROOT / "build/deps/micropython")
LWIP = pathlib.Path(os.environ.get("LWIP_DIR") or ROOT / "build/deps/lwip")

# Blocks, by their document and first line.
NOT_RUN = {
    ("docs/BOARDS.md", "import network, time"): "twice: the network interfaces of boards",
    ("README.md", "modules/"): "a listing of folders",
    (
        "docs/DESIGN.md",
        "micropython/, ports/  ->  include/  ->  src/lwip  ->  src/core",
    ): "a figure",
    ("docs/PROTOCOL.md", "8 x bytes sent < rate x time since TEST_START"): "a formula",
}

# Commands in shell blocks, by their beginning.
NOT_RUN_COMMANDS = {
    "make test": "it would run itself",
    "git clone": "it takes a network",
    "make -C micropython/mpy-cross": "make mpy-cross builds it elsewhere",
    "mpy-cross": "make test does not build it; tests/python/test_py_heap.py runs it",
}


def of_kind(*kinds):
    chosen = [
        block
        for block in BLOCKS
        if block.kind in kinds and (block.document.name, block.first_line) not in skipped_blocks()
    ]
    return pytest.mark.parametrize("block", chosen, ids=lambda block: block.name)


def skipped_blocks():
    return {(pathlib.Path(document).name, line) for document, line in NOT_RUN}


### Python ###


@pytest.fixture
def scene(board, iperf3):
    return Scene(board, iperf3)


@pytest.fixture
def path_to_iperf3_py(monkeypatch):
    monkeypatch.setenv("MICROPYPATH", f"{ROOT / 'python'}:.frozen:{MICROPYTHON / 'extmod'}")


@pytest.mark.time_limit(120)
@of_kind("python")
def test_python(block, path_to_iperf3_py, scene, board):
    scene.type(block.code)
    if in_background(block.code):
        scene.serve_in_the_background()
        board.exec("server.close()")


def echoing(line):
    """A line as the prompt executes it: the value of an expression is printed."""
    try:
        ast.parse(line, mode="eval")
    except SyntaxError:
        return line
    return f"_ = {line}\nif _ is not None: print(repr(_))"


@pytest.mark.time_limit(120)
@of_kind("text")
def test_transcripts(block, board, iperf3):
    """What is typed is typed again, and what comes looks the same but for the figures."""
    typed_elsewhere = re.search(r"`iperf3 -c 192\.168\.0\.50(.*?)`", block.prose)
    scene = Scene(board, iperf3, typed_elsewhere.group(1) if typed_elsewhere else "-t 1")
    for prompt, line, expected in inputs_and_outputs(block.text):
        if prompt == ">>> ":
            output = scene.run(echoing(here(line)))
        else:
            server = board.server()
            host, options = re.fullmatch(r"iperf3 -c (\S+)(.*)", here(line)).groups()
            output = iperf3.client(host, options).succeed().output
            server.result()
        assert shape(output) == shape(expected)


### The prompt of firmware on an emulator, and what boots it ###


@pytest.mark.time_limit(300)
@of_kind("prompt")
def test_prompt(block, iperf3):
    """With the commands in the shell block before it; `elsewhere` is a comment in it."""
    shell = BLOCKS[BLOCKS.index(block) - 1]
    *preparations, start = commands(shell.text)
    for command in preparations:
        run(command)
    emulator = Terminal(shlex.split(start), cwd=ROOT, stdin=subprocess.PIPE)
    try:
        emulator.wait_for(">>> ", 30)
        elsewhere = None
        for _, line, _ in inputs_and_outputs(block.text):
            elsewhere = re.search(r"# now, elsewhere: (iperf3 .*)", line)
            emulator.type(f"{line}\r")
            if not elsewhere:
                seen = len(emulator.output)
                emulator.wait_for(r">>> \Z", 30)
        emulator.wait_for("^Server listening on .*\n-+", 30, seen)
        run(elsewhere.group(1))
        emulator.wait_for(r"receiver\s+\{.*\}\s+>>> \Z", 30)
    finally:
        emulator.kill()


class Terminal(Program):
    def type(self, text):
        self._popen.stdin.write(text.encode())
        self._popen.stdin.flush()


def run(command):
    """A command in the project's folder, as if not called by make."""
    environment = {name: os.environ[name] for name in os.environ if not name.startswith("MAKE")}
    result = subprocess.run(
        shlex.split(command), cwd=ROOT, env=environment, capture_output=True, text=True
    )
    assert result.returncode == 0, f"{command}\n{result.stdout}{result.stderr}"
    return result.stdout


### Shell ###


def build_of_a_port(command, request, iperf3):
    """To build a port takes submodules of MicroPython that are not here. The port, its
    targets and the module's path exist; test_boards.py looks at the boards."""
    port = MICROPYTHON / re.match(r"make -C micropython/(ports/\w+) ", command).group(1)
    board, *words = re.search(r" BOARD=(.*)", command).group(1).split()
    makefiles = [port / "Makefile", MICROPYTHON / "py/mkrules.mk"]
    makefiles += port.glob(f"boards/{board}/mpconfigboard.mk")
    targets = {
        line for path in makefiles for line in re.findall(r"^[\w -]+:", path.read_text(), re.M)
    }
    for word in words:
        if word.startswith("USER_C_MODULES="):
            module = re.fullmatch(r"\S+=\$PWD/modules(?:/iperf3-lwip/(\S+))?", word).group(1)
            assert module is None or (ROOT / module).is_file()
        elif "=" not in word and word[0] not in '-"':
            assert any(word in target.rstrip(":").split() for target in targets), word


def iperf3_py(command, request, iperf3):
    """Its command line, as client or as server of one test."""
    program, *words = shlex.split(here(command))
    if program == "micropython":
        program = request.config.getoption("--micropython-unix")
    if "-c" in words:
        iperf3.server()
        assert "iperf Done." in run(shlex.join([program, *words]))
        return
    server = Program([program, *words], cwd=ROOT)
    try:
        server.wait_for("^Server listening on .*\n-+\n")
        iperf3.client(HOST, "-t 1").succeed()
        server.wait_for(r"Server listening on .*#2")
    finally:
        server.kill()


def mpremote(command, request, iperf3):
    """mpremote's own parser takes the command; the code of `exec` compiles."""
    sys.path.insert(0, str(MICROPYTHON / "tools/mpremote"))
    for module in ("serial", "serial.tools", "serial.tools.list_ports"):  # not used here
        sys.modules.setdefault(module, types.ModuleType(module))
    try:
        from mpremote.main import _COMMANDS
    finally:
        sys.path.pop(0)
    _, name, *words = shlex.split(command)
    if name not in _COMMANDS:
        name, words = "fs", [name, *words]
    arguments = _COMMANDS[name][1]().parse_args(words)
    if name == "exec":
        compile(arguments.expr[0], command, "exec")
    if name == "run":
        assert (ROOT / arguments.path[0]).is_file(), command


def mip(command, request, iperf3):
    """On firmware, from the project's folder or, in place of its public address, from a web
    server that has it. Then there is an iperf3.py that works."""
    with contextlib.ExitStack() as stack:
        web = WebServer(ROOT)
        stack.callback(web.kill)
        board = SerialLine("m55", elf("m55"))
        stack.callback(board.kill)
        board.run(*command.replace("github:OWNER/iperf3-lwip", web.address).split()[1:])
        iperf3.server("-1")
        call = f"import iperf3; iperf3.client({HOST_OF_FIRMWARE!r}, num=1_000_000)"
        assert "iperf Done." in board.run("exec", f"{CONNECT}\n{call}")


def in_our_folder(command, request, iperf3):
    run(command)


def iperf3_lwip(command, request, iperf3):
    """Towards the server that the line before it starts."""
    iperf3.server()
    assert "iperf Done." in run(command)


HANDLERS = {
    r"make -C micropython/ports/\w+ ": build_of_a_port,
    r"(python3|micropython) python/iperf3\.py ": iperf3_py,
    r"mpremote mip install ": mip,
    r"mpremote ": mpremote,
    r"make (demo|firmware|tap)\b": in_our_folder,
    r"ip (tuntap|addr|link) ": in_our_folder,  # in the network of the tests
    r"iperf3 -s &": lambda *_: None,  # iperf3_lwip() runs it
    r"build/tap/iperf3-lwip .* -c ": iperf3_lwip,
    r"tools/qemu-run ": lambda *_: None,  # test_prompt runs it
}


def handler_of(command):
    if any(command.startswith(beginning) for beginning in NOT_RUN_COMMANDS):
        return None
    for pattern, handler in HANDLERS.items():
        if re.match(pattern, command):
            return handler
    pytest.fail(f"who is to run this? {command}")


@pytest.mark.time_limit(300)
@of_kind("shell")
def test_shell(block, request, iperf3):
    for command in commands(block.text):
        handler = handler_of(command)
        if handler:
            handler(command, request, iperf3)
        iperf3.kill_all()


### C, JSON, manifests, signatures ###

# What the fragments in C of the documents take from what is around them.
AROUND_C = """
#include "iperf3.h"
#include "iperf3_report.h"
uint32_t board_now_us(void);
uint32_t board_random(void);
void board_wait_for_network(uint32_t longest_us);
extern struct iperf3_config config;
extern struct iperf3_printer printer;
extern uint64_t memory[400];
extern uint8_t noise[8192];
extern ip_addr_t server_address;
extern iperf3_t *session;
extern const struct iperf3_report *report;
void example(void);
void example(void) {
%s
}
"""
C_FLAGS = "-std=c99 -Wall -Wextra -Wpedantic -Werror -fsyntax-only -xc -".split()


@of_kind("c")
def test_c_compiles(block):
    code = block.code
    if "#include" not in code:
        code = AROUND_C % re.sub(r"^ *\.\.\.$", "(void)text;", code, flags=re.M)
    includes = ["-Iinclude", "-isystem", "tests/size", "-isystem", str(LWIP / "src/include")]
    result = subprocess.run(
        ["gcc", *includes, *C_FLAGS], cwd=ROOT, input=code, text=True, capture_output=True
    )
    assert result.returncode == 0, result.stderr


@of_kind("json")
def test_json(block):
    json.loads(block.text)


@of_kind("manifest")
def test_manifest(block):
    """In MicroPython's own reader of manifests, as far as it knows the function."""
    sys.path.insert(0, str(MICROPYTHON / "tools"))
    manifestfile = pytest.importorskip("manifestfile")
    folders = {"MPY_DIR": str(MICROPYTHON), "MPY_LIB_DIR": str(MICROPYTHON)}
    manifest = manifestfile.ManifestFile(manifestfile.MODE_FREEZE, folders)
    lines = block.text.replace("path/to/iperf3-lwip", str(ROOT)).splitlines()
    for line in lines:
        function, argument = re.fullmatch(r'(\w+)\("(.*)"\)( *#.*)?', line).group(1, 2)
        assert pathlib.Path(argument).exists()
        if function != "c_module" or hasattr(manifest, "c_module"):
            manifest.execute(line + "\n")


@of_kind("signature")
def test_signatures_are_python(block):
    """Their names are compared with the module by tools/check_docs."""
    ast.parse(f"def {block.text.strip()}: ...")


### None is left out ###


def test_every_block_is_run_or_has_a_reason():
    tested = {"python", "text", "prompt", "shell", "c", "json", "manifest", "signature"}
    not_run = [b for b in BLOCKS if (b.document.name, b.first_line) in skipped_blocks()]
    assert {(f"{block.document.relative_to(ROOT)}", block.first_line) for block in not_run} == set(
        NOT_RUN
    )
    for block in not_run:
        if block.kind == "python":
            compile(block.text, block.name, "exec")
    print(f"{len(BLOCKS) - len(not_run)} examples are run, {len(not_run)} are not")
    assert [block.name for block in BLOCKS if block.kind not in tested] == []
    shell = [c for block in BLOCKS if block.kind == "shell" for c in commands(block.text)]
    for beginning in NOT_RUN_COMMANDS:
        assert any(c.startswith(beginning) for c in shell), f"nobody says {beginning} any more"


def test_no_example_is_overlooked():
    """A second opinion on what is an example: lines that look like one."""
    pattern = re.compile(r"^ *(>>> |\$ |import |from \w+ import|mpremote |make )", re.M)
    for document in {block.document for block in BLOCKS}:
        text = document.read_text()
        for block in BLOCKS:
            if block.document == document:
                for line in block.text.splitlines():
                    text = text.replace(line, "", 1) if line.strip() else text
        assert pattern.search(text) is None, f"{document.name}: {pattern.search(text).group(0)}"
