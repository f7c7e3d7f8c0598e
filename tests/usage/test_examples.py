# test_examples.py - examples/*.py on the board, as they are but for the PC's address
# SPDX-License-Identifier: MIT

import re

import pytest
from boards import Scene
from documents import ROOT, here

EXAMPLES = {path.stem: path for path in ROOT.glob("examples/*.py")}


@pytest.fixture
def run(board, iperf3):
    """Runs an example; returns what it has printed."""
    scene = Scene(board, iperf3)
    return lambda name: scene.run(here(EXAMPLES[name].read_text()))


def figures(pattern, text):
    return [tuple(map(float, found)) for found in re.findall(pattern, text, re.M)]


def test_client(run):
    output = run("client")
    rates = dict(re.findall(r"^(TCP|UDP), (?:sending|receiving) +([\d.]+) Mbit/s", output, re.M))
    assert len(re.findall("Mbit/s", output)) == 4
    assert float(rates["TCP"]) > 10
    assert 9 < float(rates["UDP"]) < 11
    assert len(re.findall(r", [\d.]+ % lost, jitter [\d.]+ ms$", output, re.M)) == 2


def test_server_loop(run):
    output = run("server_loop")
    assert re.findall(r"^test (\d): [\d.]+ Mbit/s$", output, re.M) == ["1", "2"]


def test_background_server(run):
    """The program counts on while a client tests, at the same pace."""
    output = run("background_server")
    seconds = figures(r"second (\d): (\d+) MB tested so far", output)
    assert [second for second, _ in seconds] == list(range(10))
    assert seconds[-1][1] > 10
    assert len(re.findall(r"^\[ .*receiver$", output, re.M)) >= 1


def test_blink_while_testing(run):
    output = run("blink_while_testing")
    (found,) = figures(
        r"^([\d.]+) Mbit/s; (\d+) periods of (\d+) ms, .* at most (\d+) ms late, all at most (\d+)",
        output,
    )
    rate, periods, period_ms, late_ms, _ = found
    assert rate > 100  # full speed
    assert 98 <= periods <= 105  # a test of 5 s takes some 5.1 s with all around it
    assert late_ms <= 0.1 * period_ms


@pytest.mark.time_limit(90)
def test_sweep(run):
    output = run("sweep")
    rows = figures(r"^ *(\d+) +([\d.]+) +([\d.]+)$", output)
    windows = [size for size, *_ in rows[4:]]
    assert [size for size, *_ in rows[:4]] == [1024, 4096, 16384, 65536]
    assert windows == [2920, 5840, 11680, 23360, 46720]
    assert "93440  is more than this firmware's lwIP has" in output  # 44 segments here
    assert min(rate for row in rows for rate in row[1:]) > 1


@pytest.mark.time_limit(90)
def test_udp_without_loss(run):
    output = run("udp_without_loss")
    assert output.count("asked for") >= 6
    assert len(re.findall(r"^  about \d+ Mbit/s$", output, re.M)) == 2


def test_all_are_tested():
    assert {name for name in globals() if name.startswith("test_")} >= {
        f"test_{name}" for name in EXAMPLES
    }
