#!/usr/bin/python3
"""Runs the real iperf3 against itself in all modes and keeps the form of its -J
documents: every number is made 0, every string empty; the bools stay. One line each,
MODE.client.json and MODE.server.json beside this file.

The order of a server's `start` depends on when it opens its sockets, and has
target_bitrate twice. It is given that of a client.

    unshare -rn tests/vectors/json/capture.py
"""
# SPDX-License-Identifier: MIT

import itertools
import json
import pathlib
import subprocess

HERE = pathlib.Path(__file__).parent
PROTOCOLS = {"tcp": "-b 10M", "udp": "-u -l 1000"}
DIRECTIONS = {"forward": "", "reverse": "-R", "bidir": "--bidir"}
ONE_INTERVAL = "-J -i 0"


def form(value):
    if isinstance(value, dict):
        return {key: form(member) for key, member in value.items()}
    if isinstance(value, list):
        return [form(element) for element in value]
    if isinstance(value, bool):
        return value
    return "" if isinstance(value, str) else 0


def in_clients_order(start):
    last = ["target_bitrate", "sock_bufsize", "sndbuf_actual", "rcvbuf_actual", "test_start"]
    first = [key for key in start if key not in last]
    return {key: start[key] for key in first + last}


def keep(name, text):
    document = json.loads(text)
    document["start"] = in_clients_order(document["start"])
    assert len(document["intervals"]) == 1 and "error" not in document, text
    line = json.dumps(form(document), separators=(",", ":"))
    HERE.joinpath(f"{name}.json").write_text(line + "\n")


def capture(name, options):
    server = subprocess.Popen(
        f"iperf3 -s -1 {ONE_INTERVAL} --forceflush".split(), stdout=subprocess.PIPE
    )
    while not subprocess.run("ss -Hltn sport = 5201".split(), capture_output=True).stdout:
        pass
    client = subprocess.run(
        f"iperf3 -c 127.0.0.1 -t 1 {ONE_INTERVAL} {options}".split(), stdout=subprocess.PIPE
    )
    keep(f"{name}.client", client.stdout)
    keep(f"{name}.server", server.communicate()[0])


def main():
    subprocess.run("ip link set lo up".split(), check=True)
    for protocol, direction, parallel in itertools.product(PROTOCOLS, DIRECTIONS, (1, 2)):
        options = f"{PROTOCOLS[protocol]} {DIRECTIONS[direction]} -P {parallel}"
        capture(f"{protocol}-{direction}-{parallel}", options)


if __name__ == "__main__":
    main()
