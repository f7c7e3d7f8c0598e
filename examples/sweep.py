# sweep.py - what does a larger buffer, or a larger TCP window, bring?
# SPDX-License-Identifier: MIT
#
# `iperf3 -s` runs on the PC. If the rate still grows with the last window, TCP_WND and
# TCP_SND_BUF of the firmware's lwIP are what limits it; if not, look elsewhere.

import gc
import time

import iperf3_lwip

PC = "192.168.0.8"
SECONDS = 1


def measure(**arguments):
    """Mbit/s with these arguments: sent by the board, and received by it."""
    rates = []
    for reverse in (False, True):
        gc.collect()
        result = iperf3_lwip.client(PC, duration=SECONDS, reverse=reverse, quiet=True, **arguments)
        rates.append(result["receiver"]["bits_per_second"] / 1e6)
        time.sleep_ms(200)  # iperf3 -s takes a moment to be ready for the next test
    return rates


print("buffer_size  sent Mbit/s  received Mbit/s")
for size in (1024, 4096, 16384, 65536):
    try:
        print("{:11}  {:11.2f}  {:15.2f}".format(size, *measure(buffer_size=size)))
    except MemoryError:
        print("{:11}  does not fit the heap".format(size))

print("     window  sent Mbit/s  received Mbit/s")
for window in (2920, 5840, 11680, 23360, 46720, 93440):
    try:
        print("{:11}  {:11.2f}  {:15.2f}".format(window, *measure(window=window)))
    except ValueError:
        print("{:11}  is more than this firmware's lwIP has".format(window))
        break
