# background_server.py - a server that stays while the program, or the prompt, goes on
# SPDX-License-Identifier: MIT
#
# On the PC: iperf3 -c BOARD. server.close() ends it.

import time

import iperf3_lwip

server = iperf3_lwip.Server(on_interval=lambda interval: busy.append(interval["bytes"]))
busy = []  # bytes of each second in which a client tests
server.start(background=True)

# What the board is there for; here it counts for ten seconds.
for second in range(10):
    time.sleep(1)
    print("second {}: {} MB tested so far".format(second, sum(busy) // 1_000_000))

# Without this line the server would go on at the prompt.
server.close()
