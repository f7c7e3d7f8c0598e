#!/usr/bin/env python3
# capture.py - makes these vectors anew from runs of the real iperf3
# SPDX-License-Identifier: MIT
#
# iperf3 -d tells the exact numbers behind its rounded lines: bytes and length of
# every interval, and the results that both sides exchange. The lines themselves
# are kept as they are, except for the numbers of the streams: iperf3 shows file
# descriptors, here they are 5, 7, 9, ...
#
# Two more things are made to fit a report. It has jitter in whole microseconds,
# so the mean of several streams may differ in the last digit. And with --bidir
# 3.12 shows what the client receives with the two sides' times exchanged; here
# the sender's row has the right one.
#
# One thing is left to luck, so a vector may need a second run: the rows of one
# interval have times of their own, a microsecond apart, and so have the rows
# of a receiving client with --bidir.

import json
import pathlib
import re
import select
import signal
import socket
import subprocess
import sys
import threading
import time

TCP = ["-t", "1", "-i", "0.5"]
UDP = ["-u", "-b", "1M", "-l", "1000", "-t", "1", "-i", "0.5"]
SCENARIOS = {
    "tcp": TCP,
    "tcp-reverse": TCP + ["-R"],
    "tcp-bidir": ["-t", "2", "--bidir"],
    "tcp-parallel": TCP + ["-P", "3"],
    "tcp-reverse-parallel": TCP + ["-R", "-P", "2"],
    "tcp-bidir-parallel": ["-t", "2", "--bidir", "-P", "2"],
    "tcp-slow": ["-t", "3", "-i", "2", "-b", "300K", "-l", "700"],
    "tcp-omit": ["-t", "1", "-i", "1", "-O", "1", "-P", "2"],
    "tcp-omit-reverse": ["-t", "1", "-i", "1", "-O", "1", "-R"],
    "tcp-short": ["-n", "60K", "-l", "1K"],
    "tcp-interrupt": ["-t", "9"],
    "tcp-interrupt-reverse": ["-t", "9", "-R"],
    "tcp-interrupt-bidir": ["-t", "9", "--bidir", "-P", "2"],
    "udp": UDP,
    "udp-reverse": UDP + ["-R"],
    "udp-bidir": UDP + ["--bidir"],
    "udp-parallel": UDP + ["-P", "3"],
    "udp-reverse-parallel": UDP + ["-R", "-P", "2"],
    "udp-bidir-parallel": UDP + ["--bidir", "-P", "2"],
    "udp-omit": ["-u", "-t", "1", "-i", "1", "-O", "1"],
    "udp-omit-reverse": ["-u", "-t", "1", "-i", "1", "-O", "1", "-R", "-P", "2"],
    "udp-lossy": UDP,
    "udp-lossy-reverse": UDP + ["-R"],
    "udp-lossy-bidir-parallel": UDP + ["--bidir", "-P", "2"],
    "udp-interrupt": ["-u", "-t", "9"],
    "udp-interrupt-bidir": ["-u", "-t", "9", "--bidir"],
}

TEXT = re.compile(
    r"(\[[ \d]{3}\]|\[SUM\]|\[ ID\]|- - |-----|Connecting to |Reverse mode|Server listening|Accepted |iperf Done|$)"
)
SEPARATOR = "- - - - - - - - - - - - - - - - - - - - - - - - -"
UNITS = {"": 0, "K": 1, "M": 2, "G": 3, "T": 4}


class LossyWire:
    """TCP passes, of the UDP datagrams of each direction some are lost and some overtaken."""

    def __init__(self, server):
        self.server = ("127.0.0.1", server)
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.udp.bind(("127.0.0.1", self.port))
        for target in self.accept, self.forward:
            threading.Thread(target=target, daemon=True).start()

    def accept(self):
        while True:
            client, _ = self.listener.accept()
            server = socket.create_connection(self.server)
            for pair in (client, server), (server, client):
                pair[0].setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                threading.Thread(target=self.pump, args=pair, daemon=True).start()

    @staticmethod
    def pump(source, sink):
        while data := source.recv(65536):
            sink.sendall(data)
        sink.shutdown(socket.SHUT_WR)

    def forward(self):
        clients, servers, count, held = {}, {}, {}, {}
        while True:
            for ready in select.select([self.udp, *servers], [], [])[0]:
                try:
                    data, address = ready.recvfrom(65536)
                except OSError:
                    continue
                if ready is self.udp and address not in clients:
                    clients[address] = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
                    clients[address].connect(self.server)
                    servers[clients[address]] = address
                key = (ready, address)
                out = [data]
                if len(data) > 4:
                    count[key] = count.get(key, 0) + 1
                    if count[key] % 9 == 0:
                        out = []
                    elif count[key] % 40 == 0:
                        held[key], out = data, []
                    elif key in held:
                        out.append(held.pop(key))
                for one in out:
                    if ready is self.udp:
                        clients[address].send(one)
                    else:
                        self.udp.sendto(one, servers[ready])


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


