# test_boards.py - what docs/BOARDS.md says of MicroPython's ports, compared with its tree
# SPDX-License-Identifier: MIT

import os
import pathlib
import re
import shlex
import subprocess

import pytest
from documents import BLOCKS, DOCUMENTS, ROOT, commands

MICROPYTHON = pathlib.Path(os.environ.get("MICROPYTHON_DIR") or ROOT / "build/deps/micropython")
LWIP = pathlib.Path(os.environ.get("LWIP_DIR") or ROOT / "build/deps/lwip")
BOARDS = (ROOT / "docs/BOARDS.md").read_text()
PORTS = ["stm32", "rp2", "mimxrt"]
NOT_IN_1_25 = {"OPENMV_N6"}  # as the document says


def test_the_boards_exist_and_have_lwip():
    text = "".join(document.read_text() for document in DOCUMENTS)
    named = set(re.findall(r"\b(?:NUCLEO|RPI|OPENMV|MIMXRT\d+)_\w+|\bTEENSY41", text))
    for board in named - NOT_IN_1_25:
        (folder,) = [path for path in MICROPYTHON.glob(f"ports/*/boards/{board}")]
        text = "".join(path.read_text() for path in folder.glob("mpconfigboard.*"))
        for name in re.findall(r"^include (boards/\S+)$", text, re.M):
            text += (folder.parents[1] / name).read_text()
        assert re.search(r"MICROPY_PY_LWIP( = 1| ON\))", text), board
    assert len(named) >= 8


@pytest.mark.parametrize("port", PORTS)
def test_the_table_of_ports(port):
    _, _, ipv6, frames, _ = re.search(rf"^\| {port} .*$", BOARDS, re.M).group(0).split("|")
    folder = MICROPYTHON / "ports" / port
    options = (folder / "lwip_inc/lwipopts.h").read_text()
    assert '#include "extmod/lwip-include/lwipopts_common.h"' in options
    assert (re.search(r"LWIP_IPV6 +1", options) is not None) == (ipv6.strip() == "yes")
    for name in re.findall(r"`([A-Z_]+)`", frames):
        assert re.search(rf"#define {name} +\(5\)", (folder / "eth.c").read_text()), name


def flags_for_lwip():
    """Those that the document tells to build with."""
    for block in BLOCKS:
        if block.document.name == "BOARDS.md" and block.kind == "shell":
            for command in commands(block.text):
                flags = re.search(r'CFLAGS_EXTRA="(.*)"', command)
                if flags:
                    yield shlex.split(flags.group(1))


def accepted_by_lwip(port, flags):
    """Whether lwIP's own check of its options passes, in the port's configuration."""
    folders = [f"ports/{port}/lwip_inc", "ports/unix", "."]
    includes = [f"-I{MICROPYTHON / folder}" for folder in folders]
    includes += [f"-I{ROOT}/ports/micropython-tap", f"-I{ROOT}/ports/tap-common"]
    includes += [f"-I{LWIP}/src/include"]
    options = ["-fsyntax-only", "-include", "stdint.h", "-DMICROPY_PY_LWIP_PPP=0"]
    command = ["gcc", *options, *includes, *flags, str(LWIP / "src/core/init.c")]
    result = subprocess.run(command, capture_output=True, text=True)
    errors = re.findall("error: .*", result.stderr)
    assert all("lwip_sanity_check" in error for error in errors), result.stderr
    return result.returncode == 0


@pytest.mark.parametrize("port", PORTS)
def test_lwip_takes_the_options(port):
    found = list(flags_for_lwip())
    assert found
    for flags in found:
        assert accepted_by_lwip(port, flags)
        assert not accepted_by_lwip(port, [flag for flag in flags if "TCP_SEG" not in flag])
