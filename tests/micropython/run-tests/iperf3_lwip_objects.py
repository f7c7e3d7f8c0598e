# Client() and Server() without a network: arguments, and what may be called when

try:
    import iperf3_lwip
except ImportError:
    print("SKIP")
    raise SystemExit


def refused(function, *args, **kwargs):
    try:
        print("taken", function(*args, **kwargs))
    except (TypeError, AttributeError) as error:
        print(type(error).__name__)  # MicroPython's own words, which depend on its build
    except (ValueError, RuntimeError) as error:
        print(type(error).__name__, error)


refused(iperf3_lwip.Client)
refused(iperf3_lwip.Client, "localhost")
refused(iperf3_lwip.Client, "192.0.2.1", port=0)
refused(iperf3_lwip.Client, "192.0.2.1", prot=5201)
refused(iperf3_lwip.Server, port=65536)
refused(iperf3_lwip.Server, "192.0.2.1")

# no test yet
client = iperf3_lwip.Client("192.0.2.1", duration=0)
print(client.running, client.poll())
refused(client.result)
client.stop()
client.close()
refused(lambda: client.nonsense)

# a test of no duration is over at once
client.start()
print(client.running, client.poll())
print(client.result()["bytes"], client.result()["seconds"])
client.close()

with iperf3_lwip.Client("192.0.2.1", duration=0) as client:
    print(client.running)
with iperf3_lwip.Server() as server:
    print(server.running)