def run(name, options, interrupt):
    """The standard output of client and server, debugging lines included."""
    port = free_port()
    interval = "1" if "omit" in name else "0.4"
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL, "text": True}
    command = ["iperf3", "-s", "-1", "-d", "-i", interval, "-p", str(port)]
    server = subprocess.Popen(command, **pipes)
    time.sleep(0.3)
    if "lossy" in name:
        port = LossyWire(port).port
    command = ["iperf3", "-c", "127.0.0.1", "-d", "-p", str(port), *options]
    client = subprocess.Popen(command, **pipes)
    outputs = {}
    readers = [
        threading.Thread(target=lambda s=s, p=p: outputs.update({s: p.communicate()[0]}))
        for s, p in (("client", client), ("server", server))
    ]
    for reader in readers:
        reader.start()
    if interrupt:
        time.sleep(1.3)
        (client if interrupt == "client" else server).send_signal(signal.SIGINT)
    for reader in readers:
        reader.join()
    return outputs


def exchanged(output, key):
    """The result message that was sent or received, as {index: stream}."""
    match = re.search(rf"^{key}_results\n(\{{\n.*?\n\}})$", output, re.M | re.S)
    return json.loads(match[1])["streams"] if match else None


def amount(text):
    """Bytes that are shown as text."""
    number, unit = re.fullmatch(r" *([\d.]+) ([KMGT]?)Bytes", text).groups()
    return round(float(number) * 1024 ** UNITS[unit])


def columns(row):
    """What the line itself tells exactly: packets lost jitter_us retransmits cwnd."""
    counts = {"packets": 0, "lost": 0, "jitter": 0, "retransmits": -1, "cwnd": 0}
    rest = row.split("bits/sec", 1)[1]
    if match := re.match(r" +(\d+\.\d+) ms  (-?\d+)/(\d+) ", rest):
        counts["jitter"] = round(float(match[1]) * 1000)
        counts["lost"], counts["packets"] = int(match[2]), int(match[3])
    elif match := re.match(r" {2,12}(\d+)  (\(omitted\))?$", rest):
        counts["packets"] = int(match[1])
    elif match := re.match(r" +(\d+)( .*Bytes)?", rest):
        counts["retransmits"] = int(match[1])
        counts["cwnd"] = amount(match[2].strip()) if match[2] else 0
    return counts


