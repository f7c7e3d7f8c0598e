#!/usr/bin/env python3
# capture_vectors.py - records what two real iperf3 say on their control connection
# SPDX-License-Identifier: MIT
"""Runs `iperf3 -c` against `iperf3 -s` with a relay between them, once per test below, and
keeps the bytes of the control connection: DIRECTORY/NAME.client.bin is what the client
sent, NAME.server.bin what the server answered. COMMANDS.txt lists the clients' options.
ERRORS.txt has what a client prints for the error numbers that a server can send.

    tools/capture_vectors.py tests/vectors/3.12
    tools/capture_vectors.py --iperf3 ./iperf3-3.18 tests/vectors/3.18
"""

import argparse
import pathlib
import shlex
import socket
import struct
import subprocess
import sys
import threading

HOST = "127.0.0.1"
TIMEOUT_S = 30
COOKIE_SIZE = 37
SERVER_ERROR = b"\xfe"
ERRORS = (*range(5, 14), 15, 20, 21, 25, 27, 34, 37, 39, *range(104, 161), *range(200, 210))
MAX_FILE_SIZE = 4096

TESTS = {
    "tcp": "-t 1",
    "tcp_reverse": "-t 1 -R",
    "tcp_bidir_2": "-t 1 --bidir -P 2",
    "tcp_parallel_4": "-t 1 -P 4",
    "tcp_bytes": "-n 1M",
    "tcp_blocks": "-k 20",
    "tcp_burst": "-t 1 -b 10M/4",
    "tcp_omit": "-t 1 -O 1",
    "tcp_socket_options": "-t 1 -l 1000 -N -M 1000 -S 32",
    "tcp_repeating": "-t 1 --repeating-payload",
    "tcp_server_output": "-t 1 --get-server-output",
    "tcp_many": "-t 1 -O 1 -R -P 2 -l 1000 -N -M 1000 -S 32 -b 10M/4 --repeating-payload"
    " --get-server-output",
    "tcp_title": "-t 1 -T title --extra-data x",
    "udp": "-t 1 -u -b 1M",
    "udp_reverse": "-t 1 -u -R",
    "udp_unlimited": "-k 100 -u -b 0 -l 1000",
    "udp_64bit": "-t 1 -u -l 1000 --udp-counters-64bit",
    "udp_dont_fragment": "-t 1 -u -l 1000 --dont-fragment",
    "udp_many": "-u -k 50 --bidir -l 1000 -S 32 -b 10M/4 --repeating-payload --get-server-output"
    " --udp-counters-64bit --dont-fragment",
    "udp_omit": "-t 1 -O 1 -u -l 1000",
}


class Relay:
    """Passes TCP connections and UDP datagrams on to a server; records the first connection."""

    def __init__(self, server):
        self.server = server
        self.record = {"client": bytearray(), "server": bytearray()}
        self.tcp = socket.create_server((HOST, 0))
        self.port = self.tcp.getsockname()[1]
        self.udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.udp.bind((HOST, self.port))
        self.control = []
        start(self.accept)
        start(self.pass_datagrams)

    def accept(self):
        for kept in (self.record, *[None] * 1000):
            client = self.tcp.accept()[0]
            server = socket.create_connection(self.server)
            threads = [
                start(pump, client, server, kept and kept["client"]),
                start(pump, server, client, kept and kept["server"]),
            ]
            if kept:
                self.control = threads

    def pass_datagrams(self):
        peers = {}
        while True:
            data, client = self.udp.recvfrom(65536)
            if client not in peers:
                peers[client] = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
                peers[client].connect(self.server)
                start(self.pass_replies, peers[client], client)
            peers[client].send(data)

    def pass_replies(self, peer, client):
        while True:
            self.udp.sendto(peer.recv(65536), client)

    def finish(self):
        for thread in self.control:
            thread.join(TIMEOUT_S)
        self.tcp.close()
        self.udp.close()


def start(function, *arguments):
    def run():
        try:
            function(*arguments)
        except OSError:
            pass  # a peer has gone: so are its connections

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    return thread


def pump(source, target, kept):
    for sock in (source, target):
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    while data := source.recv(65536):
        if kept is not None:
            kept += data
        target.sendall(data)
    target.shutdown(socket.SHUT_WR)


def free_port():
    with socket.create_server((HOST, 0)) as probe:
        return probe.getsockname()[1]


def capture(iperf3, options):
    """Runs one test. Returns the bytes of its control connection, None if the test failed."""
    port = free_port()
    command = [iperf3, "-s", "-1", "-p", str(port), "-B", HOST, "--forceflush"]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    client = None
    try:
        while "listening" not in server.stdout.readline():
            if server.poll() is not None:
                sys.exit("the server does not listen")
        relay = Relay((HOST, port))
        command = [iperf3, "-c", HOST, "-p", str(relay.port), *shlex.split(options)]
        client = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        if client.wait(TIMEOUT_S) != 0:
            return None
        server.communicate(timeout=TIMEOUT_S)
        relay.finish()
        return relay.record
    finally:
        for process in (client, server):
            if process and process.poll() is None:
                process.kill()
                process.wait()


def error_text(iperf3, number):
    """Plays a server that refuses any test. Returns what the client prints, None if nothing."""
    with socket.create_server((HOST, 0)) as listener:
        command = [iperf3, "-c", HOST, "-p", str(listener.getsockname()[1])]
        client = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
        try:
            listener.settimeout(TIMEOUT_S)
            with listener.accept()[0] as control:
                control.recv(COOKIE_SIZE, socket.MSG_WAITALL)
                control.sendall(SERVER_ERROR + struct.pack(">ii", number, 0))
                printed = client.communicate(timeout=TIMEOUT_S)[1].splitlines()[0]
        finally:
            if client.poll() is None:
                client.kill()
                client.wait()
    text = printed.split(" - ", 1)[1].rstrip(": ")  # without the text of an errno
    return None if text.startswith("int_errno=") else text


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--iperf3", default="iperf3", help="the program (default: iperf3)")
    parser.add_argument("directory", type=pathlib.Path)
    arguments = parser.parse_args()

    version = subprocess.run([arguments.iperf3, "-v"], stdout=subprocess.PIPE, text=True)
    commands = [version.stdout.splitlines()[0], ""]
    arguments.directory.mkdir(parents=True, exist_ok=True)
    for name, options in TESTS.items():
        record = capture(arguments.iperf3, options)
        if record is None:
            print(f"{name}: this iperf3 cannot run it")
            continue
        for side, data in record.items():
            if len(data) > MAX_FILE_SIZE:
                sys.exit(f"{name}: {len(data)} bytes from the {side} are too many to keep")
            (arguments.directory / f"{name}.{side}.bin").write_bytes(data)
        commands.append(f"{name}: iperf3 -c {HOST} {options}")
    texts = ((number, error_text(arguments.iperf3, number)) for number in ERRORS)
    errors = [f"{number} {text}" for number, text in texts if text]
    (arguments.directory / "COMMANDS.txt").write_text("\n".join(commands) + "\n")
    (arguments.directory / "ERRORS.txt").write_text("\n".join(errors) + "\n")


if __name__ == "__main__":
    main()
