# test_tap_command_line.py - what iperf3-lwip refuses, and how; its help
# SPDX-License-Identifier: MIT

import re
import subprocess

import pytest
from namespace import BOARD, HOST, TAP

CLIENT = f"-c {HOST} "

# What the real iperf3 refuses likewise, in these words.
REFUSED = {
    "": "must either be a client (-c) or server (-s)",
    "-1": "must either be a client (-c) or server (-s)",
    "-s " + CLIENT: "cannot be both server and client",
    CLIENT + "-t 86401": "test duration too long (maximum = 86400 seconds)",
    CLIENT + "-P 129": "number of parallel streams too large (maximum = 128)",
    CLIENT + "-l 1025K": "block size too large (maximum = 1048576 bytes)",
    CLIENT + "-u -l 15": "block size invalid (minimum = 16 bytes, maximum = 65507 bytes)",
    CLIENT + "-l 65508 -u": "block size invalid (minimum = 16 bytes, maximum = 65507 bytes)",
    CLIENT + "-b 1M/0": "invalid burst count (maximum = 1000)",
    CLIENT + "-b 1M/1001": "invalid burst count (maximum = 1000)",
    CLIENT + "-i 0.05": "invalid report interval (min = 0.1, max = 60 seconds)",
    CLIENT + "-i 60.1": "invalid report interval (min = 0.1, max = 60 seconds)",
    CLIENT + "-O 601": "bogus value for --omit",
    CLIENT + "-O -1": "bogus value for --omit",
    CLIENT + "-w 513M": "socket buffer size too large (maximum = 536870912 bytes)",
    CLIENT + "-M 32768": "TCP MSS too large (maximum = 9216 bytes)",
    CLIENT + "-S 256": "bad TOS value (must be between 0 and 255 inclusive)",
    CLIENT + "-S x": "bad TOS value (must be between 0 and 255 inclusive)",
    CLIENT + "-R --bidir": "cannot be both reverse and bidirectional",
    CLIENT + "--bidir -R": "cannot be both reverse and bidirectional",
    CLIENT + "-n 1 -t 1": "only one test end condition (-t, -n, -k) may be specified",
    CLIENT + "-k 1 -t 10": "only one test end condition (-t, -n, -k) may be specified",
    CLIENT + "-n 1 -k 1": "only one test end condition (-t, -n, -k) may be specified",
    CLIENT + "-p 0": "port number must be between 1 and 65535 inclusive",
    "-s -p 65536": "port number must be between 1 and 65535 inclusive",
    "-s -p x": "port number must be between 1 and 65535 inclusive",
    CLIENT + "--cport 65536": "port number must be between 1 and 65535 inclusive",
    CLIENT + "-R --rcv-timeout 99": "receive timeout value is incorrect or not in range",
    CLIENT + "--rcv-timeout 1000": "client receive timeout is valid only in receiving mode",
    CLIENT + "-1": "some option you are trying to set is server only",
    CLIENT + "--idle-timeout 1": "some option you are trying to set is server only",
    CLIENT + "--server-bitrate-limit 1M": "some option you are trying to set is server only",
    "-s --idle-timeout 0": "idle timeout parameter is not positive or larger than allowed limit",
    "-s --idle-timeout 86401": "idle timeout parameter is not positive or larger than allowed limit",
}
CLIENT_ONLY = "-u|-b 1M|-t 1|-n 1|-k 1|-l 1K|-P 2|-R|--bidir|-w 1K|-M 1000|-N|-S 1|-O 1|-T x"
CLIENT_ONLY += "|--extra-data x|--get-server-output|--repeating-payload|--dont-fragment"
CLIENT_ONLY += "|--connect-timeout 9|-Z"
for option in CLIENT_ONLY.split("|"):
    REFUSED[f"-s {option}"] = "some option you are trying to set is client only"

