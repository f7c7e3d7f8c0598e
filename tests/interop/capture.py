# capture.py - what really went over the wire: tcpdump and a small reader of its file
# SPDX-License-Identifier: MIT

import dataclasses
import os
import socket
import struct
import time

import namespace
from program import Program

SNAPSHOT = 700  # bytes of a frame that are kept: a whole control message
DISCARD_PORT = 9
IPV4_OFFSET = 14  # in an Ethernet frame
TCP = 6
UDP = 17
UDP_HEADER_SIZE = 8

FIN, SYN, RST = 0x01, 0x02, 0x04

COOKIE_SIZE = 37


@dataclasses.dataclass
class Segment:
    """A TCP segment as it was seen on the wire."""

    time: float  # seconds
    from_board: bool
    board_port: int
    host_port: int
    flags: int
    sequence: int
    payload: bytes


class Connection:
    """All segments of one TCP connection."""

    def __init__(self, segments):
        self._segments = segments

    def times(self, flag, from_board):
        """When segments with this flag were seen."""
        return [s.time for s in self._segments if s.flags & flag and s.from_board == from_board]

    def messages(self, from_board, cookie):
        """The control messages of one side: [(time, state or "json")]."""
        octets = self._octets(from_board)
        at = COOKIE_SIZE if cookie else 0
        found = []
        while at in octets:
            moment, first = octets[at]
            if first == 0:  # no state is 0, but the length of a JSON message starts so
                length = bytes(octets[at + i][1] for i in range(4))
                found.append((moment, "json"))
                at += 4 + int.from_bytes(length, "big")
            else:
                found.append((moment, first))
                at += 1
        return found

    def _octets(self, from_board):
        """The byte stream of one side: {offset: (time, byte)}, the first sight of each."""
        own = [s for s in self._segments if s.from_board == from_board]
        start = next(s.sequence for s in own if s.flags & SYN) + 1
        octets = {}
        for segment in own:
            offset = (segment.sequence - start) & 0xFFFFFFFF
            for i, octet in enumerate(segment.payload):
                octets.setdefault(offset + i, (segment.time, octet))
        return octets


class Capture(Program):
    """A running tcpdump."""

    def __init__(self, interface, path):
        self._path = path
        # -U: write packets as they come; -Z root: stay in the namespace's only user
        options = f"-s {SNAPSHOT} -B 65536 -U -Z root -w {path} ip"
        super().__init__(["tcpdump", "-i", interface, *options.split()])
        self.wait_for_error("listening on")

    def connections(self):
        """Ends the capture: the test's connections, the one opened first first."""
        self._stop()
        segments = {}
        for moment, frame in read_pcap(self._path):
            segment = parse(moment, frame)
            if segment:
                key = (segment.host_port, segment.board_port)
                segments.setdefault(key, []).append(segment)
        return [Connection(s) for s in segments.values()]

    def datagrams(self, from_board, size):
        """Ends the capture: when UDP datagrams with so many bytes of payload were seen."""
        self._stop()
        source = socket.inet_aton(namespace.BOARD if from_board else namespace.HOST)
        length = (size + UDP_HEADER_SIZE).to_bytes(2, "big")
        return [
            moment
            for moment, frame in read_pcap(self._path)
            if frame[IPV4_OFFSET + 9] == UDP
            and frame[IPV4_OFFSET + 12 : IPV4_OFFSET + 16] == source
            and frame[IPV4_OFFSET + 24 : IPV4_OFFSET + 26] == length
        ]

    def _stop(self):
        """Stops when all that was on the wire before this call is in the file."""
        marker = f"end of capture {os.getpid()}".encode()
        with open(self._path, "rb") as file:
            file.seek(0, os.SEEK_END)
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
                sender.sendto(marker, (namespace.BOARD, DISCARD_PORT))
            read_until(file, marker, timeout=20)
        self.interrupt()
        self.finish()
        assert "0 packets dropped by kernel" in self.errors, self.errors


def read_until(file, marker, timeout):
    """Follows a growing file up to these bytes."""
    deadline = time.monotonic() + timeout
    seen = b""
    while marker not in seen:
        assert time.monotonic() < deadline, f"{marker} does not come"
        time.sleep(0.01)
        seen = seen[-len(marker) :] + file.read()


def read_pcap(path):
    """Yields (time, frame) for each record of a pcap file."""
    data = path.read_bytes()
    offset = 24
    while offset < len(data):
        seconds, microseconds, size, _ = struct.unpack_from("<IIII", data, offset)
        offset += 16
        yield seconds + microseconds / 1e6, data[offset : offset + size]
        offset += size


def parse(moment, frame):
    """The TCP segment in a frame (IPv4), or None."""
    ip = frame[IPV4_OFFSET:]
    if ip[9] != TCP:
        return None
    source = socket.inet_ntoa(ip[12:16])
    ip_header_size = (ip[0] & 15) * 4
    ip_size = int.from_bytes(ip[2:4], "big")
    tcp = ip[ip_header_size:ip_size]
    source_port, destination_port, sequence = struct.unpack_from(">HHI", tcp)
    from_board = source == namespace.BOARD
    ports = (source_port, destination_port) if from_board else (destination_port, source_port)
    payload = tcp[(tcp[12] >> 4) * 4 :]
    return Segment(moment, from_board, *ports, tcp[13], sequence, payload)
