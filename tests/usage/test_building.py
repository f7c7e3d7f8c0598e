# test_building.py - the module in builds of MicroPython as users make them
# SPDX-License-Identifier: MIT

import os
import pathlib
import re
import subprocess

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
MICROPYTHON = pathlib.Path(os.environ.get("MICROPYTHON_DIR") or ROOT / "build/deps/micropython")
LWIP = pathlib.Path(os.environ.get("LWIP_DIR") or ROOT / "build/deps/lwip")


def run(*command):
    result = subprocess.run(command, capture_output=True, text=True)
    assert result.returncode == 0, result.stdout + result.stderr
    return result.stdout


def build_with_cmake(folder, with_lwip):
    """Builds the module in a port that is built by CMake; returns the folder."""
    definitions = {
        "MICROPY_DIR": MICROPYTHON,
        "LWIP_DIR": LWIP,
        "MICROPY_PY_LWIP": "ON" if with_lwip else "OFF",
        "USER_C_MODULES": ROOT / "micropython.cmake",
    }
    options = [f"-D{name}={value}" for name, value in definitions.items()]
    run("cmake", "-S", str(ROOT / "tests/usage/cmake_port"), "-B", str(folder), *options)
    run("cmake", "--build", str(folder), "--parallel", str(os.cpu_count()))
    return folder


def symbols(folder, kinds):
    """The module's symbols of these kinds (see nm) in what was built."""
    listing = run("nm", str(folder / "libfirmware.a"))
    return set(re.findall(rf" [{kinds}] (iperf3_\w+)$", listing, re.M))


@pytest.fixture(scope="module")
def cmake_build(tmp_path_factory):
    return build_with_cmake(tmp_path_factory.mktemp("cmake"), with_lwip=True)


def test_cmake_builds_the_module_in(cmake_build):
    defined = symbols(cmake_build, "TDRB")
    assert {"iperf3_lwip_module", "iperf3_poll", "iperf3_report_text"} <= defined
    assert symbols(cmake_build, "U") <= defined  # no source file is missing
    assert "iperf3_lwip_module" in (cmake_build / "genhdr/moduledefs.h").read_text()
    assert "udp_client" in (cmake_build / "genhdr/qstrdefs.generated.h").read_text()


def test_cmake_builds_nothing_in_without_lwip(tmp_path):
    folder = build_with_cmake(tmp_path, with_lwip=False)
    assert symbols(folder, "TDRBU") == set()
    assert "iperf3" not in (folder / "genhdr/moduledefs.h").read_text()


def sources_for_make(folder, *variables):
    """What micropython.mk lists where py/py.mk includes it."""
    makefile = folder / "Makefile"
    makefile.write_text(
        f"USERMOD_DIR := {ROOT}\n"
        "include $(USERMOD_DIR)/micropython.mk\n"
        "all:\n\t@echo $(notdir $(SRC_USERMOD_C) $(SRC_USERMOD_LIB_C))\n"
    )
    return set(run("make", "-s", "-f", str(makefile), *variables).split())


def test_make_and_cmake_compile_the_same(cmake_build, tmp_path):
    objects = run("ar", "t", str(cmake_build / "libfirmware.a"))
    compiled = set(re.findall(r"^(\S+\.c)\.o$", objects, re.M)) - {"mpstate.c"}
    assert compiled == sources_for_make(tmp_path, "MICROPY_PY_LWIP=1")


def test_make_builds_nothing_in_without_lwip(tmp_path):
    assert sources_for_make(tmp_path) == set()
