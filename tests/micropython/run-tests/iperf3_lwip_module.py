# what the module has

try:
    import iperf3_lwip
except ImportError:
    print("SKIP")
    raise SystemExit

print([name for name in sorted(dir(iperf3_lwip)) if not name.startswith("_")])
print(len(iperf3_lwip.__version__.split(".")))
print(iperf3_lwip.udp_server is iperf3_lwip.server)
for name in ("client", "udp_client", "server", "udp_server", "Client", "Server"):
    print(name, callable(getattr(iperf3_lwip, name)))