class Vector:
    def __init__(self, name, side, options, output):
        self.side = side
        self.options = options
        self.lengths = []  # (us, bytes) of the streams' latest intervals
        self.sums = {}  # stream: (us, bytes) of all intervals
        self.output = output
        self.interrupted = "interrupt" in name
        self.out = []
        self.parallel = int(options[options.index("-P") + 1]) if "-P" in options else 1
        self.bidir = "--bidir" in options
        self.reverse = "-R" in options
        self.streams = self.parallel * (2 if self.bidir else 1)
        self.rows = self.streams + (0 if self.parallel == 1 else 2 if self.bidir else 1)

    def sends(self, index):
        from_client = index < self.parallel if self.bidir else not self.reverse
        return from_client == (self.side == "client")

    def put(self, text):
        self.out.append(text)

    def expect(self, lines):
        self.out += [f"|{line}|" for line in lines]

    def counts(self, word, index, bytes_, counts, out_of_order=0):
        self.put(
            f"{word} {index} {bytes_} {counts['packets']} {counts['lost']} {out_of_order} "
            f"{counts['jitter']} {counts['retransmits']} {counts['cwnd']}"
        )

    def renumber(self, lines):
        """The text without debugging lines, its streams numbered 5, 7, 9, ..."""
        numbers = {}
        for line in lines:
            if match := re.match(r"\[ *(\d+)\]", line):
                number = numbers.setdefault(match[1], 5 + 2 * len(numbers))
                line = f"[{number:3}]" + line[match.end() :]
            yield line

    def convert(self):
        direction = "bidir" if self.bidir else "reverse" if self.reverse else "forward"
        protocol = "udp" if "-u" in self.options else "tcp"
        self.put(f"test {self.side} {protocol} {direction} {self.parallel}")
        lines = self.output.split("\n")[:-1]
        keep = [i for i, line in enumerate(lines) if TEXT.match(line)]
        text = list(self.renumber([lines[i] for i in keep]))
        self.where = dict(enumerate(keep))
        self.raw = lines
        position = self.start(text)
        first = True
        elapsed = 0
        while text[position] != SEPARATOR or not text[position + 1].startswith("[ ID]"):
            position, elapsed = self.interval(text, position, first, elapsed)
            first = False
        self.finish(text[position:])

    def start(self, text):
        position = 0
        if self.side == "server":
            port = re.search(r"on (\d+) ", text[1])[1]
            self.put(f"peer - 0 {port}")
            self.put("listening")
            self.expect(text[:3])
            host, port = re.fullmatch(
                r"Accepted connection from (\S+), port (\d+)", text[3]
            ).groups()
            self.put(f"peer {host} {port} 0")
            self.put("accepted")
            self.expect(text[3:4])
            position = 4
        else:
            host, port = re.fullmatch(r"Connecting to host (\S+), port (\d+)", text[0]).groups()
            position = 2 if self.reverse else 1
            self.put(f"peer {host} {port} 0")
            self.put("connecting")
            self.expect(text[:position])
        last = position + self.streams
        for index, line in enumerate(text[position:last]):
            pattern = r"\[...\] local (\S+) port (\d+) connected to (\S+) port (\d+)"
            local, local_port, remote, remote_port = re.fullmatch(pattern, line).groups()
            self.put(f"stream {self.sends(index):d} {local} {local_port} {remote} {remote_port}")
        self.put("started")
        self.expect(text[position:last])
        return last

    def measured(self, position):
        """(us, bytes) of each stream as told above line `position` of the text."""
        found = []
        for line in self.raw[: self.where[position]]:
            if match := re.match(r"interval_len ([\d.]+) bytes_transferred (\d+)", line):
                found.append((round(float(match[1]) * 1000000), int(match[2])))
        return found[-self.streams :]

    def with_means(self, rows):
        """The rows, the mean jitter of a sum made that of whole microseconds."""
        jitters = {}
        for row in rows:
            match = re.match(r"\[(...)\](\[..-.\])? .*bits/sec +(\d+\.\d+) ms .*\)  (\S*)$", row)
            if match and match[1] != "SUM":
                jitters.setdefault((match[2], match[4]), []).append(round(float(match[3]) * 1000))
            elif match:
                each = jitters[match[2], match[4]]
                mean = f"{sum(each) / len(each) / 1000:.3f}"
                assert abs(float(mean) - float(match[3])) < 0.0015
                row = row[: match.start(3)] + mean + row[match.end(3) :]
            yield row

    def interval(self, text, position, first, elapsed):
        start = position
        while not re.match(r"\[( *\d+|SUM)\]", text[position]):
            position += 1
        measured = self.measured(position)
        rows = text[position : position + self.rows]
        omitted = "(omitted)" in rows[0]
        shown = [float(t) * 1000000 for t in re.search(r"([\d.]+)-([\d.]+) ", rows[0]).groups()]
        if shown[0] == 0:
            elapsed = 0
            self.sums = {}
        end = elapsed + measured[0][0]
        self.put(f"interval {elapsed} {end} {first:d} {omitted:d}")
        for index, row in enumerate(r for r in rows if not r.startswith("[SUM]")):
            self.counts("counts", index, measured[index][1], columns(row))
            us, bytes_ = self.sums.get(index, (0, 0))
            self.sums[index] = (us + measured[index][0], bytes_ + measured[index][1])
        self.expect(self.with_means(text[start : position + self.rows]))
        return position + self.rows, end

    def finish(self, text):
        mine, theirs = exchanged(self.output, "send"), exchanged(self.output, "get")
        if self.interrupted:
            self.put(f"failed 0 {self.sums[0][0]}")
        else:
            self.put(f"finished 0 {round(mine[0]['end_time'] * 1000000)}")
        rows = [r for r in text if re.match(r"\[ *\d+\]", r)]
        disorder = {}
        for above, row in zip(text, text[1:]):
            if match := re.search(r"sec  (\d+) datagrams received", above):
                disorder[row[:5]] = int(match[1])
        for index in range(self.streams):
            own = [r for r in rows if r.startswith(f"[{5 + 2 * index:3}]")]
            local = next(
                r for r in own if r.endswith("sender" if self.sends(index) else "receiver")
            )
            counts = columns(local)
            if self.interrupted:
                self.counts("total", index, self.sums[index][1], counts)
                continue
            if not self.sends(index):
                counts["jitter"] = round(mine[index]["jitter"] * 1000000)
            self.counts("total", index, mine[index]["bytes"], counts, disorder.get(local[:5], 0))
            if self.side == "client":
                told = theirs[index]
                counts = columns(next(r for r in own if r is not local))
                if self.sends(index):
                    counts["jitter"] = round(told["jitter"] * 1000000)
                self.counts("remote", index, told["bytes"], counts)
                shown = mine if self.bidir and not self.sends(index) else theirs
                self.put(f"remote_us {index} {round(shown[index]['end_time'] * 1000000)}")
        self.expect(self.with_means(text))


def main():
    here = pathlib.Path(__file__).parent
    for name, options in SCENARIOS.items():
        if len(sys.argv) > 1 and name not in sys.argv[1:]:
            continue
        sides = ("client", "server")
        outputs = {} if "interrupt" in name else run(name, options, None)
        for side in sides:
            output = outputs.get(side) or run(name, options, side)[side]
            vector = Vector(name, side, options, output)
            vector.convert()
            command = " ".join(["iperf3 -c 127.0.0.1", *options])
            title = f"# {command}, the text of the {side}\n"
            (here / f"{name}.{side}.txt").write_text(title + "\n".join(vector.out) + "\n")


if __name__ == "__main__":
    main()
