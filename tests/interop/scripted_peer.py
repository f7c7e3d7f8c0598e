# scripted_peer.py - a client and a server that say exactly what a test tells them to
# SPDX-License-Identifier: MIT
#
# Both know the good course of a test and can be stopped in each phase of it, to
# go on with something bad. See docs/PROTOCOL.md for the messages.

import json
import random
import select
import socket
import struct

import namespace
from peer import PORT

TEST_START = 1
TEST_RUNNING = 2
TEST_END = 4
PARAM_EXCHANGE = 9
CREATE_STREAMS = 10
SERVER_TERMINATE = 11
CLIENT_TERMINATE = 12
EXCHANGE_RESULTS = 13
DISPLAY_RESULTS = 14
IPERF_DONE = 16
SERVER_ERROR = 0xFE
ACCESS_DENIED = 0xFF

COOKIE_SIZE = 37
PATIENCE_S = 15  # longer than any deadline of the board's that these tests wait for

PARAMETERS = {"tcp": True, "omit": 0, "time": 5, "num": 0, "blockcount": 0, "parallel": 1}
PARAMETERS |= {"len": 4096, "pacing_timer": 1000, "client_version": "3.12"}

STREAM_RESULTS = {"id": 1, "bytes": 4096, "retransmits": 0, "jitter": 0, "errors": 0, "packets": 0}
RESULTS = {"cpu_util_total": 1, "cpu_util_user": 1, "cpu_util_system": 0}
RESULTS |= {"sender_has_retransmits": 1, "streams": [STREAM_RESULTS]}


def message(document):
    """A JSON message with its length in front; bytes are taken as they are."""
    text = document if isinstance(document, bytes) else json.dumps(document).encode()
    return struct.pack(">I", len(text)) + text


def server_error(code, errno=0):
    return struct.pack(">Bii", SERVER_ERROR, code, errno)


def random_cookie():
    letters = "abcdefghijklmnopqrstuvwxyz234567"
    return "".join(random.choices(letters, k=COOKIE_SIZE - 1)).encode() + b"\0"


class Line:
    """A connection that is read exactly."""

    def __init__(self, connected_socket):
        self.socket = connected_socket
        self.socket.settimeout(PATIENCE_S)

    def send(self, *what):
        """Sends states (numbers) and bytes."""
        pieces = (bytes([w]) if isinstance(w, int) else w for w in what)
        self.socket.sendall(b"".join(pieces))

    def read(self, size):
        data = b""
        while len(data) < size:
            piece = self.socket.recv(size - len(data))
            if not piece:
                raise EOFError(f"closed after {data!r}, {size} bytes expected")
            data += piece
        return data

    def expect(self, *what):
        """Reads these states or bytes and nothing else."""
        wanted = b"".join(bytes([w]) if isinstance(w, int) else w for w in what)
        assert self.read(len(wanted)) == wanted

    def read_message(self):
        return json.loads(self.read(struct.unpack(">I", self.read(4))[0]))

    def send_what_is_taken(self, data):
        """Sends although the other side may give up before the end."""
        try:
            self.socket.sendall(data)
        except (BrokenPipeError, ConnectionResetError):
            pass

    def send_in_pieces(self, data, size):
        """Sends one small segment after another."""
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for start in range(0, len(data), size):
            self.socket.sendall(data[start : start + size])

    def expect_error_or_end(self, code):
        """Servers up to 3.20 just close, later ones say SERVER_ERROR."""
        try:
            self.expect(server_error(code))
        except (EOFError, ConnectionResetError):
            return
        self.expect_end()

    def expect_end(self):
        """The other side closes without another word; a reset is as good."""
        try:
            data = self.socket.recv(100)
        except ConnectionResetError:
            return
        assert data == b""

    def close(self):
        self.socket.close()

    def reset(self):
        """Closes with RST instead of FIN."""
        linger = struct.pack("ii", 1, 0)
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        self.socket.close()


class Client:
    """Plays a client against the board."""

    host = namespace.BOARD

    # Each method brings the test from the phase before to the one it is named for.
    PHASES = ("connected", "accepted", "creating", "running", "exchanging", "displaying")

    def __init__(self, parameters=None):
        self.parameters = PARAMETERS if parameters is None else parameters
        self.cookie = random_cookie()
        self.control = self.connect()
        self.streams = []

    @classmethod
    def connect(cls):
        return Line(socket.create_connection((cls.host, PORT), PATIENCE_S))

    def go_to(self, phase):
        """Behaves well from the start up to this phase."""
        for step in self.PHASES[1 : self.PHASES.index(phase) + 1]:
            getattr(self, step)()

    def accepted(self):
        self.control.send(self.cookie)
        self.control.expect(PARAM_EXCHANGE)

    def creating(self):
        self.control.send(message(self.parameters))
        self.control.expect(CREATE_STREAMS)

    def running(self):
        self.open_stream(self.cookie)
        self.control.expect(TEST_START, TEST_RUNNING)
        self.streams[0].send(b"x" * 4096)

    def exchanging(self):
        self.control.send(TEST_END)
        self.control.expect(EXCHANGE_RESULTS)

    def displaying(self):
        self.control.send(message(RESULTS))
        self.control.read_message()
        self.control.expect(DISPLAY_RESULTS)

    def open_stream(self, cookie):
        self.streams.append(self.connect())
        self.streams[-1].send(cookie)
        return self.streams[-1]

    def close(self):
        for line in (*self.streams, self.control):
            line.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


class Server:
    """Plays a server against the board, one test."""

    PHASES = ("accepted", "greeted", "creating", "running", "exchanging", "displaying")

    def __init__(self):
        self._listener = socket.create_server((namespace.HOST, PORT))
        self._listener.settimeout(PATIENCE_S)
        self.control = None
        self.streams = []

    def go_to(self, phase):
        """Behaves well from the start up to this phase."""
        for step in self.PHASES[: self.PHASES.index(phase) + 1]:
            getattr(self, step)()

    def accepted(self):
        self.control = self._accept()

    def greeted(self):
        self.cookie = self.control.read(COOKIE_SIZE)
        self.control.send(PARAM_EXCHANGE)
        self.parameters = self.control.read_message()

    def creating(self):
        self.control.send(CREATE_STREAMS)
        self.streams.append(self._accept())
        self.streams[0].expect(self.cookie)

    def running(self):
        self.control.send(TEST_START, TEST_RUNNING)

    def exchanging(self):
        self._take_data_until_the_client_ends()
        self.control.send(EXCHANGE_RESULTS)
        self.results = self.control.read_message()

    def displaying(self):
        self.control.send(message(RESULTS), DISPLAY_RESULTS)
        self.control.expect(IPERF_DONE)

    def stop_listening(self):
        self._listener.close()

    def _take_data_until_the_client_ends(self):
        control, stream = self.control.socket, self.streams[0].socket
        while control not in (ready := select.select([control, stream], [], [], PATIENCE_S)[0]):
            assert ready, "the board neither sends nor ends the test"
            stream.recv(65536)
        self.control.expect(TEST_END)

    def _accept(self):
        return Line(self._listener.accept()[0])

    def close(self):
        self.stop_listening()
        for line in (self.control, *self.streams):
            if line:
                line.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()
