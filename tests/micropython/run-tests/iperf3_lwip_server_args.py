# what server() refuses before it uses the network

try:
    import iperf3_lwip
except ImportError:
    print("SKIP")
    raise SystemExit


def refused(*args, **kwargs):
    try:
        iperf3_lwip.server(*args, **kwargs)
        print("taken", args, kwargs)
    except TypeError:
        print("TypeError")  # MicroPython's own words, which depend on its build
    except ValueError as error:
        print("ValueError", error)


refused(5201, 1, 16384, True)
refused(host="192.0.2.1")
refused(udp=True)

for name, wrong in (
    ("port", (0, 65536)),
    ("duration", (-1, 86401)),
    ("buffer_size", (1023, 65537)),
    ("parallel", (0, 129)),
    ("idle_timeout", (0, 86401)),
    ("server_bitrate_limit", (-1, 1 << 62)),
    ("interval", (-1, 0.05, 61)),
    ("rcv_timeout", (0, 86401)),
):
    for value in wrong:
        refused(**{name: value})

for name in ("port", "duration", "buffer_size", "parallel", "idle_timeout"):
    try:
        iperf3_lwip.server(**{name: "1"})
    except TypeError:
        print("TypeError for", name)

# a server for tests of no duration serves nobody
print(iperf3_lwip.server(duration=0)["bytes"])
