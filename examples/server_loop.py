# server_loop.py - serves one test after another, and goes on whatever happens to a test
# SPDX-License-Identifier: MIT
#
# On the PC: iperf3 -c BOARD, with -R, -u, --bidir, -P 2 and so on. Ctrl-C ends it.

import time

import iperf3_lwip

number = 0
while True:
    try:
        result = iperf3_lwip.server()
    except OSError as error:  # the client went away, for instance
        print("no result:", error)
        time.sleep(1)
        continue
    number += 1
    print("test {}: {:.2f} Mbit/s".format(number, result["bits_per_second"] / 1e6))
