# manifest.py - freezes iperf3.py into firmware; for include() in a board's manifest
# SPDX-License-Identifier: MIT

metadata(
    description="iperf3 client and server; fast where the C module iperf3_lwip is built in.",
    version="0.1.0",
    license="MIT",
)

module("iperf3.py")