# What the real one takes for something else, or does.
OURS = {
    CLIENT + "-P 0": "number of parallel streams too large (maximum = 128)",
    CLIENT + "-t x": "test duration too long (maximum = 86400 seconds)",
    CLIENT + "-t 1x": "test duration too long (maximum = 86400 seconds)",
    CLIENT + "-i x": "invalid report interval (min = 0.1, max = 60 seconds)",
    CLIENT + "-n x": "bad value for --bytes: x",
    CLIENT + "-n 1KB": "bad value for --bytes: 1KB",
    CLIENT + "-n -1": "bad value for --bytes: -1",
    CLIENT + "-n 9999999T": "bad value for --bytes: 9999999T",
    CLIENT + "-l 1X": "block size too large (maximum = 1048576 bytes)",
    CLIENT + "-b 1M/x": "invalid burst count (maximum = 1000)",
    CLIENT + "--connect-timeout x": "bad value for --connect-timeout: x",
    CLIENT + "--cport 65535 -P 2": "port number must be between 1 and 65535 inclusive",
    CLIENT + "--cport 65534 --bidir -P 2": "port number must be between 1 and 65535 inclusive",
    "-s --cport 1": "some option you are trying to set is client only",
    "-s --udp-counters-64bit": "some option you are trying to set is client only",
    "-s --server-max-duration 0": "test duration too long (maximum = 86400 seconds)",
    "-s --server-bitrate-limit 1M/61": "the mean of the bitrate limit must be of 1 to 60 seconds",
    CLIENT + "--sctp": "protocol does not exist",
    CLIENT + "-C cubic": "unable to set TCP_CONGESTION: Supplied congestion control algorithm "
    "not supported on this host",
    CLIENT + "-A 1": "unable to set CPU affinity",
    CLIENT + "--fq-rate 1M": "unable to set socket pacing",
}
for option in "-m|-L 1|-V|-f m|-F name|--logfile name|--dscp 1|--json-stream|--username me".split(
    "|"
):
    OURS[CLIENT + option] = "an option you are trying to set is not implemented yet"
OURS["-s -D"] = "an option you are trying to set is not implemented yet"


def check_refusal(program, text):
    program.finish(5)
    assert program.exit_code == 1
    assert program.errors.startswith(f"iperf3: parameter error - {text}\n\nUsage: iperf3-lwip ")
    assert program.output == ""


@pytest.mark.parametrize("options, text", (REFUSED | OURS).items())
def test_what_is_refused(options, text, ours):
    check_refusal(ours._start(options), text)


@pytest.mark.parametrize("options, text", REFUSED.items())
def test_the_real_one_says_the_same(options, text, iperf3):
    real = iperf3._start(options).finish(5)
    assert real.exit_code == 1
    assert real.errors.startswith(f"iperf3: parameter error - {text}")


@pytest.mark.parametrize(
    "options, text",
    [
        ("-z", "invalid option -- 'z'"),
        ("--no-such", "unrecognized option '--no-such'"),
        ("-c", "option requires an argument -- 'c'"),
        ("-s --re", "option '--re' is ambiguous"),
        ("-s 5201", "no option: '5201'"),
    ],
)
def test_what_is_no_option_gives_the_usage(options, text, ours):
    program = ours._start(options).finish(5)
    assert program.exit_code == 1
    first, *usage = program.errors.splitlines()
    assert text in first
    assert usage == ours._start("-h").succeed().output.splitlines()
    assert program.output == ""


def long_names(text):
    return set(re.findall(r"--([a-z][a-z0-9-]+)", text))


def test_the_help_has_every_option(ours, iperf3):
    help_text = ours.with_network("", "--help").succeed().output
    real = long_names(iperf3._start("--help").succeed().output)
    assert real - long_names(help_text) == set()
    assert {"tap", "address", "gateway"} <= long_names(help_text)
    letters = set(re.findall(r"^  -(\w), --", help_text, re.M))
    assert letters == set("piB46JvhS1cubtnklPRwMNSOTCs")
    assert max(map(len, help_text.splitlines())) < 100


### The network ###

