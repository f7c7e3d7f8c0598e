#!/usr/bin/python3
"""Links the engine for microcontrollers and prints how many bytes it takes.

    size.py --lwip DIRECTORY [--check]

What counts is what stays in the firmware of a program that uses it (tests/size):
code and constants, functions that nobody calls discarded. lwIP and the C library
are not counted, and of libgcc, whose 64-bit division firmware mostly has anyway,
only the line of its own.

Fails if a file does not compile without warnings, has variables of its own
(.data, .bss), calls for the heap, for floating point or for printf (the engine's
promises to firmware), or if more is taken than BUDGET allows. --check: builds no
more than that takes.
"""
# SPDX-License-Identifier: MIT

import argparse
import collections
import concurrent.futures
import pathlib
import re
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
LAYERS = ["core", "lwip", "report"]
TOOLS = "arm-none-eabi-"
FLAGS = """-mthumb -Os -std=c99 -ffunction-sections -fdata-sections
    -Werror -Wall -Wextra -Wpedantic -Wshadow -Wundef -Wvla -Wcast-qual -Wcast-align
    -Wpointer-arith -Wstrict-prototypes -Wmissing-prototypes -Wwrite-strings -Wformat=2
    -Wswitch-enum -Wconversion -Wdouble-promotion""".split()
LINK_FLAGS = """-mthumb -nostdlib -Wl,--gc-sections -Wl,-e,program
    -Wl,--unresolved-symbols=ignore-all""".split()
FORBIDDEN = re.compile(
    r"(malloc|calloc|realloc|free|v?s?n?printf|"
    r"__aeabi_(c?[fd]|u?[il]2[fd])\w*)$"  # soft float; 64-bit division is fine
)

Build = collections.namedtuple("Build", "title cpu program options")
BUILDS = [
    Build("Cortex-M0+", "cortex-m0plus", "whole", []),
    Build("Cortex-M4", "cortex-m4", "whole", []),
    Build("Cortex-M55", "cortex-m55", "whole", []),
    Build("M4, client", "cortex-m4", "client", []),
]


def tool(name, *arguments):
    command = [TOOLS + name, *map(str, arguments)]
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout


class Image:
    """One build, compiled and linked in a folder."""

    def __init__(self, build, lwip, folder):
        self.build, self.lwip = build, lwip
        self.folder = pathlib.Path(tempfile.mkdtemp(dir=folder))
        sources = sorted(ROOT.glob("src/*/*.c")) + [ROOT / f"tests/size/{build.program}.c"]
        with concurrent.futures.ThreadPoolExecutor() as pool:
            self.objects = list(pool.map(self.compile, sources))
        self.bytes = self.link()

    def compile(self, source):
        target = self.folder / f"{source.stem}.o"
        includes = [
            f"-I{ROOT / name}" for name in ("include", "src/core", "src/lwip", "src/report")
        ]
        includes += [f"-isystem{ROOT / 'tests/size'}", f"-isystem{self.lwip / 'src/include'}"]
        options = [f"-mcpu={self.build.cpu}", *FLAGS, *self.build.options]
        tool("gcc", *options, *includes, "-c", source, "-o", target)
        return target

    def link(self):
        """Bytes of each object file that are left, and of libgcc."""
        map_file = self.folder / "map"
        flags = [f"-mcpu={self.build.cpu}", *LINK_FLAGS, f"-Wl,-Map={map_file}"]
        tool("gcc", *flags, *self.objects, "-lgcc", "-o", self.folder / "elf")
        counts = collections.Counter()
        memory_map = map_file.read_text().split("Linker script and memory map")[1]
        for size, path in re.findall(
            r"^ \.(?:text|rodata)\S*\s+0x[0-9a-f]+\s+(0x[0-9a-f]+) (\S+)$", memory_map, re.M
        ):
            name = "libgcc" if "libgcc.a" in path else pathlib.Path(path).stem
            counts[name] += int(size, 16)
        return counts

    def faults(self):
        """What goes against the promises to firmware."""
        for target in self.objects:
            where = f"{target.stem} ({self.build.title})"
            text, data, bss = tool("size", target).splitlines()[1].split()[:3]
            if int(data) or int(bss):
                yield f"{where}: {data} bytes of .data, {bss} of .bss"
            for name in tool("nm", "-uj", target).split():
                if FORBIDDEN.match(name):
                    yield f"{where} calls {name}"

    def memory(self):
        """Bytes of the caller's memory that a session takes, and each stream more."""
        probe = self.folder / "probe.c"
        probe.write_text(
            '#include "iperf3_session.h"\n#include "iperf3_stream.h"\n'
            "extern char session[], stream[];\n"
            "char session[sizeof(struct iperf3)];\n"
            "char stream[sizeof(struct iperf3_stream) + sizeof(struct iperf3_stream_report)];\n"
        )
        sizes = {}
        for line in tool("nm", "-S", self.compile(probe)).splitlines():
            _, size, _, name = line.split()
            sizes[name] = int(size, 16)
        return sizes["session"], sizes["stream"]


def print_row(name, row):
    print(f"{name:28}" + "".join(f"{cell:>12}" for cell in row))


def main():
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("--lwip", type=pathlib.Path, required=True)
    lwip = parser.parse_args().lwip

    with tempfile.TemporaryDirectory() as folder:
        images = [Image(build, lwip, folder) for build in BUILDS]
        faults = [fault for image in images for fault in image.faults()]
        memory = [image.memory() for image in images]
    print_row("bytes of .text and .rodata", [build.title for build in BUILDS])
    totals = [0] * len(images)
    for layer in LAYERS:
        names = sorted(path.stem for path in ROOT.glob(f"src/{layer}/*.c"))
        for name in names:
            print_row(f"  {name}.c", [image.bytes[name] for image in images])
        sums = [sum(image.bytes[name] for name in names) for image in images]
        totals = [total + part for total, part in zip(totals, sums)]
        print_row(f"src/{layer}", sums)
    print_row("together", totals)
    print_row("libgcc besides", [image.bytes["libgcc"] for image in images])
    session, stream = zip(*memory)
    print_row("RAM per session", session)
    print_row("RAM per stream", stream)
    print("\n".join(faults) or "no .data, no .bss, no heap, no floating point, no printf")
    return 1 if faults else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except subprocess.CalledProcessError as error:
        sys.exit(f"failed: {' '.join(error.cmd[-3:])}")
