# iperf3.py - iperf3 for MicroPython and CPython: client and server
# SPDX-License-Identifier: MIT
"""Measures the speed of a network; the other end is iperf3, or this module again.

    import iperf3
    iperf3.client("192.168.0.8")                # TCP, 10 s: this side sends
    iperf3.client("192.168.0.8", udp=True, reverse=True, bandwidth=5_000_000)
    iperf3.server()                             # serves until Ctrl-C

or, from a command line, with iperf3's options:

    micropython iperf3.py -c 192.168.0.8 -u -R -b 5M

Where the C module iperf3_lwip is there it does the work, and ACCELERATED is True.
Else all is done here with non-blocking sockets, as it is after `iperf3.ACCELERATED =
False`. Both print iperf3's lines and return the same dicts.
"""

import errno
import json as _json
import os
import select
import socket
import struct
import sys
import time as _time

try:
    import iperf3_lwip as _lwip
except ImportError:
    _lwip = None

__version__ = "0.1.0"
ACCELERATED = _lwip is not None

### The platform ###

_MICROPYTHON = sys.implementation.name == "micropython"

# Bytes that are sent or received at a time. A datagram is longer if it has to be.
_BUFFER_SIZE = 16384 if _MICROPYTHON else 131072

if _MICROPYTHON:
    _ticks, _ticks_diff = _time.ticks_us, _time.ticks_diff
else:

    def _ticks():
        return _time.monotonic_ns() // 1000

    def _ticks_diff(later, earlier):
        return later - earlier


def _reader_and_writer(sock):
    """Functions for a buffer to be filled and one to be sent. They return a count of
    bytes; None: they would have to wait. MicroPython's read until the buffer is full,
    so that a buffer for datagrams may be no longer than they are."""
    if _MICROPYTHON:
        return sock.readinto, sock.write

    def read(buffer):
        try:
            return sock.recv_into(buffer)
        except BlockingIOError:
            return None

    def write(buffer):
        try:
            return sock.send(buffer)
        except BlockingIOError:
            return None

    return read, write


def _received(sock, most):
    """Bytes; b"": the connection is at its end; None: nothing has come."""
    try:
        return sock.recv(most)
    except OSError as error:
        return None if error.args[0] == errno.EAGAIN else b""


def _host_and_port(address):
    """Of an address as sockets give it."""
    if isinstance(address, tuple):
        host, port = address[:2]
    else:  # bytes, in MicroPython's unix port
        family, host, port = socket.sockaddr(address)[:3]
        host = socket.inet_ntop(family, host)
    return (host[7:] if host.startswith("::ffff:") else host), port


def _local_and_remote(sock, remote):
    """((host, port), (host, port)); MicroPython's sockets do not tell the local one."""
    local = _host_and_port(sock.getsockname()) if hasattr(sock, "getsockname") else (None, None)
    return local, _host_and_port(remote)


def _connect(addresses, timeout):
    """A TCP connection to the first of getaddrinfo()'s results that answers in so many
    seconds. connect() must not wait: lwIP's fails, and with any number, where the other
    side has already closed."""
    for family, _, _, _, address in addresses:
        sock = socket.socket(family, socket.SOCK_STREAM)
        sock.setblocking(False)
        poller = select.poll()
        poller.register(sock, select.POLLOUT)
        try:
            try:
                sock.connect(address)
            except OSError as error:
                is_open = [event[1] for event in poller.poll(0)] == [select.POLLOUT]
                if error.args[0] != errno.EINPROGRESS and not is_open:
                    raise
            if not poller.poll(int(timeout * 1000)):
                raise OSError(errno.ETIMEDOUT)
            sock.send(b"")  # raises what went wrong
            return sock, address
        except OSError as error:
            sock.close()
            refused = error.args[0] == errno.ECONNRESET  # lwIP's name for it
            failure = OSError(errno.ECONNREFUSED) if refused else error
    raise failure


def _bind(kind, host, port):
    if hasattr(socket, "print_pcbs"):  # lwIP's, which may ask a name server for "::"
        family, address = socket.AF_INET, (host, port)
    else:
        family, _, _, _, address = socket.getaddrinfo(host, port)[0]
    sock = socket.socket(family, kind)
    try:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if hasattr(socket, "IPV6_V6ONLY") and ":" in host:
            sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
        sock.bind(address)
        sock.setblocking(False)
    except (OSError, ValueError):
        sock.close()
        raise
    return sock


def _listen(port):
    """IPv6 and IPv4 where one socket can have both, else IPv4."""
    try:
        sock = _bind(socket.SOCK_STREAM, "::", port)
    except (OSError, ValueError):  # the latter: lwIP without IPv6
        sock = _bind(socket.SOCK_STREAM, "0.0.0.0", port)
    sock.listen(4)
    return sock


### The protocol ###

_TEST_START = 1
_TEST_RUNNING = 2
_TEST_END = 4
_PARAM_EXCHANGE = 9
_CREATE_STREAMS = 10
_SERVER_TERMINATE = 11
_CLIENT_TERMINATE = 12
_EXCHANGE_RESULTS = 13
_DISPLAY_RESULTS = 14
_IPERF_DONE = 16
_ACCESS_DENIED = 0xFF
_SERVER_ERROR = 0xFE

_COOKIE_SIZE = 37
_MOST_PARAMETERS = 8192  # bytes of JSON
_MOST_RESULTS = 65536
_DATAGRAM_OPENS = b"9876"
_DATAGRAM_REPLIES = (b"6789", b"\xb1\x68\xde\x3a", b"9876", b"\x3a\xde\x68\xb1")
_DATAGRAM_REPLY = _DATAGRAM_REPLIES[0]

_SECOND = 1000000  # all times are in microseconds
_BURST = 16  # blocks of a stream, before others have their turn

_TEXTS = {
    5: "test duration too long (maximum = 86400 seconds)",
    6: "number of parallel streams too large (maximum = 128)",
    7: "block size too large (maximum = 1048576 bytes)",
    10: "TCP MSS too large (maximum = 9216 bytes)",
    12: "bogus value for --omit",
    13: "an option you are trying to set is not implemented yet",
    15: "invalid burst count (maximum = 1000)",
    20: "block size invalid (minimum = 16 bytes, maximum = 65507 bytes)",
    21: "bad TOS value (must be between 0 and 255 inclusive)",
    27: "total required bandwidth is larger than server limit",
    37: "test duration above the server's maximum",
    109: "control socket has closed unexpectedly",
    110: "received an unknown control message",
    114: "unable to receive parameters from client",
    117: "unable to receive results",
    119: "the client has terminated",
    120: "the server has terminated",
    121: "the server is busy running a test. try again later",
    131: "protocol does not exist",
    142: "test authorization failed",
    144: "idle timeout for receiving data",
    160: "test duration limit of the server reached",
    203: "unable to connect stream",
    204: "unable to accept stream connection",
    207: "stream socket has closed unexpectedly",
}

