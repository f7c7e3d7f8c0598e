#!/usr/bin/python3
"""Compiles src/ for microcontrollers and prints how many bytes each file takes.

    size.py --lwip DIRECTORY

Fails if a file does not compile without warnings, has variables of its own
(.data, .bss), or calls for the heap, for floating point or for printf: the
engine's promises to firmware.
"""
# SPDX-License-Identifier: MIT

import argparse
import pathlib
import re
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
LAYERS = ["core", "lwip", "report"]
CPUS = ["cortex-m0plus", "cortex-m4", "cortex-m55"]
TOOLS = "arm-none-eabi-"
FLAGS = """-mthumb -Os -std=c99 -ffunction-sections -fdata-sections
    -Werror -Wall -Wextra -Wpedantic -Wshadow -Wundef -Wvla -Wcast-qual -Wcast-align
    -Wpointer-arith -Wstrict-prototypes -Wmissing-prototypes -Wwrite-strings -Wformat=2
    -Wswitch-enum -Wconversion -Wdouble-promotion""".split()
FORBIDDEN = re.compile(
    r"(malloc|calloc|realloc|free|v?s?n?printf|"
    r"__aeabi_(c?[fd]|u?[il]2[fd])\w*)$"  # soft float; 64-bit division is fine
)


def tool(name, *arguments):
    command = [TOOLS + name, *map(str, arguments)]
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout


def compile_file(source, cpu, lwip, folder):
    target = pathlib.Path(folder, f"{source.stem}.{cpu}.o")
    includes = [f"-I{ROOT / name}" for name in ("include", "src/core", "src/lwip", "src/report")]
    includes += [f"-isystem{ROOT / 'tests/size'}", f"-isystem{lwip / 'src/include'}"]
    tool("gcc", f"-mcpu={cpu}", *FLAGS, *includes, "-c", source, "-o", target)
    return target


def sizes(target):
    text, data, bss = tool("size", target).splitlines()[1].split()[:3]
    return int(text), int(data), int(bss)


def forbidden_calls(target):
    return [name for name in tool("nm", "-uj", target).split() if FORBIDDEN.match(name)]


def measure(source, lwip, folder, faults):
    """Bytes of code and constants, one number per CPU."""
    row = []
    for cpu in CPUS:
        target = compile_file(source, cpu, lwip, folder)
        text, data, bss = sizes(target)
        row.append(text)
        if data or bss:
            faults.append(f"{source.name} ({cpu}): {data} bytes of .data, {bss} of .bss")
        for name in forbidden_calls(target):
            faults.append(f"{source.name} ({cpu}) calls {name}")
    return row


def memory(lwip, folder):
    """Bytes of the caller's memory that a session takes, and each stream more."""
    probe = pathlib.Path(folder, "probe.c")
    probe.write_text(
        '#include "iperf3_session.h"\n#include "iperf3_stream.h"\n'
        "extern char session[], stream[];\n"
        "char session[sizeof(struct iperf3)];\n"
        "char stream[sizeof(struct iperf3_stream) + sizeof(struct iperf3_stream_report)];\n"
    )
    columns = [{}, {}]
    for cpu in CPUS:
        for line in tool("nm", "-S", compile_file(probe, cpu, lwip, folder)).splitlines():
            _, size, _, name = line.split()
            columns[name == "stream"][cpu] = int(size, 16)
    return [list(column.values()) for column in columns]


def print_row(name, row):
    print(f"{name:28}" + "".join(f"{number:>15}" for number in row))


def main():
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("--lwip", type=pathlib.Path, required=True)
    lwip = parser.parse_args().lwip

    faults = []
    totals = []
    print_row("bytes of .text and .rodata", CPUS)
    with tempfile.TemporaryDirectory() as folder:
        for layer in LAYERS:
            rows = []
            for source in sorted(ROOT.glob(f"src/{layer}/*.c")):
                rows.append(measure(source, lwip, folder, faults))
                print_row(f"  {source.name}", rows[-1])
            totals.append([sum(column) for column in zip(*rows)])
            print_row(f"src/{layer}", totals[-1])
        session, stream = memory(lwip, folder)
    print_row("together", [sum(column) for column in zip(*totals)])
    print_row("RAM per session", session)
    print_row("RAM per stream", stream)
    print("\n".join(faults) or "no .data, no .bss, no heap, no floating point, no printf")
    return 1 if faults else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except subprocess.CalledProcessError as error:
        sys.exit(f"failed: {' '.join(error.cmd[-3:])}")
