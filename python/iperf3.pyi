# iperf3.pyi - types of iperf3.py
# SPDX-License-Identifier: MIT

from collections.abc import Callable, Sequence
from typing import Any

__version__: str
ACCELERATED: bool

def client(
    host: str,
    udp: bool = ...,
    reverse: bool = ...,
    bandwidth: int | None = ...,
    *,
    port: int = ...,
    time: int | None = ...,
    num: int = ...,
    blockcount: int = ...,
    parallel: int = ...,
    bidir: bool = ...,
    length: int | None = ...,
    omit: int = ...,
    interval: float = ...,
    udp_counters_64bit: bool = ...,
    json: bool = ...,
    quiet: bool = ...,
    on_interval: Callable[[dict[str, Any]], object] | None = ...,
    connect_timeout: float = ...,
    **options: Any,
) -> dict[str, Any]: ...
def server(
    port: int = ...,
    time: int | None = ...,
    *,
    parallel: int = ...,
    interval: float = ...,
    one_off: bool = ...,
    json: bool = ...,
    quiet: bool = ...,
    on_interval: Callable[[dict[str, Any]], object] | None = ...,
    **options: Any,
) -> dict[str, Any]: ...
def main(words: Sequence[str]) -> int: ...
