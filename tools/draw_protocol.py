#!/usr/bin/python3
"""Draws docs/protocol.svg: a TCP test as a message sequence chart, with the
phases that the two roles go through at its sides.

    draw_protocol.py [FILE]       (docs/protocol.svg)
"""
# SPDX-License-Identifier: MIT

import html
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parents[1]
SVG = ROOT / "docs/protocol.svg"
CLOCK = ROOT / "src/lwip/iperf3_clock.c"


def clock(pattern):
    return re.findall(pattern, CLOCK.read_text())


SETTLE_MS, QUIET_MS = (clock(rf"{name}_US \((\d+) \* MS")[0] for name in ("SETTLE", "QUIET"))

WIDTH = 960
CLIENT, SERVER = 240, 720  # the lifelines
PHASE_WIDTH, PHASE_GAP = 206, 14
SLANT = 12  # a message arrives later than it is sent
TOP = 96  # where time begins

TO_SERVER, TO_CLIENT = "to server", "to client"

# In the order of time. A step is (height, what it draws ...):
#   MESSAGE   direction, text, bytes on the wire, class
#   PAYLOAD   a band of data
#   NOTE      text beside a lifeline
#   PHASE     role, name: the role is in this phase from here on
MESSAGE, PAYLOAD, NOTE, PHASE = "message", "payload", "note", "phase"
STEPS = [
    (0, PHASE, "client", "IDLE"),
    (0, PHASE, "server", "LISTENING"),
    (24, PHASE, "client", "CONNECTING"),
    (26, MESSAGE, TO_SERVER, "TCP connection to port 5201", "", "control"),
    (0, PHASE, "server", "WAIT_COOKIE"),
    (12, PHASE, "client", "WAIT_PARAM_EXCHANGE"),
    (24, MESSAGE, TO_SERVER, "cookie, 37 bytes", "", "control"),
    (0, PHASE, "server", "WAIT_PARAMS"),
    (34, MESSAGE, TO_CLIENT, "PARAM_EXCHANGE", "09", "control"),
    (0, PHASE, "client", "WAIT_CREATE_STREAMS"),
    (34, MESSAGE, TO_SERVER, "length, parameters as JSON", "", "control"),
    (0, PHASE, "server", "WAIT_STREAMS"),
    (34, MESSAGE, TO_CLIENT, "CREATE_STREAMS", "0a", "control"),
    (0, PHASE, "client", "OPENING_STREAMS"),
    (36, MESSAGE, TO_SERVER, "stream 1: TCP connection, cookie", "", "data"),
    (36, MESSAGE, TO_SERVER, "stream 2 and so on, one after the other", "", "data"),
    (-12, PHASE, "client", "WAIT_TEST_START"),
    (12, PHASE, "server", "SERVER_RUNNING"),
    (34, MESSAGE, TO_CLIENT, "TEST_START", "01", "control"),
    (0, PHASE, "client", "WAIT_TEST_RUNNING"),
    (26, MESSAGE, TO_CLIENT, "TEST_RUNNING", "02", "control"),
    (0, PHASE, "client", "CLIENT_RUNNING"),
    (26, PAYLOAD, 92),
    (92, PHASE, "client", "CLIENT_DRAINING"),
    (26, NOTE, "client", "the rest of the last block;", f"all acknowledged for {SETTLE_MS} ms"),
    (38, MESSAGE, TO_SERVER, "TEST_END", "04", "control"),
    (-12, PHASE, "client", "WAIT_EXCHANGE_RESULTS"),
    (12, PHASE, "server", "SERVER_DRAINING"),
    (22, NOTE, "server", "late payload still counts,", f"until {QUIET_MS} ms of quiet"),
    (26, PHASE, "server", "WAIT_CLIENT_RESULTS"),
    (20, MESSAGE, TO_CLIENT, "FIN on each stream", "", "data"),
    (28, MESSAGE, TO_CLIENT, "EXCHANGE_RESULTS", "0d", "control"),
    (0, PHASE, "client", "WAIT_SERVER_RESULTS"),
    (34, MESSAGE, TO_SERVER, "length, the client's results as JSON", "", "control"),
    (0, PHASE, "server", "WAIT_IPERF_DONE"),
    (34, MESSAGE, TO_CLIENT, "length, the server's results as JSON", "", "control"),
    (0, PHASE, "client", "WAIT_DISPLAY_RESULTS"),
    (28, MESSAGE, TO_CLIENT, "DISPLAY_RESULTS", "0e", "control"),
    (0, PHASE, "client", "CLIENT_CLOSING"),
    (34, MESSAGE, TO_SERVER, "IPERF_DONE, FIN on all connections", "10", "control"),
    (0, PHASE, "server", "LISTENING"),
    (28, MESSAGE, TO_CLIENT, "FIN", "", "control"),
    (10, PHASE, "client", "IDLE"),
    (24, NOTE, "client", ""),
]

