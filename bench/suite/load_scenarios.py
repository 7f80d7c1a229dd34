"""Scenarios in which each peer puts the same load on the same server."""

import sys
from dataclasses import replace

from suite import sample
from suite.peers import Load
from suite.scenario import Bar, Scenario
from suite.servers import SIZES, EchoServer

LIBRARIES = ("beast", "hyper", "reqwest", "curl", "go", "aiohttp-uvloop", "aiohttp")
ALL = ("rondo", "rondo-uring", "epoll", "asio", "wrk", "h2load", "beast", "hyper", "reqwest", "curl", "go", "aiohttp-uvloop",
       "aiohttp")
KEPT = (*ALL[:3], "epoll-keep", *ALL[3:])
MANY = (*ALL[:3], "epoll-nap", *ALL[3:])
TLS = ("rondo", "wrk", "h2load", "beast", "reqwest", "curl", "go", "aiohttp-uvloop", "aiohttp")
ECHO = ("echo-rondo", "echo-rondo-uring", "echo-rondo-spin", "echo-epoll", "echo-asio", "echo-libuv", "echo-go")


def measure(scenario, bench, add):
    """Round by round, and in each round one peer after the other, another one first each time; then the next case."""
    server = EchoServer(bench.program("bench/peers/echo_server")) if scenario.details.get("echo") else bench.nginx()
    try:
        plan = [(case, peer, count_for(scenario, case, peer, server, bench))
                for case in scenario.cases for peer in bench.peers_of(scenario)]
        plan = [(case, peer, load) for case, peer, load in plan if load is not None]
        for number in range(bench.rounds(scenario)):
            shift = number * len(plan) // max(bench.rounds(scenario), 1)
            for case, peer, load in plan[shift:] + plan[:shift]:
                measured = attempt(peer, load, server, bench.seconds)
                if measured is not None:
                    add(number, case, peer.name, figures(measured, load.size))
            bench.say(f"{scenario.name}: round {number + 1} done")
    finally:
        if scenario.details.get("echo"):
            server.close()


def load_of(scenario, case, server):
    details = scenario.details
    concurrency = details["cases"][case]
    if details.get("echo"):
        return Load(server.url, 0, concurrency, 64)
    port = details.get("port", "http")
    return Load(server.url(port, details["path"]), 0, concurrency, SIZES[details["path"]],
                None if port == "http" else server.ca_file)


def count_for(scenario, case, peer, server, bench):
    load = load_of(scenario, case, server)
    if not peer.reports:
        return load
    try:
        return replace(load, count=sample.count_for(peer, load, server, bench.seconds))
    except sample.PeerFailed as failure:
        print(f"bench: {scenario.name}: left out: {failure}", file=sys.stderr)
        return None


def attempt(peer, load, server, seconds):
    try:
        return sample.run(peer, load, server, seconds)
    except sample.PeerFailed as failure:
        print(f"bench: a run is left out: {failure}", file=sys.stderr)
        return None


def figures(measured, size):
    mib = size / (1 << 20)
    values = {name: getattr(measured, name) for name in ("cpu_us", "rate", "server_us", "server_load")}
    values["peak_mib"] = measured.peak_kib / 1024
    if measured.kernel_us is not None:
        values["kernel_us"] = measured.kernel_us
    if size >= 1 << 20:
        values["cpu_us_mib"] = measured.cpu_us / mib
        values["both_us_mib"] = (measured.cpu_us + measured.server_us) / mib
    return values


SMALL = ("cpu_us", "rate", "server_load", "peak_mib")
LARGE = ("cpu_us_mib", "both_us_mib", "rate", "server_load", "peak_mib")


def http(name, title, path, concurrency, peers=ALL, metrics=SMALL, bars=(), note="", **more):
    return Scenario(name, title, measure, peers=peers, metrics=metrics, plot=metrics[0], bars=bars, note=note,
                    details={"path": path, "cases": {"": concurrency}, **more})


