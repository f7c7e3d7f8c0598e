# test_run_tests.py - tests/micropython/run-tests in MicroPython's own test runner
# SPDX-License-Identifier: MIT

import json
import os
import pathlib
import subprocess

ROOT = pathlib.Path(__file__).resolve().parents[2]
MICROPYTHON = pathlib.Path(os.environ.get("MICROPYTHON_DIR") or ROOT / "build/deps/micropython")
TESTS = ROOT / "tests/micropython/run-tests"


def test_all_pass_in_run_tests(request, tmp_path):
    program = pathlib.Path(request.config.getoption("--micropython")).resolve()
    result = subprocess.run(
        ["/usr/bin/python3", "run-tests.py", "--result-dir", tmp_path, "--test-dirs", TESTS],
        cwd=MICROPYTHON / "tests",
        env=os.environ | {"MICROPY_MICROPYTHON": str(program)},
        capture_output=True,
        text=True,
    )
    assert result.returncode == 0, result.stdout + result.stderr
    results = json.loads((tmp_path / "_results.json").read_text())
    assert results["failed_tests"] == []
    count = len(list(TESTS.glob("*.py")))
    assert f"\n{count} tests passed\n" in result.stdout, result.stdout  # none is skipped
