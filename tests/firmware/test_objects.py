# test_objects.py - no static memory: what the compiler has made of our sources
# SPDX-License-Identifier: MIT

import subprocess

import pytest
from emulator import build_folder

LARGEST_ARRAY = 1024


def variables(path):
    """(name, bytes, kind) of what is no code; kind as of nm: r constant, d .data, b .bss."""
    command = ["arm-none-eabi-nm", "--print-size", path]
    output = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    for line in output.splitlines():
        fields = line.split()
        if len(fields) == 4 and fields[2].lower() in "rdbc":
            yield fields[3], int(fields[1], 16), fields[2].lower()


@pytest.fixture
def objects(cpu):
    """{path of a source in the repository: its variables}"""
    module = build_folder(cpu) / "iperf3_lwip"
    found = {str(path.relative_to(module)): list(variables(path)) for path in module.rglob("*.o")}
    assert len(found) > 20
    return found


def test_the_engine_has_no_variables(objects):
    for source, symbols in objects.items():
        if source.startswith("src/"):
            assert [symbol for symbol in symbols if symbol[2] != "r"] == [], source


def test_the_module_has_no_large_variables(objects):
    assert any(symbols for symbols in objects.values())
    for source, symbols in objects.items():
        assert [s for s in symbols if s[2] != "r" and s[1] > LARGEST_ARRAY] == [], source
