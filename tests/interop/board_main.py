# board_main.py - runs on the board, or in any Python: executes what the test sends over stdin
# SPDX-License-Identifier: MIT
#
# One request per line, JSON: {"id": number} and "eval": expression or "exec":
# statements. One answer per request, behind a record separator: the id and JSON,
# {"value": ...} or {"error": name of the exception, "args": [...]}. Anything else
# is output.

import gc
import json
import sys
import time

names = {"gc": gc, "time": time}
if len(sys.argv) > 1:  # MicroPython with lwIP: a network device and its addresses
    import network
    import select

    _, interface, address, *ipv6_address = sys.argv
    if hasattr(network, "TAP"):
        nic = network.TAP(interface)
    else:
        nic = network.LAN()
        nic.active(True)
    nic.ipconfig(addr4=address + "/24")
    if ipv6_address:
        nic.ipconfig(addr6=ipv6_address[0])
    names["nic"] = nic
    try:
        import iperf3_lwip

        names["iperf3_lwip"] = iperf3_lwip
    except ImportError:
        pass  # firmware without the module
    requests = select.poll()
    requests.register(sys.stdin, select.POLLIN)
else:
    requests = None


def next_request():
    if requests:
        requests.poll()  # unlike a blocking read, this keeps the network going
    return sys.stdin.readline()


def plain(value):
    return value if isinstance(value, (int, str)) else repr(value)


def answer(request, names):
    try:
        if "eval" in request:
            return {"value": eval(request["eval"], names)}
        exec(request["exec"], names)
        return {"value": None}
    except BaseException as error:
        return {"error": type(error).__name__, "args": [plain(arg) for arg in error.args]}


while True:
    try:
        line = next_request()
        if not line:
            break
        request = json.loads(line)
        print("\x1e" + str(request["id"]), json.dumps(answer(request, names)))
    except KeyboardInterrupt:
        pass  # came between two requests
