# blink_while_testing.py - a task keeps its period while a test runs at full speed
# SPDX-License-Identifier: MIT
#
# `iperf3 -s` runs on the PC. Prints by how much the LED was late.

import asyncio
import time

import iperf3_lwip

PC = "192.168.0.8"
SECONDS = 5
PERIOD_MS = 50

try:
    from machine import Pin

    led = Pin("LED", Pin.OUT)  # the name on Pico W; elsewhere your board's
except (ImportError, TypeError, ValueError):
    led = None

late_ms = []


async def blink():
    due = time.ticks_ms()
    while True:
        due = time.ticks_add(due, PERIOD_MS)
        await asyncio.sleep_ms(time.ticks_diff(due, time.ticks_ms()))
        late_ms.append(time.ticks_diff(time.ticks_ms(), due))
        if led:
            led.value(not led.value())


async def main():
    task = asyncio.create_task(blink())
    result = await iperf3_lwip.Client(PC, duration=SECONDS).run()
    task.cancel()
    return result


result = asyncio.run(main())
late_ms.sort()
print(
    "{:.2f} Mbit/s; {} periods of {} ms, half of them at most {} ms late, all at most {} ms".format(
        result["receiver"]["bits_per_second"] / 1e6,
        len(late_ms),
        PERIOD_MS,
        late_ms[len(late_ms) // 2],
        late_ms[-1],
    )
)
