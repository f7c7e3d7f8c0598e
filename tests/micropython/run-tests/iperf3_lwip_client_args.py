# what client() and udp_client() refuse before they use the network

try:
    import iperf3_lwip
except ImportError:
    print("SKIP")
    raise SystemExit


def refused(function, *args, **kwargs):
    try:
        function(*args, **kwargs)
        print("taken", args, kwargs)
    except TypeError:
        print("TypeError")  # MicroPython's own words, which depend on its build
    except ValueError as error:
        print("ValueError", error)


client = iperf3_lwip.client
udp_client = iperf3_lwip.udp_client
host = "192.0.2.1"

# how many there are
refused(client)
refused(client, host, 5201, 1, 16384, True)
refused(udp_client, host, 5201, 1, 1000000, 16384)
refused(client, host, port=5201, prot=5201)

# the host is an address
for wrong in ("", "localhost", "300.1.1.1", "192.0.2.1.1", "192.0.2.1 ", "192.0.2.1 x"):
    refused(client, wrong)
for wrong in (None, 5, ["192.0.2.1"]):
    refused(client, wrong)
refused(client, host, bind="localhost")

# ranges, one below and one above
for name, wrong in (
    ("port", (0, 65536)),
    ("duration", (-1, 86401)),
    ("buffer_size", (1023, 65537)),
    ("parallel", (0, 129)),
    ("burst", (-1, 1001)),
    ("omit", (-1, 601)),
    ("length", (0, 1048577)),
    ("mss", (-1, 32768)),
    ("tos", (-1, 256)),
    ("cport", (-1, 65536)),
    ("bytes", (-1, 1 << 62)),
    ("blocks", (-1, 1 << 62)),
    ("bandwidth", (-1, 1 << 62)),
    ("interval", (-1, 0.05, 61)),
    ("rcv_timeout", (0, -1, 86401)),
    ("connect_timeout", (0, 0.09, 61)),
):
    for value in wrong:
        refused(client, host, **{name: value})
for length in (15, 65508):
    refused(client, host, udp=True, length=length)
    refused(udp_client, host, length=length)
refused(udp_client, host, 5201, 1, -1)
try:
    client(host, window=1 << 30)
except ValueError:
    print("ValueError for window")  # the limit is that of lwIP's options

# together
refused(client, host, reverse=True, bidir=True)
refused(client, host, cport=65535, parallel=2)

# types
for name in ("port", "duration", "buffer_size", "parallel", "bytes", "title", "interval"):
    try:
        client(host, **{name: []})
    except TypeError:
        print("TypeError for", name)

# a test of no duration connects to nobody
print(client(host, duration=0)["bytes"], udp_client(host, 5201, 0)["bytes"])