def echo(name, title, connections, bars, peers=ECHO):
    return Scenario(name, title, measure, peers=peers, metrics=SMALL, plot="cpu_us", bars=bars, note=ECHO_NOTE,
                    details={"echo": True, "cases": {"": connections}})


COLD_NOTE = """With one request in flight a program sleeps and wakes for each, and finds the processor's caches cold: what a session
does on top of the hand-written loop costs more than twice what it costs with 64. It executes 4,800 instructions in 505 lines of
code and touches 202 lines of data (valgrind, lackey; the loop: 73 and 105); the 4,800 are in 149 functions, none with more than
4 %. With the compiler's profile of such a run (GCC's -fprofile-use), which puts all of that side by side, it costs 4 % less, with
optimisation at link time 2 %; to fetch those lines of code ahead when the loop wakes changes nothing. Spinning spares the client's
sleep, not the server's: the loop that spins shows how much there is to be had."""
KEPT_NOTE = """The hand-written loop receives all bodies into one buffer, which stays in the processor's cache; Rondo's are kept,
as its users want them. The same loop with memory for each body shows what that costs."""
SHARED_NOTE = KEPT_NOTE + """ Client and server are one account here, for whoever acknowledges sends what the other has queued:
a peer that is slow itself has a cheap server."""
STREAM_NOTE = """99 % of the client's time is the kernel's, and 60 % is the copying (perf)."""
ECHO_NOTE = """An echo takes 740 user instructions with 64 connections and 1,040 with one, and the hand-written loop's 106; nearly all else is the kernel's."""
HANDSHAKE_NOTE = """Rondo verifies the server's chain of certificates once in five minutes, Beast with each handshake, and wrk never."""
NAP_NOTE = """A client that is faster than the server is woken for nearly each answer. Rondo's loop sees that and naps, to be woken once
for several (`RunOptions::coalesce`, on by default); the hand-written loop does so only in the row that says it."""
GROWTH_NOTE = """The hand-written loop grows as well: of thousands of connections the kernel's own state, at both ends, is in no cache.
From about 3,500 in flight on an answer takes more than 40 ms, and the server's kernel acknowledges requests by themselves, on the
client's processor, too: 41,000 times in 110,000 requests with 5,000 in flight, 56 times with 2,000 (nstat, TcpExtDelayedACKs).
Rondo's own part has no more to do than with 64, but finds its frame, connection and request in no cache. A session that keeps
its default opens 100 connections to do the same, and lets the other requests wait for one."""

GROWTH = {f"{number} in flight": number for number in (64, 256, 1000, 3000, 5000)}


def growth_of(peer, how):
    return Bar(f"5,000 in flight ≤ 1.3 × 64 in flight, {how}", "cpu_us", peer, (peer,), 1.3, 1.0,
               case="5000 in flight", base_case="64 in flight")


