# iperf3_lwip.pyi - types of the module iperf3_lwip
# SPDX-License-Identifier: MIT

from collections.abc import AsyncIterator, Callable
from typing import Any, TypeVar

_Result = dict[str, Any]
_OnInterval = Callable[[_Result], object]

_T = TypeVar("_T")

__version__: str

def client(
    host: str,
    port: int = ...,
    duration: int | None = ...,
    buffer_size: int = ...,
    *,
    udp: bool = ...,
    reverse: bool = ...,
    bidir: bool = ...,
    parallel: int = ...,
    bandwidth: int | None = ...,
    burst: int = ...,
    bytes: int | None = ...,
    blocks: int | None = ...,
    omit: int = ...,
    interval: float = ...,
    length: int | None = ...,
    no_delay: bool = ...,
    mss: int = ...,
    tos: int = ...,
    window: int = ...,
    udp_counters_64bit: bool = ...,
    repeating_payload: bool = ...,
    dont_fragment: bool = ...,
    title: str | None = ...,
    extra_data: str | None = ...,
    get_server_output: bool = ...,
    bind: str | None = ...,
    cport: int = ...,
    quiet: bool = ...,
    on_interval: _OnInterval | None = ...,
    json: bool = ...,
    rcv_timeout: float = ...,
    connect_timeout: float = ...,
) -> _Result: ...
def udp_client(
    host: str,
    port: int = ...,
    duration: int | None = ...,
    bandwidth: int | None = ...,
    *,
    buffer_size: int = ...,
    reverse: bool = ...,
    bidir: bool = ...,
    parallel: int = ...,
    burst: int = ...,
    bytes: int | None = ...,
    blocks: int | None = ...,
    omit: int = ...,
    interval: float = ...,
    length: int | None = ...,
    no_delay: bool = ...,
    mss: int = ...,
    tos: int = ...,
    window: int = ...,
    udp_counters_64bit: bool = ...,
    repeating_payload: bool = ...,
    dont_fragment: bool = ...,
    title: str | None = ...,
    extra_data: str | None = ...,
    get_server_output: bool = ...,
    bind: str | None = ...,
    cport: int = ...,
    quiet: bool = ...,
    on_interval: _OnInterval | None = ...,
    json: bool = ...,
    rcv_timeout: float = ...,
    connect_timeout: float = ...,
) -> _Result: ...
def server(
    port: int = ...,
    duration: int | None = ...,
    buffer_size: int = ...,
    *,
    parallel: int = ...,
    interval: float = ...,
    quiet: bool = ...,
    on_interval: _OnInterval | None = ...,
    json: bool = ...,
    rcv_timeout: float = ...,
    idle_timeout: int | None = ...,
    server_bitrate_limit: int | None = ...,
    one_off: bool = ...,
) -> _Result: ...

udp_server = server

class _Test:
    running: bool
    def start(self, background: bool = ...) -> None: ...
    def poll(self) -> bool: ...
    def result(self) -> _Result: ...
    def stop(self) -> None: ...
    def close(self) -> None: ...
    async def run(self) -> _Result: ...
    def __aiter__(self) -> AsyncIterator[_Result]: ...
    async def __anext__(self) -> _Result: ...
    def __enter__(self: _T) -> _T: ...
    def __exit__(self, *error: object) -> None: ...

class Client(_Test):
    def __init__(
        self,
        host: str,
        port: int = ...,
        duration: int | None = ...,
        buffer_size: int = ...,
        *,
        udp: bool = ...,
        reverse: bool = ...,
        bidir: bool = ...,
        parallel: int = ...,
        bandwidth: int | None = ...,
        burst: int = ...,
        bytes: int | None = ...,
        blocks: int | None = ...,
        omit: int = ...,
        interval: float = ...,
        length: int | None = ...,
        no_delay: bool = ...,
        mss: int = ...,
        tos: int = ...,
        window: int = ...,
        udp_counters_64bit: bool = ...,
        repeating_payload: bool = ...,
        dont_fragment: bool = ...,
        title: str | None = ...,
        extra_data: str | None = ...,
        get_server_output: bool = ...,
        bind: str | None = ...,
        cport: int = ...,
        quiet: bool = ...,
        on_interval: _OnInterval | None = ...,
        json: bool = ...,
        rcv_timeout: float = ...,
        connect_timeout: float = ...,
    ) -> None: ...

class Server(_Test):
    def __init__(
        self,
        port: int = ...,
        duration: int | None = ...,
        buffer_size: int = ...,
        *,
        parallel: int = ...,
        interval: float = ...,
        quiet: bool = ...,
        on_interval: _OnInterval | None = ...,
        json: bool = ...,
        rcv_timeout: float = ...,
        idle_timeout: int | None = ...,
        server_bitrate_limit: int | None = ...,
        one_off: bool = ...,
    ) -> None: ...
