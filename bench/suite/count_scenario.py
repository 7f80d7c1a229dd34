"""Counts that do not depend on how busy the machine is: system calls by strace, instructions in user space by callgrind. Each
is the difference between a long and a short run, divided by the difference of their requests."""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

from suite import load_scenarios
from suite.cores import CLIENT_CORE, pinned
from suite.scenario import Bar, Scenario

SHORT, LONG = 1000, 3000
REPEATS = 3
PEERS = ("rondo", "rondo-uring", "epoll", "asio", "beast", "hyper", "reqwest", "curl", "go", "aiohttp-uvloop", "aiohttp")


def measure(scenario, bench, add):
    server = bench.nginx()
    load = load_scenarios.load_of(scenario, "", server)
    for peer in bench.peers_of(scenario):
        counters = {"system calls": system_calls}
        if peer.counted:
            counters["instructions"] = instructions
        for case, counter in counters.items():
            if shutil.which({"system calls": "strace", "instructions": "valgrind"}[case]) is None:
                continue
            short, long = (fewest(counter, peer, replace(load, count=count)) for count in (SHORT, LONG))
            if short is None or long is None:
                print(f"bench: {scenario.name}: {case} of {peer.name} cannot be counted", file=sys.stderr)
                continue
            add(0, case, peer.name, {"count": (long - short) / (LONG - SHORT)})
    costs = Path(bench.program("bench_request_costs"))
    if costs.exists():
        values = run([str(costs), load.url, str(LONG), str(load.concurrency)]).stdout.split()
        for case, value in zip(("allocations", "allocated bytes", "copied bytes"), values):
            add(0, case, "rondo", {"count": float(value)})


def run(command, environment=None):
    return subprocess.run(command, env=os.environ | (environment or {}), preexec_fn=pinned(CLIENT_CORE), text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def fewest(counter, peer, load):
    """Under valgrind a second is some hundred requests, and each connection then parses a Date that is new: a count in which that
    happens less often is nearer to what a request takes in earnest."""
    counts = [counter(peer, load) for _ in range(REPEATS)]
    return None if None in counts else min(counts)


def system_calls(peer, load):
    with tempfile.NamedTemporaryFile("r") as table:
        if run(["strace", "-f", "-c", "-U", "calls,name", "-o", table.name, *peer.command(load)], peer.environment).returncode != 0:
            return None
        total = re.search(r"^\s*(\d+)\s+total$", table.read(), re.MULTILINE)
        return int(total[1]) if total else None


def instructions(peer, load):
    done = run(["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", *peer.command(load)], peer.environment)
    collected = re.search(r"Collected\s*:\s*(\d+)", done.stderr)
    return int(collected[1]) if done.returncode == 0 and collected else None


SCENARIOS = [
    Scenario("counts", "what one warm request takes: 128 bytes, 64 in flight", measure, peers=PEERS, metrics=("count",),
             rounds=1, cases=("system calls", "instructions", "allocations", "allocated bytes", "copied bytes"),
             details={"path": "128", "cases": {"": 64}},
             bars=(Bar("system calls < 0.5 on io_uring", "count", "rondo-uring", (), 0.5, case="system calls"),
                   Bar("user instructions < 4,500", "count", "rondo", (), 4500, case="instructions"),
                   Bar("system calls ≤ 2 (epoll)", "count", "rondo", (), 2.05, case="system calls"),
                   Bar("allocations: only the body", "count", "rondo", (), 1, case="allocations"))),
]
