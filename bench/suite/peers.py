"""Who is measured, and by which command. The settings that each peer got stand at the top of its source, in bench/peers."""

import shutil
from dataclasses import dataclass, field
from pathlib import Path

PEERS_SOURCE = Path(__file__).resolve().parents[1] / "peers"


@dataclass(frozen=True)
class Load:
    """One job for a peer: `count` requests of `size` bytes each, `concurrency` at a time."""
    url: str
    count: int
    concurrency: int
    size: int
    ca_file: str | None = None

    def arguments(self):
        ca_file = [str(self.ca_file)] if self.ca_file else []
        return [self.url, str(self.count), str(self.concurrency), str(self.size), *ca_file]


@dataclass(frozen=True)
class Peer:
    """`command` gives the arguments for a Load. `reports`: it prints its own figures (bench/peers/load.hpp); the others are
    watched from outside while they run. `counted`: callgrind can count its instructions."""
    name: str
    title: str
    program: str
    command: object
    reports: bool = True
    counted: bool = True
    environment: dict = field(default_factory=dict)

    def is_there(self):
        return shutil.which(self.program) is not None or Path(self.program).is_file()


def all_peers(build):
    """By name. `build` is the build directory."""
    def own(name, title, program, **more):
        path = str(Path(build) / "bench" / "peers" / program)
        return Peer(name, title, path, lambda load: [path, *load.arguments()], **more)

    def python(name, title, *options):
        # Debian's interpreter: its python3-aiohttp is what is measured.
        script = str(PEERS_SOURCE / "aiohttp_client.py")
        return Peer(name, title, "/usr/bin/python3",
                    lambda load: ["/usr/bin/python3", script, *options, *load.arguments()], counted=False)

    ring, spin, keep = {"RONDO_BACKEND": "io_uring"}, {"RONDO_BENCH_SPIN": "100"}, {"RONDO_BENCH_KEEP": "1"}
    nap, default = {"RONDO_BENCH_NAP": "25"}, {"RONDO_BENCH_DEFAULT_LIMIT": "1"}
    peers = [
        own("rondo", "Rondo", "rondo_client"),
        own("rondo-uring", "Rondo, io_uring", "rondo_client", environment=ring),
        own("rondo-spin", "Rondo, spin 100 µs", "rondo_client", environment=spin),
        own("rondo-default", "Rondo, at most 100 connections (its default)", "rondo_client", environment=default),
        own("epoll", "hand-written epoll loop (the floor)", "epoll_client"),
        own("epoll-keep", "the same loop, each body in memory of its own", "epoll_client", environment=keep),
        own("epoll-nap", "the same loop, a nap of 25 µs before each wait", "epoll_client", environment=nap),
        own("epoll-spin", "the same loop, spin 100 µs", "epoll_client", environment=spin),
        own("asio", "Asio sockets alone", "asio_client"),
        Peer("wrk", "wrk", "wrk", wrk_command, reports=False),
        Peer("h2load", "h2load --h1", "h2load", h2load_command, reports=False),
        own("beast", "Beast, Asio coroutines", "beast_client"),
        own("hyper", "hyper", "hyper_client"),
        own("reqwest", "reqwest", "reqwest_client"),
        own("curl", "libcurl multi", "curl_client"),
        own("go", "Go net/http", "go_client", counted=False),
        python("aiohttp-uvloop", "aiohttp, uvloop", "--uvloop"),
        python("aiohttp", "aiohttp"),
        own("echo-rondo", "Rondo", "echo_rondo"),
        own("echo-rondo-uring", "Rondo, io_uring", "echo_rondo", environment=ring),
        own("echo-rondo-spin", "Rondo, spin 100 µs", "echo_rondo", environment=spin),
        own("echo-epoll", "hand-written epoll loop (the floor)", "echo_epoll"),
        own("echo-asio", "Asio", "echo_asio"),
        own("echo-libuv", "libuv", "echo_libuv"),
        own("echo-go", "Go", "echo_go", counted=False),
    ]
    return {peer.name: peer for peer in peers}


# Both are stopped when they have been watched long enough.
LONG = 3600


def wrk_command(load):
    """One thread. It checks no certificate, and no body."""
    return ["wrk", "-t1", f"-c{load.concurrency}", f"-d{LONG}s", load.url]


def h2load_command(load):
    """One thread, HTTP/1.1. It checks no certificate."""
    return ["h2load", "--h1", "-t1", f"-c{load.concurrency}", f"-D{LONG}", load.url]
