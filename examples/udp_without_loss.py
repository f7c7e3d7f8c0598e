# udp_without_loss.py - the highest rate at which (nearly) no datagram is lost
# SPDX-License-Identifier: MIT
#
# `iperf3 -s` runs on the PC. Halves the range between a rate that goes through and one
# that does not.

import time

import iperf3_lwip

PC = "192.168.0.8"
SECONDS = 1
MOST_LOST_PERCENT = 0.1


def goes_through(mbits, reverse):
    result = iperf3_lwip.udp_client(
        PC, 5201, SECONDS, mbits * 1_000_000, reverse=reverse, quiet=True
    )
    time.sleep_ms(200)  # iperf3 -s takes a moment to be ready for the next test
    sent = result["sender"]["bits_per_second"] / 1e6
    lost = result["lost_percent"]
    print("  {:4} Mbit/s asked for, {:7.2f} sent, {:5.2f} % lost".format(mbits, sent, lost))
    return lost <= MOST_LOST_PERCENT and sent > 0.9 * mbits


def highest(reverse, good=0, bad=128):
    while bad - good > good // 8 + 1:
        middle = (good + bad) // 2
        if goes_through(middle, reverse):
            good = middle
        else:
            bad = middle
    return good


for reverse in (False, True):
    print("The board", "receives" if reverse else "sends")
    print("  about {} Mbit/s".format(highest(reverse)))
