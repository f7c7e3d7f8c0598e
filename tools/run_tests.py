#!/usr/bin/python3
"""Runs tests of all kinds, counts them, and ends with one line:
N passed, N failed.

    run_tests.py [--ctest BUILD LABEL]... [--check COMMAND]... [--pytest "ARGUMENTS"]...

The C tests of a build folder that have a label count one by one, as cmocka
counts them; a checking program counts as one test. What is given is run in
that order, and all of it, whatever fails. The exit status is 1 if anything
failed, or if one of the three found nothing to run.
"""
# SPDX-License-Identifier: MIT

import argparse
import json
import pathlib
import re
import shlex
import subprocess
import sys
import tempfile
import xml.etree.ElementTree

CHECK_TIMEOUT_S = 600


class Count:
    def __init__(self, passed=0, failed=0, skipped=0):
        self.passed, self.failed, self.skipped = passed, failed, skipped

    def add(self, other):
        self.passed += other.passed
        self.failed += other.failed
        self.skipped += other.skipped

    def __str__(self):
        skipped = f", {self.skipped} skipped" if self.skipped else ""
        return f"{self.passed} passed, {self.failed} failed{skipped}"


def run_cmocka(command, timeout):
    """One test program. A crash, or a program without a test, is one failure."""
    try:
        result = subprocess.run(
            command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=timeout
        )
        output, status = result.stdout.decode(errors="replace"), result.returncode
    except subprocess.TimeoutExpired as error:
        output, status = (error.stdout or b"").decode(errors="replace"), "too long"
    passed = sum(map(int, re.findall(r"^\[  PASSED  \] (\d+) test", output, re.M)))
    failed = sum(map(int, re.findall(r"^\[  FAILED  \] (\d+) test", output, re.M)))
    skipped = sum(map(int, re.findall(r"^\[  SKIPPED \] (\d+) test", output, re.M)))
    if status != 0 or passed == 0:
        failed = max(failed, 1)
        print(f"{output}\n{shlex.join(command)}: exit status {status}")
    return Count(passed, failed, skipped)


def run_ctest(build, label):
    listing = subprocess.run(
        ["ctest", "--test-dir", build, "--label-regex", f"^{label}$", "--show-only=json-v1"],
        stdout=subprocess.PIPE,
        check=True,
    )
    count = Count()
    for test in json.loads(listing.stdout)["tests"]:
        if "command" not in test:
            print(f"{test['name']} is not built")
            count.failed += 1
            continue
        properties = {item["name"]: item["value"] for item in test["properties"]}
        count.add(run_cmocka(test["command"], properties.get("TIMEOUT", CHECK_TIMEOUT_S)))
    return count


def run_check(command):
    try:
        subprocess.run(shlex.split(command), timeout=CHECK_TIMEOUT_S, check=True)
    except (OSError, subprocess.SubprocessError) as error:
        print(error)
        return Count(failed=1)
    return Count(passed=1)


def run_pytest(arguments):
    with tempfile.TemporaryDirectory() as folder:
        report = pathlib.Path(folder, "report.xml")
        command = [sys.executable, "-m", "pytest", f"--junitxml={report}"]
        result = subprocess.run(command + shlex.split(arguments))
        if not report.exists():
            return Count(failed=1)
        suite = xml.etree.ElementTree.parse(report).find("testsuite")
    failed = int(suite.get("failures")) + int(suite.get("errors"))
    skipped = int(suite.get("skipped"))
    passed = int(suite.get("tests")) - failed - skipped
    if result.returncode != 0:
        failed = max(failed, 1)
    return Count(passed, failed, skipped)


class Append(argparse.Action):
    """Keeps the order in which different options are given."""

    def __call__(self, parser, namespace, values, option=None):
        values = values if isinstance(values, list) else [values]
        namespace.steps.append((option, values))


def main():
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.set_defaults(steps=[])
    parser.add_argument("--ctest", nargs=2, action=Append)
    parser.add_argument("--check", action=Append)
    parser.add_argument("--pytest", action=Append)
    run = {"--ctest": run_ctest, "--check": run_check, "--pytest": run_pytest}

    total = Count()
    for option, values in parser.parse_args().steps:
        name = " ".join([option.lstrip("-"), *values])
        print(f"== {name}", flush=True)
        count = run[option](*values)
        if count.passed + count.failed + count.skipped == 0:
            print(f"{name}: nothing to run")
            count.failed = 1
        print(f"== {name}: {count}", flush=True)
        total.add(count)
    if total.skipped:
        print(f"{total.skipped} skipped, for the reasons above")
    print(f"{total.passed} passed, {total.failed} failed", flush=True)
    return 0 if total.failed == 0 and total.passed > 0 else 1


if __name__ == "__main__":
    sys.exit(main())
