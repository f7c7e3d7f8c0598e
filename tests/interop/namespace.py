# namespace.py - a network namespace of the test session's own, with a TAP device
# SPDX-License-Identifier: MIT
#
# The test process itself moves into a new network namespace; every program it
# starts is inside too, and all of it vanishes with the process, however it ends.
# Root is not needed where the kernel allows unprivileged user namespaces.

import ctypes
import os
import subprocess

TAP = "tap0"
HOST = "10.99.0.1"  # the kernel's side, where the real iperf3 runs
BOARD = "10.99.0.2"
NOBODY = "10.99.0.77"  # in the subnet, but nobody has it
STRANGER = "10.99.0.3"  # the kernel's side, too
HOST_IPV6 = "fd99::1"
BOARD_IPV6 = "fd99::2"
# With the names that each side has for its interface. lwIP makes the board's address
# of the MAC address, which comes of the device's name.
HOST_LINK_LOCAL = "fe80::1%tp0"
BOARD_LINK_LOCAL = f"fe80::74:61ff:fe70:3000%{TAP}"

CLONE_NEWUSER = 0x10000000
CLONE_NEWNET = 0x40000000


class NoNetwork(Exception):
    """This machine does not let us have a network of our own."""


def enter():
    """Moves this process into a new network and sets the TAP device up."""
    uid, gid = os.geteuid(), os.getegid()
    try:
        _unshare(CLONE_NEWNET if uid == 0 else CLONE_NEWNET | CLONE_NEWUSER)
        if uid != 0:
            _become_root_inside(uid, gid)
        _set_up()
    except (OSError, subprocess.CalledProcessError) as error:
        detail = getattr(error, "stderr", None) or error
        raise NoNetwork(f"no network namespace with a TAP device: {detail}") from error


def _unshare(flags):
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(flags) != 0:
        error = ctypes.get_errno()
        raise OSError(error, f"unshare: {os.strerror(error)}")


def _become_root_inside(uid, gid):
    for name, text in (
        ("setgroups", "deny"),
        ("uid_map", f"0 {uid} 1"),
        ("gid_map", f"0 {gid} 1"),
    ):
        with open(f"/proc/self/{name}", "w") as file:
            file.write(text)


def _set_up():
    # Opened first: its error message is clearer than that of the ip command.
    os.close(os.open("/dev/net/tun", os.O_RDWR))
    for command in (
        "link set lo up",
        f"tuntap add dev {TAP} mode tap",
        f"link set {TAP} addrgenmode none",  # one link-local address is enough
        f"addr add {HOST}/24 dev {TAP}",
        f"addr add {STRANGER}/24 dev {TAP}",
        f"-6 addr add {HOST_IPV6}/64 dev {TAP} nodad",
        f"-6 addr add {HOST_LINK_LOCAL.split('%')[0]}/64 dev {TAP} nodad",
        f"link set {TAP} up",
    ):
        subprocess.run(["ip", *command.split()], check=True, capture_output=True, text=True)