SCENARIOS = [
    http("small-64", "128 bytes, 64 in flight", "128", 64, MANY, note=NAP_NOTE,
         bars=(Bar("≤ 0.92 × wrk's CPU", "cpu_us", "rondo", ("wrk",), 0.92, 0.85),)),
    http("small-256", "128 bytes, 256 in flight", "128", 256, MANY, note=NAP_NOTE,
         bars=(Bar("≤ 0.92 × wrk's CPU", "cpu_us", "rondo", ("wrk",), 0.92, 0.85),)),
    http("single", "128 bytes, 1 in flight", "128", 1, note=COLD_NOTE,
         peers=("rondo", "rondo-uring", "rondo-spin", "epoll", "epoll-spin", "asio", "wrk", "beast", "hyper", "curl",
                "go", "aiohttp-uvloop"),
         bars=(Bar("≤ 1.08 × the hand-written loop's CPU", "cpu_us", "rondo", ("epoll",), 1.08, 1.03),
               Bar("aim: with spin 3 × the rate", "rate", "rondo-spin", ("rondo",), 3, least=True))),
    http("tls-64", "TLS 1.3 keep-alive, 128 bytes, 64 in flight", "128", 64, TLS, port="https",
         bars=(Bar("≤ 1.00 × wrk's CPU (which does not verify)", "cpu_us", "rondo", ("wrk",), 1.0, 0.9),)),
    http("handshake-full", "TLS 1.3, a full handshake for each request, 16 in flight", "128", 16,
         ("rondo", "beast", "wrk", "curl", "go"), port="handshake_full", note=HANDSHAKE_NOTE,
         bars=(Bar("≤ 1.00 × Beast's CPU", "cpu_us", "rondo", ("beast",), 1.0),)),
    http("handshake-resumed", "TLS 1.3, a resumed handshake for each request, 16 in flight", "128", 16,
         ("rondo", "wrk", "curl", "go"), port="handshake_resumed",
         bars=(Bar("≤ 1.05 × wrk's CPU", "cpu_us", "rondo", ("wrk",), 1.05),)),
    http("body-64k", "64 KiB, 64 in flight", "64k", 64, KEPT, note=KEPT_NOTE,
         bars=(Bar("≤ wrk's CPU", "cpu_us", "rondo", ("wrk",), 1.0),
               Bar("≤ every library's CPU", "cpu_us", "rondo", LIBRARIES, 1.0),
               Bar("aim: ≤ 1.10 × the hand-written loop's CPU", "cpu_us", "rondo", ("epoll",), 1.1))),
    http("body-1m", "1 MiB, 16 in flight", "1m", 16, KEPT, note=SHARED_NOTE,
         metrics=("both_us_mib", "cpu_us_mib", "rate", "server_load", "peak_mib"),
         bars=(Bar("≤ wrk's client and server CPU", "both_us_mib", "rondo", ("wrk",), 1.0),
               Bar("≤ every library's client and server CPU", "both_us_mib", "rondo", LIBRARIES, 1.0),
               Bar("aim: ≤ 1.10 × the hand-written loop's", "both_us_mib", "rondo", ("epoll",), 1.1))),
    http("body-100m", "100 MiB, one at a time", "100m", 1, metrics=LARGE, note=STREAM_NOTE,
         bars=(Bar("≤ wrk's CPU", "cpu_us_mib", "rondo", ("wrk",), 1.0),
               Bar("≤ every library's CPU", "cpu_us_mib", "rondo", LIBRARIES, 1.0),
               Bar("aim: ≤ 1.10 × the hand-written loop's CPU", "cpu_us_mib", "rondo", ("epoll",), 1.1))),
    echo("echo-1", "echo of 64 bytes, 1 connection", 1,
         (Bar("≤ 1.05 × the hand-written loop's CPU", "cpu_us", "echo-rondo", ("echo-epoll",), 1.05),
          Bar("aim: ahead of Asio, libuv, Go", "cpu_us", "echo-rondo", ("echo-asio", "echo-libuv", "echo-go"), 1.0))),
    echo("echo-64", "echo of 64 bytes, 64 connections", 64,
         (Bar("≤ 1.05 × the hand-written loop's CPU", "cpu_us", "echo-rondo", ("echo-epoll",), 1.05),
          Bar("aim: ahead of Asio, libuv, Go", "cpu_us", "echo-rondo", ("echo-asio", "echo-libuv", "echo-go"), 1.0))),
    Scenario("in-flight", "128 bytes, 64 to 5,000 in flight", measure, cases=tuple(GROWTH), rounds=3,
             peers=("rondo", "rondo-default", "epoll", "asio", "wrk", "beast", "curl", "go"), metrics=("cpu_us", "rate", "peak_mib"),
             part="kernel_us", plot="cpu_us", details={"path": "128", "cases": GROWTH}, note=GROWTH_NOTE,
             bars=(growth_of("rondo-default", "with the session's default of 100 connections"),
                   growth_of("rondo", "with a connection for each"))),
]
