#!/usr/bin/python3
"""Links the engine for microcontrollers and prints how many bytes it takes.

    size.py --lwip DIRECTORY [--check | --micropython DIRECTORY --firmware BUILD]

What counts is what stays in the firmware of a program that uses it
(tests/size/program.c): code and constants, with functions that nobody calls
discarded. lwIP and the C library are not counted, and of libgcc, whose 64-bit
division firmware mostly has anyway, only the line of its own.

--micropython, --firmware: the MicroPython module too, compiled with the headers that a
build of the firmware has made, for whatever core. All of it stays in firmware. The names
of functions and arguments, which MicroPython keeps, are not counted.

Fails if a file does not compile without warnings, has variables of its own
(.data, .bss), calls for the heap, for floating point or for printf (the engine's
promises to firmware), or if it takes more than BUDGET. --check: only that, not
what each part takes.
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
MODULE_FLAGS = """-mthumb -Os -std=gnu99 -ffunction-sections -fdata-sections
    -DMP_CONFIGFILE="mpconfigboard.h" -DMICROPY_PY_LWIP=1 -DBOARD_AN=547""".split()
MODULE_INCLUDES = "include src/core ports/micropython-qemu ports/mps2".split()
LINK_FLAGS = """-mthumb -nostdlib -Wl,--gc-sections -Wl,-e,program
    -Wl,--unresolved-symbols=ignore-all""".split()
FORBIDDEN = re.compile(
    r"(malloc|calloc|realloc|free|v?s?n?printf|"
    r"__aeabi_(c?[fd]|u?[il]2[fd])\w*)$"  # soft float; 64-bit division is fine
)

# The last one is a TCP client that shows the figures in its own way.
LEAST = "-DIPERF3_WITH_UDP=0 -DLWIP_UDP=0 -DCALL_LISTEN=0 -DCALL_TEXT=0 -DCALL_JSON=0 -DCALL_ERRORS=0".split()
Build = collections.namedtuple("Build", "title cpu options")
BUILDS = [
    Build("Cortex-M0+", "cortex-m0plus", []),
    Build("Cortex-M4", "cortex-m4", []),
    Build("Cortex-M55", "cortex-m55", []),
    Build("M4, least", "cortex-m4", LEAST),
]

# Each in turn left out of the build for Cortex-M4.
PARTS = {
    "IPERF3_WITH_UDP": ["-DIPERF3_WITH_UDP=0"],
    "IPERF3_WITH_CLIENT": ["-DIPERF3_WITH_CLIENT=0"],
    "IPERF3_WITH_SERVER": ["-DIPERF3_WITH_SERVER=0"],
    "iperf3_report_text()": ["-DCALL_TEXT=0"],
    "iperf3_report_json()": ["-DCALL_JSON=0"],
    "both": ["-DCALL_TEXT=0", "-DCALL_JSON=0"],
    "texts of errors": ["-DCALL_ERRORS=0"],
}

# Bytes. Code that grows beyond them is either worth it, and then says so here, or
# can be made smaller.
BUDGET = {
    "Cortex-M4": 26200,
    "M4, least": 13100,
    "RAM with one stream": 1536,
    "RAM per further stream": 256,
}


def tool(name, *arguments):
    command = [TOOLS + name, *map(str, arguments)]
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout


class Image:
    """One build, compiled and linked in a folder."""

    def __init__(self, build, lwip, folder):
        self.build, self.lwip = build, lwip
        self.folder = pathlib.Path(tempfile.mkdtemp(dir=folder))
        sources = sorted(ROOT.glob("src/*/*.c")) + [ROOT / "tests/size/program.c"]
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

    def total(self):
        return sum(self.bytes.values()) - self.bytes["libgcc"] - self.bytes["program"]

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


class Module:
    """The files of the MicroPython module for one core, and their bytes."""

    def __init__(self, build, arguments, folder):
        self.folder = pathlib.Path(tempfile.mkdtemp(dir=folder))
        includes = [ROOT / name for name in MODULE_INCLUDES]
        includes += [arguments.micropython, arguments.micropython / "ports/qemu"]
        includes += [arguments.firmware, arguments.lwip / "src/include"]
        self.options = [f"-mcpu={build.cpu}", *MODULE_FLAGS, *(f"-I{name}" for name in includes)]
        sources = sorted(ROOT.glob("micropython/*.c"))
        self.bytes = {source.stem: self.size(source) for source in sources}

    def size(self, source):
        target = self.folder / f"{source.stem}.o"
        tool("gcc", *self.options, "-c", source, "-o", target)
        return int(tool("size", target).splitlines()[1].split()[0])


def print_row(name, row):
    print(f"{name:28}" + "".join(f"{cell:>12}" for cell in row))


def print_files(images):
    """Returns the line that sums them up."""
    print_row("bytes of .text and .rodata", [image.build.title for image in images])
    for layer in LAYERS:
        names = sorted(path.stem for path in ROOT.glob(f"src/{layer}/*.c"))
        for name in names:
            print_row(f"  {name}.c", [image.bytes[name] for image in images])
        print_row(f"src/{layer}", [sum(image.bytes[name] for name in names) for image in images])
    print_row("together", [image.total() for image in images])
    print_row("libgcc besides", [image.bytes["libgcc"] for image in images])


def print_module(modules):
    print()
    for name in modules[0].bytes:
        print_row(f"  {name}.c", [module.bytes[name] for module in modules])
    print_row("micropython", [sum(module.bytes.values()) for module in modules])


def print_parts(whole, lwip, folder):
    """What a build without a part saves; what two of them share, neither does."""
    print("\non Cortex-M4 without")
    for name, options in PARTS.items():
        part = Image(Build(name, whole.build.cpu, options), lwip, folder)
        print_row(f"  {name}", ["", part.total() - whole.total()])


def above_budget(taken):
    for name, most in BUDGET.items():
        if taken[name] > most:
            yield f"{name}: {taken[name]} bytes, the budget is {most}"


def main():
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("--lwip", type=pathlib.Path, required=True)
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--micropython", type=pathlib.Path)
    parser.add_argument("--firmware", type=pathlib.Path)
    arguments = parser.parse_args()

    with tempfile.TemporaryDirectory() as folder:
        images = [Image(build, arguments.lwip, folder) for build in BUILDS]
        print_files(images)
        session, stream = zip(*(image.memory() for image in images))
        one_stream = [sum(pair) for pair in zip(session, stream)]
        print_row("RAM with one stream", one_stream)
        print_row("RAM per further stream", stream)
        faults = [fault for image in images for fault in image.faults()]
        if arguments.micropython is not None:
            print_module(
                [Module(build, arguments, folder) for build in BUILDS if not build.options]
            )
        if not arguments.check:
            print_parts(images[1], arguments.lwip, folder)
    taken = {image.build.title: image.total() for image in images}
    taken["RAM with one stream"] = max(one_stream)
    taken["RAM per further stream"] = max(stream)
    faults += above_budget(taken)
    print("\n".join(faults) or "no .data, no .bss, no heap, no floating point, no printf")
    return 1 if faults else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except subprocess.CalledProcessError as error:
        sys.exit(f"failed: {' '.join(error.cmd[-3:])}")
