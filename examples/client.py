# client.py - tests the link in both directions, TCP and UDP; `iperf3 -s` runs on the PC
# SPDX-License-Identifier: MIT
#
# The board has an address already. From the PC: mpremote run examples/client.py

import time

import iperf3_lwip

PC = "192.168.0.8"
SECONDS = 2


def show(name, result):
    receiver = result["receiver"]
    line = "{:14} {:8.2f} Mbit/s".format(name, receiver["bits_per_second"] / 1e6)
    if "lost_percent" in receiver:
        line += ", {:.2f} % lost, jitter {:.3f} ms".format(
            receiver["lost_percent"], receiver["jitter_ms"]
        )
    print(line)
    time.sleep(1)  # iperf3 -s takes a moment to be ready for the next test


show("TCP, sending", iperf3_lwip.client(PC, duration=SECONDS, quiet=True))
show("TCP, receiving", iperf3_lwip.client(PC, duration=SECONDS, quiet=True, reverse=True))
rate = 10_000_000
show("UDP, sending", iperf3_lwip.udp_client(PC, 5201, SECONDS, rate, quiet=True))
show("UDP, receiving", iperf3_lwip.udp_client(PC, 5201, SECONDS, rate, quiet=True, reverse=True))