# Numbers that describe a test: parameter, most, default, error
_NUMBERS = (
    ("time", 86400, 10, 5),
    ("num", 2**63 - 1, 0, 114),
    ("blockcount", 2**63 - 1, 0, 114),
    ("omit", 600, 0, 12),
    ("parallel", 128, 1, 6),
    ("bandwidth", 2**63 - 1, 0, 114),
)


class _Failure(Exception):
    """Ends a test; has one of the numbers above, or that of a server's error."""

    def __init__(self, number):
        super().__init__(number)
        self.number = number

    def text(self):
        return _TEXTS.get(self.number, "server error %d" % self.number)


def _random_cookie():
    letters = "abcdefghijklmnopqrstuvwxyz234567"
    return "".join([letters[byte & 31] for byte in os.urandom(_COOKIE_SIZE - 1)]).encode() + b"\0"


def _length_error(udp, length):
    """What a server says to such a block size, or 0."""
    if udp:
        return 0 if 16 <= length <= 65507 else 20
    return 0 if 1 <= length <= 1048576 else 7


def _checked(asked):
    """A client's parameters: those that we look at, each with a good value."""
    p = {name: asked.get(name) is True for name in ("reverse", "bidirectional")}
    p["udp"] = isinstance(asked.get("udp"), bool)  # iperf3 does not look at the value either
    p["udp_counters_64bit"] = isinstance(asked.get("udp_counters_64bit"), int)
    if isinstance(asked.get("sctp"), bool):
        raise _Failure(131)
    for name, most, default, error in _NUMBERS:
        value = asked.get(name)
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            value = default
        if not (name == "parallel") <= value <= most:
            raise _Failure(error)
        p[name] = int(value)
    length = asked.get("len", 0 if p["udp"] else 131072)
    error = _length_error(p["udp"], length if isinstance(length, int) else 0)
    if error:
        raise _Failure(error)
    p["len"] = length
    return p


### Figures and lines ###

# What one side counted, of one stream or of several: a tuple of these
_BYTES, _US, _PACKETS, _LOST, _OUT_OF_ORDER, _JITTER_US, _RETRANSMITS = range(7)
_NOTHING = (0, 0, 0, 0, 0, 0, None)


def _sum(rows):
    """Of streams that ran at the same time."""
    columns = list(zip(*rows)) if rows else [(value,) for value in _NOTHING]
    retransmits = columns[_RETRANSMITS]
    return (
        sum(columns[_BYTES]),
        max(columns[_US]),
        sum(columns[_PACKETS]),
        sum(columns[_LOST]),
        sum(columns[_OUT_OF_ORDER]),
        sum(columns[_JITTER_US]) // len(columns[_JITTER_US]),
        None if None in retransmits else sum(retransmits),
    )


def _per_second(row):
    return row[_BYTES] * 8 * _SECOND / row[_US] if row[_US] else 0.0


def _lost_percent(row):
    return 100 * row[_LOST] / row[_PACKETS] if row[_PACKETS] else 0.0


def _merged(*dicts):
    result = {}
    for each in dicts:
        result.update(each)
    return result


def _figures(row):
    return {
        "bytes": row[_BYTES],
        "seconds": row[_US] / _SECOND,
        "bits_per_second": _per_second(row),
    }


def _loss(row):
    return {
        "packets": row[_PACKETS],
        "lost_packets": row[_LOST],
        "lost_percent": _lost_percent(row),
        "out_of_order": row[_OUT_OF_ORDER],
        "jitter_ms": row[_JITTER_US] / 1000,
    }


def _amount(value, step, unit):
    """Four characters and a unit, as 1.25 MBytes or 949 Mbits."""
    power = 0
    while value >= step and power < 4:
        value /= step
        power += 1
    form = "%4.2f" if value < 9.995 else "%4.1f" if value < 99.95 else "%4.0f"
    return (form % value) + " " + ("", "K", "M", "G", "T")[power] + unit


def _line(label, start_us, row, columns):
    return "%s %6.2f-%-6.2f sec  %s  %s/sec%s" % (
        label,
        start_us / _SECOND,
        (start_us + row[_US]) / _SECOND,
        _amount(row[_BYTES], 1024, "Bytes"),
        _amount(_per_second(row), 1000, "bits"),
        columns,
    )


def _losses(row):
    jitter_ms = row[_JITTER_US] / 1000
    columns = jitter_ms, row[_LOST], row[_PACKETS], _lost_percent(row)
    return "  %5.3f ms  %d/%d (%.2g%%)  " % columns


def _retransmits(row):
    if row[_RETRANSMITS] is None:
        return " " * 18
    return "  %3d" % row[_RETRANSMITS] + " " * 13


_SEPARATOR = "- " * 24 + "-"


### Streams ###


