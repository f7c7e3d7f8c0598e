#!/usr/bin/python3
"""Reads the #include lines and says which of them go against the layers:

    micropython/, ports/ -> include/ -> src/lwip -> src/core, and src/report beside

    check_layers.py [ROOT]
"""
# SPDX-License-Identifier: MIT

import pathlib
import re
import sys

STANDARD = {"stdbool.h", "stddef.h", "stdint.h", "string.h"}
PURE_API = {"iperf3_test.h", "iperf3_report.h"}  # no lwIP in them


def headers(root, folder):
    return {path.name for path in root.joinpath(folder).glob("*.h")}


def rules(root):
    """For each folder: whether its files may include the header of that name."""
    api = headers(root, "include")
    core, engine, report = (headers(root, f"src/{name}") for name in ("core", "lwip", "report"))

    def only(*sets):
        return lambda name: name in set.union(*sets)

    def any_lwip_or(*sets):
        return lambda name: name.startswith("lwip/") or name in set.union(*sets)

    def all_but(*sets):
        return lambda name: pathlib.PurePath(name).name not in set.union(*sets)

    return {
        "src/core": only(STANDARD, PURE_API, core),
        "src/report": only(STANDARD, PURE_API, core, report),
        "src/lwip": any_lwip_or(STANDARD, api, core, engine),
        "include": only(STANDARD, api, {"lwip/ip_addr.h"}),
        "micropython": all_but(core, engine, report),
        "ports": all_but(core, engine, report),
    }


def includes(path):
    for number, line in enumerate(path.read_text().splitlines(), 1):
        match = re.match(r'\s*#\s*include\s*[<"]([^>"]+)', line)
        if match:
            yield number, match.group(1)


def faults(root):
    for folder, may_include in rules(root).items():
        files = sorted(root.joinpath(folder).rglob("*.[ch]"))
        if not files:
            yield f"{folder}: no files"
        for path in files:
            for number, name in includes(path):
                if not may_include(name):
                    yield f"{path.relative_to(root)}:{number}: must not include {name}"


def main():
    root = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else pathlib.Path(__file__).parents[1])
    found = list(faults(root.resolve()))
    print("\n".join(found) or "the layers hold")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