LIGHT = {
    "paper": "#ffffff",
    "edge": "#d0d7de",
    "ink": "#1f2328",
    "muted": "#59636e",
    "control": "#0b5cad",
    "data": "#b35900",
    "band": "#fff1e0",
    "odd": "#eef2f7",
    "even": "#e1e9f2",
    "rest": "#f6f8fa",
}
DARK = {
    "paper": "#0d1117",
    "edge": "#30363d",
    "ink": "#e6edf3",
    "muted": "#9198a1",
    "control": "#6cb6ff",
    "data": "#f0a35e",
    "band": "#33240f",
    "odd": "#1b2530",
    "even": "#243140",
    "rest": "#151b23",
}

FONT = "system-ui, -apple-system, 'Segoe UI', 'DejaVu Sans', sans-serif"
MONO = "ui-monospace, 'SF Mono', Menlo, Consolas, 'DejaVu Sans Mono', monospace"


def colours(theme):
    return "".join(
        [
            f".paper{{fill:{theme['paper']};stroke:{theme['edge']}}}",
            f"text{{fill:{theme['ink']}}}.muted{{fill:{theme['muted']}}}",
            f".life{{stroke:{theme['muted']}}}",
            *(f".{name}{{fill:{theme[name]}}}" for name in ("odd", "even", "rest", "band")),
            *(
                f"line.{name},path.{name}{{stroke:{theme[name]};fill:none}}"
                f"text.{name},polygon.{name}{{fill:{theme[name]}}}"
                for name in ("control", "data")
            ),
        ]
    )


def style():
    return (
        f"<style>text{{font:13px {FONT}}}.mono{{font:12px {MONO}}}.small{{font-size:11px}}"
        ".title{font-size:15px;font-weight:600}line{stroke-width:1.6}"
        ".life{stroke-width:1.2;stroke-dasharray:2 4}line.data,path.data{stroke-width:2.4}"
        ".middle{text-anchor:middle}.end{text-anchor:end}"
        f"{colours(LIGHT)}@media (prefers-color-scheme:dark){{{colours(DARK)}}}</style>"
    )


def text(x, y, words, classes=""):
    return f'<text x="{x}" y="{y}" class="{classes}">{html.escape(words)}</text>'


def head(x, y, rightwards, kind):
    """An arrow head whose point is at x, y."""
    back = -9 if rightwards else 9
    points = f"{x},{y} {x + back},{y - 4.5} {x + back},{y + 4.5}"
    return f'<polygon points="{points}" class="{kind}"/>'


def message(y, direction, words, wire, kind):
    """Leaves at y - SLANT and arrives at y."""
    rightwards = direction == TO_SERVER
    start, end = (CLIENT, SERVER) if rightwards else (SERVER, CLIENT)
    shaft = end - 7 if rightwards else end + 7
    yield f'<line x1="{start}" y1="{y - SLANT}" x2="{shaft}" y2="{y}" class="{kind}"/>'
    yield head(end, y, rightwards, kind)
    label = html.escape(words)
    if wire:
        label += f'<tspan class="mono muted" dx="8">{wire}</tspan>'
    middle = (CLIENT + SERVER) / 2
    yield f'<text x="{middle}" y="{y - SLANT / 2 - 7}" class="middle">{label}</text>'