class _Stream:
    """A data connection and what has been counted of it."""

    def __init__(self, test, sock, address, sends):
        p = test.parameters
        index = len(test.streams)
        self.id = index + 1 if index == 0 else index + 2
        self.number = 5 + 2 * index  # iperf3 prints a file descriptor
        self.test, self.sock, self.sends, self.udp = test, sock, sends, p["udp"]
        self.local, self.remote = _local_and_remote(sock, address)
        self.read, self.write = _reader_and_writer(sock)
        self.move = self.send if sends else self.receive_udp if self.udp else self.receive_tcp
        self.open = True
        self.waits = False  # a paced stream, for room in its socket
        self.block = memoryview(test.buffer)[: p["len"]]
        self.header = ">IIQ" if p["udp_counters_64bit"] else ">III"
        self.header_size = struct.calcsize(self.header)
        self.length = self.rest = p["len"]  # `rest`: to the end of the block that is being sent
        self.set_pace(p["bandwidth"] if sends else 0)
        self.bytes = 0  # in this interval
        self.total = 0  # in those before
        self.packets = 0  # UDP: the highest number
        self.lost = self.out_of_order = 0
        self.jitter = 0  # in sixteenths of a microsecond
        self.transit = None  # of the last datagram, by two clocks
        self.first_second = None
        self.omitted = self.before = (0, 0, 0)  # counts() when they were last zeroed
        self.other = _NOTHING  # what the other side has counted

    def ids(self):
        ports = {"local_port": self.local[1], "remote_port": self.remote[1]}
        return _merged(ports, {"id": self.id, "sender": self.sends})

    def start(self):
        if not self.sends:
            self.test.watch(self.sock, self.on_ready, select.POLLIN)
        elif not self.rate:
            self.test.watch(self.sock, self.on_ready, select.POLLOUT)

    def stop(self):
        self.open = False
        self.test.forget(self.sock)

    def on_ready(self):
        if self.waits:
            self.waits = False
            self.test.forget(self.sock)
        try:
            self.move()
        except OSError:
            self.failed()

    def failed(self):
        if self.udp:  # as when the other side was late: the next may do
            self.due = self.test.us + 1000
        else:
            self.stop()
            self.test.stream_closed()

    def set_pace(self, rate):
        """Bits per second; 0: no limit."""
        self.rate = rate
        self.due = 0  # the next block, since the start of the test
        self.fraction = 0  # of a microsecond: parts of `rate`
        if rate:
            self.block_us, self.block_fraction = divmod(self.length * 8 * _SECOND, rate)

    def pace(self):
        """Blocks are due at equal distances from the start: no error adds up."""
        self.due += self.block_us
        self.fraction += self.block_fraction
        if self.fraction >= self.rate:
            self.fraction -= self.rate
            self.due += 1

    def send(self):
        test = self.test
        for _ in range(_BURST):
            block = self.block
            left = self.rest % self.length if test.ending else test.left
            if left is not None and left < len(block):
                block = block[:left]
            if not block or self.due > test.us and not test.ending:
                return
            if self.udp:
                seconds, us = divmod(test.now(), _SECOND)
                struct.pack_into(self.header, test.buffer, 0, seconds, us, self.packets + 1)
            size = self.write(block)
            if not size:
                if self.rate:
                    self.waits = True
                    test.watch(self.sock, self.on_ready, select.POLLOUT)
                return
            self.bytes += size
            self.packets += 1
            if test.left is not None:
                test.left -= size
            self.rest -= size
            if self.rest <= 0:
                self.rest += self.length
                if self.rate:
                    self.pace()

    def receive_tcp(self):
        buffer = self.test.buffer
        for _ in range(_BURST):
            size = self.read(buffer)
            if size == 0:
                self.failed()
            elif size and self.test.counting:
                self.bytes += size
            if size != len(buffer):
                return

    def receive_udp(self):
        test = self.test
        for _ in range(_BURST):
            size = self.read(self.block)
            if not size:
                return
            if test.counting:
                self.bytes += size
                if size >= self.header_size:
                    self.take(test.now(), *struct.unpack_from(self.header, test.buffer))

    def take(self, now, seconds, us, number):
        """Counts a datagram that was sent at this time of the other side's clock."""
        if self.first_second is None:
            self.first_second = seconds  # small numbers are cheaper
        if number > self.packets:
            self.lost += number - 1 - self.packets
            self.packets = number
        else:
            self.out_of_order += 1
            self.lost -= self.lost > 0
        transit = now - (seconds - self.first_second) * _SECOND - us
        if self.transit is not None:
            self.jitter += abs(transit - self.transit) - (self.jitter + 8) // 16
        self.transit = transit

    def counts(self):
        return self.packets, self.lost, self.out_of_order

    def row(self, size, us, since):
        """What has been counted beyond the counts() `since`."""
        packets, lost, out_of_order = [now - then for now, then in zip(self.counts(), since)]
        return size, us, packets, lost, out_of_order, self.jitter // 16, None

    def end_interval(self, us):
        row = self.row(self.bytes, us, self.before)
        self.total += self.bytes
        self.bytes = 0
        self.before = self.counts()
        return row

    def end_omit(self):
        self.total = self.jitter = 0
        self.transit = None
        self.omitted = self.counts()

    def whole(self, us):
        """The row of all that has not been omitted, when the last interval is over."""
        return self.row(self.total, us, self.omitted)

    def results(self, us):
        """For the other side."""
        return {
            "id": self.id,
            "bytes": self.total,
            "retransmits": -1,
            "jitter": self.jitter / 16 / _SECOND,
            "errors": self.lost,
            "omitted_errors": self.omitted[1],
            "packets": self.packets if self.udp else 0,
            "omitted_packets": self.omitted[0] if self.udp else 0,
            "start_time": 0,
            "end_time": us / _SECOND,
        }

    def take_results(self, theirs, us, knows_retransmits):
        retransmits = theirs["retransmits"]
        known = knows_retransmits and not self.sends and 0 <= retransmits < 2**31
        seconds = theirs.get("end_time", 0) - theirs.get("start_time", 0)
        self.other = (
            int(theirs["bytes"]),
            int(seconds * _SECOND) if seconds > 0 else us,
            int(theirs["packets"]) - int(theirs.get("omitted_packets", 0)),
            int(theirs["errors"]) - int(theirs.get("omitted_errors", 0)),
            0,
            int(theirs["jitter"] * _SECOND),
            int(retransmits) if known else None,
        )


### Tests ###


