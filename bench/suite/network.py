"""The network on which servers and clients meet: loopback, in a namespace of its own with what Linux does by default.

A machine may have another congestion control. BBR times each packet, and on loopback, which has no queue that does so for it,
by a timer of each connection: large bodies then cost their server five times as much, and what is measured is timers."""

import fcntl
import os
import socket
import struct
import subprocess
import sys
from pathlib import Path

OWN, MACHINE = "own", "machine"
# Linux's default, and what it is without loss, for namespaces that may not have it.
DEFAULTS = ("cubic", "reno")
CONGESTION_CONTROL = Path("/proc/sys/net/ipv4/tcp_congestion_control")

_INSIDE = "RONDO_BENCH_NETWORK"
_SIOCGIFFLAGS, _SIOCSIFFLAGS, _IFF_UP = 0x8913, 0x8914, 1


def enter_own():
    """Begins this program again in a namespace of its own. Where the system does not allow that, it goes on as it is."""
    if _INSIDE in os.environ:
        bring_loopback_up()
        return set_default_congestion_control()
    command = ["unshare", "--net"] if os.geteuid() == 0 else ["unshare", "--user", "--map-root-user", "--net"]
    if not succeeds([*command, "true"]):
        return print("bench: no network namespace of its own is allowed here: measuring on the machine's", file=sys.stderr)
    sys.stdout.flush()
    os.environ[_INSIDE] = "1"
    os.execvp(command[0], [*command, sys.executable, *sys.argv])


def succeeds(command):
    try:
        return subprocess.run(command, capture_output=True).returncode == 0
    except FileNotFoundError:
        return False


def bring_loopback_up():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        request = fcntl.ioctl(any_socket, _SIOCGIFFLAGS, struct.pack("16sH14x", b"lo", 0))
        [flags] = struct.unpack("16xH14x", request)
        fcntl.ioctl(any_socket, _SIOCSIFFLAGS, struct.pack("16sH14x", b"lo", flags | _IFF_UP))


def set_default_congestion_control():
    for name in DEFAULTS:
        try:
            return CONGESTION_CONTROL.write_text(name)
        except OSError:
            continue  # not in this kernel, or not allowed in a namespace


def description():
    """For the facts of the machine."""
    whose = "in a namespace of its own" if _INSIDE in os.environ else "the machine's"
    return f"loopback, {whose}; TCP with {CONGESTION_CONTROL.read_text().strip()}"