GOOD = f"--tap {TAP} --address {BOARD}/24"
NO_ADDRESS = "IP/LEN is wanted"
BAD_NETWORKS = {
    f"--tap nosuch --address {BOARD}/24": "there is no network device nosuch; make it: ip tuntap",
    f"--tap {'x' * 20} --address {BOARD}/24": "there is no network device xxxx",
    f"--tap lo --address {BOARD}/24": "unable to open lo: it is no TAP device; make one",
    f"--tap {TAP} --address {BOARD}": NO_ADDRESS,
    f"--tap {TAP} --address {BOARD}/": NO_ADDRESS,
    f"--tap {TAP} --address {BOARD}/33": NO_ADDRESS,
    f"--tap {TAP} --address {BOARD}/-1": NO_ADDRESS,
    f"--tap {TAP} --address {BOARD}/24x": NO_ADDRESS,
    f"--tap {TAP} --address name/24": NO_ADDRESS,
    f"--tap {TAP} --address {'1' * 100}/24": NO_ADDRESS,
    f"--tap {TAP} --address fd99::2/48": NO_ADDRESS,
    f"{GOOD} --address 10.99.0.9/24": NO_ADDRESS,
    f"{GOOD} --gateway fd99::1": "an IPv4 address is wanted",
    f"{GOOD} --gateway 1.2.3.x": "an IPv4 address is wanted",
}


@pytest.mark.parametrize("network, text", BAD_NETWORKS.items())
def test_bad_networks(network, text, ours):
    program = ours.with_network(network, "-s").finish(5)
    assert program.exit_code == 1
    assert program.errors.startswith("iperf3: error - ")
    assert program.errors.count("\n") == 1
    assert text in program.errors


def test_what_is_needed(ours):
    check_refusal(ours.with_network("", "-s"), "no TAP device; say --tap NAME")
    need_address = "no address of our own; say --address IP/LEN"
    check_refusal(ours.with_network(f"--tap {TAP}", "-s"), need_address)


def test_more_addresses_than_fit(ours):
    addresses = " ".join(f"--address fd99::{i}/64" for i in range(2, 10))
    program = ours.with_network(f"--tap {TAP} {addresses}", "-s").finish()
    assert f"bad --address fd99::9/64; {NO_ADDRESS}" in program.errors
    program = ours.with_network(f"--tap {TAP} {addresses} --address {BOARD}/24", "-s")
    check_refusal(program, f"bad value for --address: {BOARD}/24")


def test_a_device_that_another_program_has(ours):
    ours.server()
    second = ours.with_network(GOOD, "-s").finish(5)
    assert "another program has it open" in second.errors
    assert second.exit_code == 1


def ip(command):
    subprocess.run(["ip", *command.split()], check=True, capture_output=True)


def test_a_device_that_is_down(ours):
    ip("tuntap add dev tap7 mode tap")
    try:
        program = ours.with_network("--tap tap7 --address 10.97.0.2/24", "-s").finish(5)
        assert "tap7 is down; set it up: ip link set tap7 up" in program.errors
        assert program.exit_code == 1
    finally:
        ip("link del tap7")


def test_no_dev_net_tun(ours, program):
    without = "mount -t tmpfs none /dev/net && exec "
    command = f"unshare -m sh -c '{without} {program} {GOOD} -s'"
    result = subprocess.run(command, shell=True, capture_output=True, text=True, timeout=10)
    assert "there is no /dev/net/tun; load the kernel's module: modprobe tun" in result.stderr
    assert result.returncode == 1


def test_no_permission(ours, program):
    try:
        ip("tuntap add dev tap8 mode tap user 1234")
    except subprocess.CalledProcessError:
        pytest.skip("a user namespace knows no other user")
    try:
        ip("link set tap8 up")
        command = f"setpriv --bounding-set=-all {program} --tap tap8 --address 10.97.0.2/24 -s"
        result = subprocess.run(command.split(), capture_output=True, text=True, timeout=10)
        assert "unable to open tap8: no permission; be root, or have it made" in result.stderr
        assert result.returncode == 1
    finally:
        ip("link del tap8")