def payload(y, height):
    yield (
        f'<rect x="{CLIENT + 1}" y="{y}" width="{SERVER - CLIENT - 2}" height="{height}"'
        ' class="band"/>'
    )
    middle = (CLIENT + SERVER) / 2
    yield text(middle, y + 23, "payload on all streams", "middle data")
    shaft = y + 42
    yield f'<line x1="{CLIENT + 8}" y1="{shaft}" x2="{SERVER - 8}" y2="{shaft}" class="data"/>'
    yield head(SERVER, shaft, True, "data")
    yield head(CLIENT, shaft, False, "data")
    for line, words in enumerate(
        (
            "client to server; -R: server to client; --bidir: both",
            "until -t seconds, -n bytes or -k blocks are over",
        )
    ):
        yield text(middle, y + 64 + 16 * line, words, "middle small muted")


def deadlines():
    """How long each phase may take, from the engine's own table."""
    rows = clock(r"\[PHASE_(\w+)\] = (\d+),")
    stall = clock(r"STALL_US \((\d+)")[0]
    return {
        "CONNECTING": "connect_timeout",
        "CLIENT_RUNNING": f"{stall} s stall",
        "SERVER_RUNNING": f"{stall} s stall",
        **{phase: f"{seconds} s" for phase, seconds in rows},
    }


def phases(role, begins, bottom):
    """The boxes beside a lifeline; begins: [(y, name)]."""
    limits = deadlines()
    x = CLIENT - PHASE_GAP - PHASE_WIDTH if role == "client" else SERVER + PHASE_GAP
    for index, (y, name) in enumerate(begins):
        end = begins[index + 1][0] if index + 1 < len(begins) else bottom
        tint = "rest" if name in ("IDLE", "LISTENING") else ("odd", "even")[index % 2]
        yield (
            f'<rect x="{x}" y="{y + 1}" width="{PHASE_WIDTH}" height="{end - y - 2}" rx="4"'
            f' class="{tint}"/>'
        )
        middle = (y + end) / 2 + 4
        yield text(x + 10, middle, name, "mono")
        if name in limits:
            yield text(x + PHASE_WIDTH - 8, middle, limits[name], "end small muted")


def note(y, role, *lines):
    x, anchor = (CLIENT + 12, "") if role == "client" else (SERVER - 12, "end ")
    for number, line in enumerate(lines):
        yield text(x, y + 14 * number, line, f"{anchor}small muted")


def draw():
    y = TOP
    begins = {"client": [], "server": []}
    shapes = []
    for height, kind, *rest in STEPS:
        y += height
        if kind == MESSAGE:
            y += SLANT
            shapes += message(y, *rest)
        elif kind == PAYLOAD:
            shapes += payload(y, *rest)
        elif kind == NOTE:
            shapes += note(y, *rest)
        else:
            role, name = rest
            begins[role].append((y, name))
    for role, list_of in begins.items():
        shapes += phases(role, list_of, y)
    for x, role in ((CLIENT, "client"), (SERVER, "server")):
        shapes.insert(0, f'<line x1="{x}" y1="{TOP - 20}" x2="{x}" y2="{y + 6}" class="life"/>')
        shapes.append(text(x, TOP - 32, role, "middle title"))
    shapes += legend()
    size = f'width="{WIDTH}" height="{y + 24}" viewBox="0 0 {WIDTH} {y + 24}"'
    paper = f'<rect x=".5" y=".5" width="{WIDTH - 1}" height="{y + 23}" rx="8" class="paper"/>'
    title = "<title>An iperf3 test over TCP, and the phases of client and server</title>"
    lines = [f'<svg xmlns="http://www.w3.org/2000/svg" {size}>', title, style(), paper]
    return "\n".join([*lines, *shapes, "</svg>", ""])


def legend():
    yield text(20, TOP - 32, "phases of the client", "muted")
    yield text(WIDTH - 20, TOP - 32, "phases of the server", "end muted")
    yield text(20, TOP - 14, "with their time limits", "small muted")
    yield text(WIDTH - 20, TOP - 14, "with their time limits", "end small muted")
    for x, kind, words in ((300, "control", "control connection"), (500, "data", "data streams")):
        yield f'<line x1="{x}" y1="28" x2="{x + 28}" y2="28" class="{kind}"/>'
        yield head(x + 34, 28, True, kind)
        yield text(x + 42, 32, words, "small muted")


def main():
    target = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else SVG
    target.write_text(draw())


if __name__ == "__main__":
    main()