class _Test:
    """What both roles have in common: clock, network, control connection, reports."""

    left = None  # bytes that may still be sent
    control = None

    def __init__(self, interval, json, quiet, on_interval):
        if interval and not 0.1 <= interval <= 60:
            raise ValueError("interval must be 0 or 0.1..60")
        self.interval = int(interval * _SECOND)
        self.quiet = quiet or json
        self.on_interval = on_interval
        self.document = {"start": {}, "intervals": [], "end": {}} if json else None
        self.parameters = {"udp": False, "bidirectional": False, "parallel": 1}
        self.streams = []
        self.paced = []
        self.inbox = b""
        self.running = False  # paced streams may send
        self.counting = False
        self.omitting = False
        self.ending = False  # blocks that are begun are completed, no more
        self.is_first_interval = True
        self.zero = self.interval_start = 0  # `zero`: the start, or the end of `omit`
        self.length = 0
        self.remote_cpu = (0, 0, 0)
        self.poller = select.poll()
        self.handlers = {}
        self.ticks = _ticks()
        self.clock = 0
        self.started = 0  # by the clock
        self.us = 0  # since the start of the test, when now() was last asked

    def now(self):
        """Ticks may wrap, but not twice between two calls."""
        ticks = _ticks()
        self.clock += _ticks_diff(ticks, self.ticks)
        self.ticks = ticks
        self.us = self.clock - self.started
        return self.us

    ### Network ###

    def watch(self, sock, handler, mask):
        self.handlers[sock if _MICROPYTHON else sock.fileno()] = handler
        self.poller.register(sock, mask)

    def forget(self, sock):
        if self.handlers.pop(sock if _MICROPYTHON else sock.fileno(), None):
            self.poller.unregister(sock)

    def pump(self, until):
        """Waits until then at the longest, and handles what comes meanwhile."""
        if self.running:
            for stream in self.paced:
                if stream.open and not stream.waits:
                    until = min(until, stream.due)
        wait = max(0, min(until - self.now(), _SECOND))
        for event in self.poller.poll((wait + 999) // 1000):
            handler = self.handlers.get(event[0])
            if handler:
                handler()
        self.now()
        if self.running:
            for stream in self.paced:
                if stream.open and not stream.waits and stream.due <= self.us:
                    stream.on_ready()

    def close(self):
        self.close_control()
        self.close_streams()

    def close_streams(self):
        for stream in self.streams:
            stream.stop()
            stream.sock.close()

    ### The control connection ###

    def open_control(self, sock):
        self.control = sock
        self.inbox = b""
        self.write_control = _reader_and_writer(sock)[1]
        self.watch(sock, self.on_control, select.POLLIN)
        # MicroPython's unix port has the option, but no name for it
        no_delay = getattr(socket, "TCP_NODELAY", 1 if hasattr(socket, "sockaddr") else None)
        if no_delay is not None:
            sock.setsockopt(6, no_delay, 1)

    def close_control(self):
        if self.control:
            self.forget(self.control)
            self.control.close()
            self.control = None

    def on_control(self):
        data = _received(self.control, 256) if self.control else None
        if data:
            self.inbox += data
        elif data is not None:
            self.close_control()

    def tell(self, *states):
        self.transmit(bytes(states))

    def say_last(self, data):
        """It may not be heard."""
        if self.control:
            try:
                self.write_control(data)
            except OSError:
                pass

    def transmit(self, data):
        deadline = self.now() + 10 * _SECOND
        while data:
            try:
                size = self.control and self.write_control(data)
            except OSError:
                self.on_control()  # it may have told why
                self.close_control()
            if not self.control:
                self.check_silence()
            if self.us >= deadline:
                raise _Failure(144)
            data = data[size or 0 :]
            if data:
                self.pump(self.us + 10000)

    def transmit_json(self, document, *states):
        text = _json.dumps(document).encode()
        self.transmit(struct.pack(">I", len(text)) + text + bytes(states))

    def receive(self, size, number):
        """Exactly so many bytes. `number`: the error if they do not come."""
        self.wait(lambda: len(self.inbox) >= size, 10, number)
        data = self.inbox[:size]
        self.inbox = self.inbox[size:]
        return data

    def receive_json(self, most, number):
        size = struct.unpack(">I", self.receive(4, number))[0]
        if not 0 < size <= most:
            raise _Failure(number)
        try:
            document = _json.loads(self.receive(size, number))
        except (ValueError, RuntimeError, MemoryError):  # the latter: nested too deep
            document = None
        if not isinstance(document, dict):
            raise _Failure(number)
        return document

    def state(self):
        """The next state that the other side has told."""
        state = self.receive(1, 110)[0]
        if state == _SERVER_ERROR and self.is_client:
            raise _Failure(struct.unpack(">i", self.receive(4, 110))[0])
        if state in self.ends:
            raise _Failure(self.ends[state])
        return state

    def expect(self, wanted, seconds=30):
        """Waits for this state."""
        self.wait(lambda: self.inbox, seconds, 144)
        if self.state() != wanted:
            raise _Failure(110)

    def wait(self, is_there, seconds, number):
        """Waits until is_there(). `number`: the error if that takes too long."""
        deadline = self.now() + seconds * _SECOND
        while not is_there():
            if not self.control:
                raise _Failure(109)
            if self.us >= deadline:
                raise _Failure(number)
            self.pump(deadline)

    def check_silence(self):
        """Fails if the other side has told anything, or gone."""
        if self.inbox or not self.control:
            self.state()
            raise _Failure(110)

    ### Data ###

    def make_buffer(self):
        p = self.parameters
        size = p["len"] if p["udp"] else min(max(p["len"], 2048), _BUFFER_SIZE)
        self.buffer = bytearray(os.urandom(size))  # noise, so that nothing compresses it

    def directions(self):
        """Whether this side sends, of each stream."""
        p = self.parameters
        sends = self.is_client != (p["reverse"] and not p["bidirectional"])
        streams = [sends] * p["parallel"]
        return streams + [not sends] * p["parallel"] if p["bidirectional"] else streams

    def add_stream(self, sock, address):
        sock.setblocking(False)
        stream = _Stream(self, sock, address, self.directions()[len(self.streams)])
        self.streams.append(stream)
        if stream.rate:
            self.paced.append(stream)

    def stream_closed(self):
        """A TCP stream has failed. A server goes on: it is the client who ends a test."""

    def moved(self, sends):
        return sum(s.total + s.bytes for s in self.streams if s.sends == sends)

    def run(self):
        """Moves data until is_over()."""
        p = self.parameters
        for s in self.streams:
            local = "" if s.local[0] is None else " local %s port %d" % s.local
            self.print("[%3d]%s connected to %s port %d" % ((s.number, local) + s.remote))
        if self.document:
            self.document["start"] = self.start_document()
        self.now()
        self.started, self.us = self.clock, 0
        omit = p["omit"] * _SECOND
        self.end = omit + (p["time"] + self.grace) * _SECOND if p["time"] else None
        self.omitting = omit > 0
        self.running = self.counting = True
        for stream in self.streams:
            stream.start()
        progress, progress_at = None, 0
        while not self.is_over():
            if self.omitting and self.us >= omit:
                self.end_omit()
            if self.interval and self.us >= self.interval_start + self.interval:
                self.end_interval()
            if self.us >= progress_at + _SECOND:
                now = self.moved(True), self.moved(False)
                if now != progress:
                    progress, progress_at = now, self.us
                elif self.us >= progress_at + 120 * _SECOND:
                    raise _Failure(144)
            until = self.interval_start + self.interval if self.interval else self.us + _SECOND
            if self.omitting:
                until = min(until, omit)
            self.pump(until if self.end is None else min(until, self.end))
        self.ended_at = self.us
        self.end_blocks()

    def end_blocks(self):
        """iperf3 waits for the rest of a block, and then sees nothing else."""
        self.running = False
        self.ending = True
        senders = [stream for stream in self.streams if stream.sends]
        for stream in senders:
            while (
                stream.open and stream.rest < stream.length and self.us < self.ended_at + _SECOND
            ):
                stream.on_ready()
                self.pump(self.us + 1000)
            stream.stop()

    def end_omit(self):
        self.end_interval()
        for stream in self.streams:
            stream.end_omit()
        self.omitting = False
        self.zero = self.interval_start = self.us

    def end_data(self, at):
        """Counting is over, as of this time."""
        self.us = at
        self.end_interval(True)
        self.length = at - self.zero

    def exchange_document(self):
        """Our results for the other side."""
        return {
            "cpu_util_total": 0,
            "cpu_util_user": 0,
            "cpu_util_system": 0,
            "sender_has_retransmits": 0 if any(self.directions()) else -1,
            "streams": [stream.results(self.length) for stream in self.streams],
        }

    def take_results(self, theirs):
        streams = {stream.id: stream for stream in self.streams}
        try:
            cpu = [theirs["cpu_util_" + kind] / 1 for kind in ("total", "user", "system")]
            knows_retransmits = 0 < theirs["sender_has_retransmits"] < 2**31
            for result in theirs["streams"]:
                if result["id"] in streams:
                    streams[result["id"]].take_results(result, self.length, knows_retransmits)
        except (LookupError, TypeError, ValueError, AttributeError, OverflowError):
            raise _Failure(117)
        self.remote_cpu = cpu

    ### Reports ###

    def print(self, text):
        if not self.quiet:
            print(text)

    def parts(self, rows_of):
        """[(stream, first stream, row, the other side's row)]: each stream, then those of its
        direction together, where `stream` is None. The test's first direction comes first."""
        parts = []
        count = self.parameters["parallel"]
        for streams in (self.streams[:count], self.streams[count:]):
            rows = [rows_of(stream) for stream in streams]
            parts += [(s, s, own, other) for s, (own, other) in zip(streams, rows)]
            if streams:
                own, other = [_sum(each) for each in zip(*rows)]
                parts.append((None, streams[0], own, other))
        return parts

    def totals(self):
        return self.parts(lambda stream: (stream.whole(self.length), stream.other))

    def print_header(self, columns):
        role = "[Role]" if self.parameters["bidirectional"] else ""
        columns = columns and " " * 9 + columns
        self.print("[ ID]%s Interval           Transfer     Bitrate%s" % (role, columns))

    def print_row(self, stream, first, start, row, columns):
        label = "[%3d]" % stream.number if stream else "[SUM]"
        if self.parameters["bidirectional"]:
            label += "[%sX-%s]" % ("RT"[first.sends], "SC"[self.is_client])
        self.print(_line(label, start, row, columns))

    def end_interval(self, last=False):
        us = self.us - self.interval_start
        parts = self.parts(lambda stream: (stream.end_interval(us), _NOTHING))
        if us == 0 or last and us < self.interval // 10 and not any(p[2][_BYTES] for p in parts):
            return  # nothing but the end in it
        start = self.interval_start - self.zero
        self.interval_start = self.us
        if not self.quiet:
            self.print_interval(parts, start)
        if self.on_interval:
            self.on_interval(self.interval_dict(parts, start, us))
        if self.document:
            self.document["intervals"].append(self.interval_document(parts, start))

    def print_interval(self, parts, start):
        p = self.parameters
        bidir = p["bidirectional"]
        if self.is_first_interval:
            total = self.streams[0].sends and not bidir
            columns = "Total Datagrams" if total else "Jitter    Lost/Total Datagrams"
            self.print_header(columns if p["udp"] else "")
        elif p["parallel"] > 1:
            self.print(_SEPARATOR)
        self.is_first_interval = False
        for stream, first, row, _ in parts:
            columns = _losses(row) if p["udp"] else _retransmits(row)
            if p["udp"] and first.sends:
                columns = " " * (12 if bidir else 2) + "%d  " % row[_PACKETS]
            if stream or p["parallel"] > 1:
                columns += "(omitted)" if self.omitting else ""
                self.print_row(stream, first, start, row, columns)

    def print_summary(self):
        """The client prints both sides of a stream, the server its own."""
        p = self.parameters
        parts = self.totals()
        known = self.is_client and any(part[3][_RETRANSMITS] is not None for part in parts)
        columns = _losses if p["udp"] else _retransmits
        self.print(_SEPARATOR)
        self.print_header("Jitter    Lost/Total Datagrams" if p["udp"] else "Retr" * known)
        for stream, first, own, other in parts:
            if not stream and p["parallel"] == 1:
                continue
            sender, receiver = (own, other) if first.sends else (other, own)
            if self.is_client or first.sends:
                self.print_row(stream, first, 0, sender, columns(sender) + "sender")
            if stream and receiver[_OUT_OF_ORDER]:
                text = "[SUM]  0.0-%4.1f sec  %d datagrams received out-of-order"
                self.print(text % (receiver[_US] / _SECOND, receiver[_OUT_OF_ORDER]))
            if self.is_client or not first.sends:
                self.print_row(stream, first, 0, receiver, columns(receiver) + "receiver")

    def finish(self):
        """All is known."""
        self.print_summary()
        if self.document:
            self.document["end"] = self.end_document()

    def print_rest(self):
        """Of a test that was interrupted."""
        self.on_interval = None  # it may be what interrupts
        if self.running:
            self.end_data(self.us)
            self.print_summary()

    def counts(self, row, sender):
        """What a side has counted besides bytes."""
        if self.parameters["udp"]:
            return {"packets": row[_PACKETS]} if sender else _loss(row)
        return {"retransmits": row[_RETRANSMITS]} if sender else {}

    def interval_dict(self, parts, start, us):
        """What on_interval is called with."""
        result = {"start": start / _SECOND, "end": (start + us) / _SECOND}
        result.update(omitted=self.omitting, streams=[])
        for stream, first, row, _ in parts:
            figures = _merged({"retransmits": None}, _figures(row), self.counts(row, first.sends))
            if self.parameters["udp"]:
                del figures["retransmits"]
            if stream:
                result["streams"].append(_merged(stream.ids(), figures))
            else:
                result.update({"reverse": figures} if "bytes" in result else figures)
        return result

    def result(self):
        """What client() and server() return."""
        if self.document:
            return self.document
        result = {}
        udp = self.parameters["udp"]
        streams = []
        for stream, first, own, other in self.totals() or [(None, None, _NOTHING, _NOTHING)]:
            sends = not first or first.sends
            sender, receiver = (own, other) if sends else (other, own)
            both = self.counts(receiver, False) if udp else self.counts(sender, True)
            if stream:
                remote = _figures(other)
                if udp:
                    both = self.counts(own, sends)
                    remote.update(self.counts(other, not sends))
                streams.append(_merged(stream.ids(), _figures(own), both, {"remote": remote}))
                continue
            both = _merged(_figures(own), both)
            both["sender"] = _merged(_figures(sender), self.counts(sender, True))
            both["receiver"] = _merged(_figures(receiver), self.counts(receiver, False))
            result.update({"reverse": both} if result else both)
        result["streams"] = streams
        return result

    ### The document of iperf3 -J ###

    def start_document(self):
        p = self.parameters
        connected = []
        for stream in self.streams:
            entry = {"socket": stream.number}
            entry["local_host"], entry["local_port"] = stream.local
            entry["remote_host"], entry["remote_port"] = stream.remote
            connected.append(entry)
        keys = "omit time num blockcount len parallel bandwidth reverse".split()
        names = "omit duration bytes blocks blksize num_streams target_bitrate reverse".split()
        test = {name: int(p[key]) for key, name in zip(keys, names)}
        test.update(protocol="UDP" if p["udp"] else "TCP", tos=0)
        return {
            "connected": connected,
            "version": "iperf3.py " + __version__,
            "system_info": sys.platform,
            "connecting_to" if self.is_client else "accepted_connection": self.peer,
            "cookie": self.cookie[:-1].decode(),
            "target_bitrate": p["bandwidth"],
            "sock_bufsize": 0,
            "test_start": test,
        }

    def entry(self, stream, row, counts, sender, start=0, **more):
        result = _merged(_figures(row), counts, more)
        result["start"], result["end"] = start / _SECOND, (start + row[_US]) / _SECOND
        result["sender"] = sender
        if stream:
            result["socket"] = stream.number
        if result.get("retransmits", 0) is None:
            del result["retransmits"]
        return result

    def interval_document(self, parts, start):
        result = {"streams": []}
        for stream, first, row, _ in parts:
            counts = self.counts(row, first.sends)
            counts.pop("out_of_order", None)
            entry = self.entry(stream, row, counts, first.sends, start, omitted=self.omitting)
            if stream:
                result["streams"].append(entry)
            else:
                result["sum_bidir_reverse" if "sum" in result else "sum"] = entry
        return result

    def end_document(self):
        udp = self.parameters["udp"]
        end = {"streams": []}
        for stream, first, own, other in self.totals():
            sent, received = (own, other) if first.sends else (other, own)
            ends = []
            for row in (sent, received):
                counts = _loss(row) if udp else self.counts(row, True)
                counts.pop("out_of_order", None)
                ends.append(self.entry(stream, row, counts, row is sent if udp else first.sends))
            transfer = self.entry(stream, sent, _loss(received), first.sends)
            if stream:
                sides = {"sender": ends[0], "receiver": ends[1]}
                end["streams"].append({"udp": transfer} if udp else sides)
                continue
            suffix = "_bidir_reverse" if "sum_sent" in end else ""
            end["sum_sent" + suffix], end["sum_received" + suffix] = ends
            if udp:
                del transfer["out_of_order"]
                end["sum" + suffix] = transfer
        kinds = "total", "user", "system"
        cpu = {"host_" + kind: 0 for kind in kinds}
        cpu.update({"remote_" + kind: part for kind, part in zip(kinds, self.remote_cpu)})
        end["cpu_utilization_percent"] = cpu
        return end


class _Client(_Test):
    is_client = True
    grace = 0
    ends = {_ACCESS_DENIED: 121, _SERVER_TERMINATE: 120}
    goal = goal_to_send = 0  # bytes, in each direction
    broken_at = None

    def go(self, host, port, parameters, connect_timeout):
        self.parameters = p = parameters
        goals = [n for n in (p["num"], p["blockcount"] * p["len"]) if n]
        self.goal = min(goals) if goals else 0
        self.goal_to_send = -(-self.goal // p["len"]) * p["len"]  # whole blocks
        self.make_buffer()
        self.cookie = _random_cookie()
        addresses = socket.getaddrinfo(host, port, 0, socket.SOCK_STREAM)
        sock, address = _connect(addresses, connect_timeout)
        self.open_control(sock)
        self.transmit(self.cookie)
        self.expect(_PARAM_EXCHANGE)
        self.print("Connecting to host %s, port %d" % (host, port))
        if p["reverse"]:
            self.print("Reverse mode, remote host %s is sending" % host)
        self.peer = {"host": host, "port": port}
        self.transmit_json(self.parameters_to_send())
        self.expect(_CREATE_STREAMS)
        family = [each[0] for each in addresses if each[4] == address][0]
        for _ in self.directions():
            self.open_stream(family, address)
        self.expect(_TEST_START)
        self.expect(_TEST_RUNNING)
        self.run()
        if not p["udp"]:
            self.end_data(self.ended_at)  # else until the server says how many it has sent
        self.counting = p["udp"]
        while any(self.directions()) and self.us < self.ended_at + 20000:
            self.pump(self.ended_at + 20000)  # iperf3 sees TEST_END before the last data
        self.tell(_TEST_END)
        self.expect(_EXCHANGE_RESULTS)
        self.counting = False
        if p["udp"]:
            self.end_data(self.ended_at)
        self.transmit_json(self.exchange_document())
        self.take_results(self.receive_json(_MOST_RESULTS, 117))
        self.expect(_DISPLAY_RESULTS)
        self.close_streams()
        self.say_last(bytes([_IPERF_DONE]))
        self.finish()
        self.print("\niperf Done.")
        self.let_server_get_ready()

    def let_server_get_ready(self):
        """iperf3 -s says that it is busy, or does not listen, for a moment after a test. It
        closes the connection first, since 3.21 only when we have."""
        until = self.now() + 100000
        while self.control and self.us < until:
            self.pump(until)
        self.close_control()
        until = self.now() + 20000
        while self.us < until:
            self.pump(until)

    def parameters_to_send(self):
        p = dict(self.parameters)
        asked = {"udp" if p.pop("udp") else "tcp": True}
        for name in ("reverse", "bidirectional"):
            if p.pop(name):
                asked[name] = True
        if p.pop("udp_counters_64bit"):
            asked["udp_counters_64bit"] = 1
        if not p["bandwidth"]:
            del p["bandwidth"]
        return _merged(asked, p, {"pacing_timer": 1000, "client_version": "3.12"})

    def open_stream(self, family, address):
        if not self.parameters["udp"]:
            try:
                sock, _ = _connect([(family, 0, 0, "", address)], 10)
            except OSError:
                raise _Failure(203)
            self.add_stream(sock, address)
            self.streams[-1].write(self.cookie)
            return
        sock = socket.socket(family, socket.SOCK_DGRAM)
        sock.connect(address)
        self.add_stream(sock, address)
        stream = self.streams[-1]
        stream.write(_DATAGRAM_OPENS)
        reply = memoryview(bytearray(4))

        def has_come():
            try:
                stream.read(reply)
            except OSError:
                raise _Failure(203)
            if bytes(reply) in _DATAGRAM_REPLIES:
                return True  # TEST_START may have come, too
            self.check_silence()
            return False

        self.watch(sock, lambda: None, select.POLLIN)
        self.wait(has_come, 30, 203)
        self.forget(sock)

    def stream_closed(self):
        if self.broken_at is None:
            self.broken_at = self.us

    def end_omit(self):
        super().end_omit()
        self.left = self.goal_to_send or None

    def run(self):
        self.left = None if self.parameters["omit"] else self.goal_to_send or None
        super().run()

    def is_over(self):
        self.check_silence()
        if self.broken_at is not None and self.us >= self.broken_at + _SECOND:
            raise _Failure(207)  # the server has not told why
        if self.omitting:
            return False
        if self.goal and (self.left <= 0 or self.moved(False) >= self.goal):
            return True
        return self.end is not None and self.us >= self.end

    def last_word(self, number):
        return bytes([_IPERF_DONE])

    interrupted_word = bytes([_CLIENT_TERMINATE])


class _Server(_Test):
    is_client = False
    grace = 40  # seconds that a test may take longer than it should
    ends = {_CLIENT_TERMINATE: 119, _IPERF_DONE: 109}
    cookie = None
    door = None  # where clients open UDP streams
    is_done = False  # guests wait for the next test

    def go(self, listener, guests, port, number, most_seconds, most_streams):
        self.listener = listener
        self.guests = guests  # [socket, address, what it has shown, deadline]
        self.port = port
        for guest in guests:
            self.welcome(guest)
        self.print("-" * 59)
        self.print("Server listening on %d (test #%d)" % (port, number))
        self.print("-" * 59)
        self.watch(listener, self.on_listener, select.POLLIN)
        while not self.parameters_agreed(most_seconds, most_streams):
            pass
        p = self.parameters
        self.make_buffer()
        if p["udp"]:
            self.open_door()
        self.tell(_CREATE_STREAMS)
        self.wait_for_streams()
        self.tell(_TEST_START, _TEST_RUNNING)
        self.run()
        self.end_data(self.settled_at())
        self.counting = False
        self.tell(_EXCHANGE_RESULTS)
        self.take_results(self.receive_json(_MOST_RESULTS, 117))
        self.transmit_json(self.exchange_document(), _DISPLAY_RESULTS)
        self.is_done = True
        self.finish()
        try:
            self.expect(_IPERF_DONE, 5)  # any other end is as good
        except _Failure:
            pass

    def parameters_agreed(self, most_seconds, most_streams):
        self.cookie = None
        while not self.control:
            self.pump(self.us + _SECOND)
        try:
            self.tell(_PARAM_EXCHANGE)
            self.parameters = p = _checked(self.receive_json(_MOST_PARAMETERS, 114))
            if most_seconds and not 0 < p["time"] + p["omit"] <= most_seconds:
                raise _Failure(37)
            if len(self.directions()) > most_streams:
                raise _Failure(6)
            return True
        except _Failure as failure:
            self.print("iperf3: error - " + failure.text())
            self.say_last(self.last_word(failure.number))
            self.close_control()
            return False

    ### Guests: connections that have not shown yet what they are for ###

    def on_listener(self):
        try:
            sock, address = self.listener.accept()
        except OSError:
            return
        sock.setblocking(False)
        if len(self.guests) >= 4:
            return self.deny(sock)
        self.guests.append([sock, address, b"", 0])
        self.welcome(self.guests[-1])

    def welcome(self, guest):
        self.now()
        guest[3] = self.clock + 5 * _SECOND
        if len(guest[2]) < _COOKIE_SIZE:
            self.watch(guest[0], lambda: self.on_guest(guest), select.POLLIN)

    def on_guest(self, guest):
        data = _received(guest[0], _COOKIE_SIZE - len(guest[2]))
        guest[2] += data or b""
        if data == b"":
            guest[3] = 0  # gone: its time is over
        if data == b"" or len(guest[2]) == _COOKIE_SIZE:
            self.forget(guest[0])

    def attend(self):
        """Sees to the guests in the order they came, for that is the streams' order."""
        while self.guests and not self.is_done:
            sock, address, shown, deadline = self.guests[0]
            if len(shown) < _COOKIE_SIZE and self.clock < deadline:
                return
            self.guests.pop(0)
            self.forget(sock)
            if len(shown) < _COOKIE_SIZE or not self.admitted(sock, address, shown):
                self.deny(sock)

    def admitted(self, sock, address, shown):
        if not self.control and self.cookie is None:
            self.cookie = shown
            self.peer = dict(zip(("host", "port"), _host_and_port(address)))
            self.print("Accepted connection from %(host)s, port %(port)d" % self.peer)
            self.open_control(sock)
            return True
        if not self.waits_for_streams or self.parameters["udp"] or shown != self.cookie:
            return False
        self.add_stream(sock, address)
        return True

    def deny(self, sock):
        try:
            _reader_and_writer(sock)[1](bytes([_ACCESS_DENIED]))
        except OSError:
            pass
        sock.close()

    def pump(self, until):
        super().pump(until)
        self.attend()

    ### Streams ###

    waits_for_streams = False

    def wait_for_streams(self):
        def have_come():
            if len(self.streams) == len(self.directions()):
                return True
            self.check_silence()
            return False

        self.waits_for_streams = True
        self.wait(have_come, 30, 204)
        self.waits_for_streams = False

    def open_door(self):
        """Where the next UDP stream knocks. It then becomes that stream's socket, for
        connected sockets come before others at the same port."""
        any_host = "::" if ":" in self.peer["host"] else "0.0.0.0"
        self.door = _bind(socket.SOCK_DGRAM, any_host, self.port)
        self.watch(self.door, self.on_knock, select.POLLIN)

    def on_knock(self):
        try:
            _, address = self.door.recvfrom(4)
        except OSError:
            return
        if _host_and_port(address)[0] != self.peer["host"]:
            return
        door = self.door
        self.forget(door)
        door.connect(address)
        self.add_stream(door, address)
        self.door = None
        if len(self.streams) < len(self.directions()):
            self.open_door()
        door.send(_DATAGRAM_REPLY)

    def is_over(self):
        if self.inbox or not self.control:
            if self.state() == _TEST_END:
                return True
            raise _Failure(110)
        if self.end is not None and self.us >= self.end:
            raise _Failure(160)
        return False

    def settled_at(self):
        """TEST_END may overtake data: counts until nothing has come for 100 ms. Returns
        the time of the last data."""
        for stream in self.streams:
            if stream.sends:
                stream.sock.close()
        size, at = self.moved(False), self.ended_at
        limit = at + 2 * _SECOND
        while not all(self.directions()) and self.us < min(at + 100000, limit):
            self.pump(min(at + 100000, limit))
            if self.moved(False) != size:
                size, at = self.moved(False), self.us
        return at

    def last_word(self, number):
        if number in (109, 119):  # it is the client who went
            return b""
        return struct.pack(">Bii", _SERVER_ERROR, number, 0)

    interrupted_word = bytes([_SERVER_TERMINATE])

    def close(self):
        super().close()
        self.forget(self.listener)
        for guest in self.guests:
            self.forget(guest[0])
        if self.door:
            self.forget(self.door)
            self.door.close()


### Functions ###


def _run(test, *arguments):
    try:
        test.go(*arguments)
        return test.result()
    except _Failure as error:
        failure = error
        test.say_last(test.last_word(error.number))
    except BaseException:
        test.say_last(test.interrupted_word)
        test.print_rest()
        raise
    finally:
        test.close()
    raise OSError(failure.text())


def _check(name, value, least, most):
    if not least <= value <= most:
        raise ValueError("%s must be %d..%d" % (name, least, most))
    return value


def client(
    host,
    udp=False,
    reverse=False,
    bandwidth=None,
    *,
    port=5201,
    time=None,
    num=0,
    blockcount=0,
    parallel=1,
    bidir=False,
    length=None,
    omit=0,
    interval=1,
    udp_counters_64bit=False,
    json=False,
    quiet=False,
    on_interval=None,
    connect_timeout=5,
    **options
):
    """Runs one test against an iperf3 server, prints iperf3's lines, returns the figures.

        host        name or address of the server
        udp         datagrams instead of TCP (-u)
        reverse     the server sends (-R)
        bandwidth   bits per second and stream (-b), 0: no limit. None: no limit with TCP,
                    10 * 1024 * 1024 with UDP
        time        seconds (-t); None: 10, or no limit with num or blockcount
        num         end after so many bytes (-n)
        blockcount  end after so many blocks (-k)
        parallel    streams in each direction (-P)
        bidir       both sides send (--bidir)
        length      bytes of a block or datagram (-l)
        omit        seconds at the start that do not count (-O)
        interval    seconds between lines (-i); 0: one line at the end
        json        print nothing, return the document that iperf3 prints with -J
        quiet       print nothing
        on_interval is called with a dict of each interval

    Other keywords are those of iperf3_lwip.client(), and want it; time, num and
    blockcount are its duration, bytes and blocks. ValueError: out of range. OSError: with
    a number if there is no connection, with iperf3's text for what goes wrong later.
    Ctrl-C ends the test on both sides."""
    if bandwidth is None:
        bandwidth = 10 * 1024 * 1024 if udp else 0
    shared = dict(interval=interval, json=json, quiet=quiet, on_interval=on_interval)
    if ACCELERATED:
        address = socket.getaddrinfo(host, port)[0][-1][0]
        options.update(shared, udp=udp, reverse=reverse, bidir=bidir, bandwidth=bandwidth)
        options.update(parallel=parallel, bytes=num, blocks=blockcount, omit=omit, length=length)
        options.update(udp_counters_64bit=udp_counters_64bit, connect_timeout=connect_timeout)
        return _lwip.client(address, port, time, **options)
    if options:
        raise TypeError("only with iperf3_lwip: " + ", ".join(options))
    if reverse and bidir:
        raise ValueError("reverse and bidir exclude each other")
    if time == 0:
        return _Client(**shared).result()
    if time is None:
        time = 0 if num or blockcount else 10
    if length is None:
        length = 1460 if udp else _BUFFER_SIZE
    p = dict(udp=udp, reverse=reverse, bidirectional=bidir, parallel=parallel, time=time)
    p.update(num=num, blockcount=blockcount, omit=omit, bandwidth=bandwidth, len=length)
    p["udp_counters_64bit"] = udp_counters_64bit
    for name, most, _, _ in _NUMBERS:
        _check(name, p[name], int(name == "parallel"), most)
    _check("port", port, 1, 65535)
    _check("length", length, *((16, 65507) if udp else (1, 1048576)))
    return _run(_Client(**shared), host, port, p, connect_timeout)


def server(
    port=5201,
    time=None,
    *,
    parallel=4,
    interval=1,
    one_off=False,
    json=False,
    quiet=False,
    on_interval=None,
    **options
):
    """Serves one test after the other, TCP or UDP as clients ask, until Ctrl-C.

        one_off     serve one test and return its figures, as client() does; OSError if
                    it fails. Else a test that fails is reported, and the next one served
        time        refuse longer tests; None: as clients ask
        parallel    accept this many streams in each direction, or twice as many in one

    The rest as for client()."""
    if options and not ACCELERATED:
        raise TypeError("only with iperf3_lwip: " + ", ".join(options))
    shared = dict(interval=interval, json=json, quiet=quiet, on_interval=on_interval)
    if time == 0:
        return _Server(**shared).result()
    listener, guests = None if ACCELERATED else _listen(port), []
    number = 0
    try:
        while True:
            number += 1
            try:
                if ACCELERATED:
                    options.update(shared, parallel=parallel)
                    result = _lwip.server(port, time, **options)
                else:
                    arguments = listener, guests, port, number, time, 2 * parallel
                    result = _run(_Server(**shared), *arguments)
            except OSError as error:
                if one_off or isinstance(error.args[0], int):
                    raise
                print("iperf3: error -", error.args[0])
            else:
                if one_off:
                    return result
    finally:
        for sock in [guest[0] for guest in guests] + ([listener] if listener else []):
            sock.close()


### Command line ###


def _scaled(step):
    def scaled(text):
        power = "KMGT".find(text[-1].upper()) + 1
        return int(float(text[:-1]) * step**power) if power else int(text)

    return scaled


# Option, the same in words, keyword, what its value is made with (None: it has no value)
_OPTIONS = (
    ("-c", "--client", "host", str),
    ("-s", "--server", "", None),
    ("-p", "--port", "port", int),
    ("-u", "--udp", "udp", None),
    ("-R", "--reverse", "reverse", None),
    ("", "--bidir", "bidir", None),
    ("-P", "--parallel", "parallel", int),
    ("-b", "--bitrate", "bandwidth", _scaled(1000)),
    ("-t", "--time", "time", int),
    ("-n", "--bytes", "num", _scaled(1024)),
    ("-k", "--blockcount", "blockcount", _scaled(1024)),
    ("-l", "--length", "length", _scaled(1024)),
    ("-O", "--omit", "omit", int),
    ("-i", "--interval", "interval", float),
    ("", "--udp-counters-64bit", "udp_counters_64bit", None),
    ("-J", "--json", "json", None),
    ("-1", "--one-off", "one_off", None),
)


def _arguments(words):
    """The keywords of client() or server()."""
    words = list(words)
    keywords = {}
    while words:
        word, _, value = words.pop(0).partition("=")
        for short, long, keyword, make in _OPTIONS:
            if word in (short, long):
                break
        else:
            raise ValueError("unknown option " + word)
        if make:
            if not value and not words:
                raise ValueError("no value for " + word)
            keywords[keyword] = make(value or words.pop(0))
        elif keyword:
            keywords[keyword] = True
        else:
            keywords["server"] = True
    return keywords


def main(words):
    """iperf3's command line; returns the exit status."""
    try:
        keywords = _arguments(words)
        if keywords.pop("server", False) == ("host" in keywords):
            raise ValueError("either -s or -c HOST; " + " ".join([o[0] or o[1] for o in _OPTIONS]))
        result = (client if "host" in keywords else server)(**keywords)
        if keywords.get("json"):
            print(_json.dumps(result))
        return 0
    except (ValueError, TypeError, OSError) as error:
        print("iperf3: error -", error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
