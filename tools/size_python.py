#!/usr/bin/python3
"""Prints what iperf3.py takes of a board.

    size_python.py --mpy-cross PROGRAM --micropython PROGRAM

Bytecode: the size of the file that mpy-cross makes. RAM: what is gone of the heap after
the import of that file; on a 64-bit machine, which takes about twice what a board takes.
"""
# SPDX-License-Identifier: MIT

import argparse
import pathlib
import subprocess
import sys
import tempfile

SOURCE = pathlib.Path(__file__).resolve().parent.parent / "python/iperf3.py"
IMPORT = """
import errno, gc, json, os, select, socket, struct, time
gc.collect()
before = gc.mem_alloc()
import iperf3
gc.collect()
print(gc.mem_alloc() - before)
"""


def main():
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("--mpy-cross", required=True)
    parser.add_argument("--micropython", required=True)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        target = pathlib.Path(folder, "iperf3.mpy")
        subprocess.run([args.mpy_cross, "-O3", "-o", target, SOURCE], check=True)
        print(f"{'iperf3.py, bytecode':28}{target.stat().st_size:>15}")
        result = subprocess.run(
            [args.micropython, "-c", IMPORT],
            env={"MICROPYPATH": folder},
            check=True,
            capture_output=True,
            text=True,
        )
    print(f"{'iperf3.py, RAM, 64 bits':28}{int(result.stdout):>15}")


if __name__ == "__main__":
    sys.exit(main())
