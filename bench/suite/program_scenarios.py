"""Scenarios that only a program of ours runs: it measures itself and prints its figures."""

import subprocess
from pathlib import Path

from suite import load_scenarios
from suite.cores import CLIENT_CORE, pinned
from suite.scenario import Bar, Scenario


def output_of(command):
    done = subprocess.run(command, preexec_fn=pinned(CLIENT_CORE), check=True, text=True, stdout=subprocess.PIPE)
    return done.stdout.split()


TIMER = "timer of 1–1000 ms"


def measure_runtime(scenario, bench, add):
    """Each program prints "NAME NANOSECONDS" lines."""
    names = {"await": "co_await of a child", "spawn": "spawn and join", "switch": "switch", "timer": TIMER}
    programs = {"": "bench_runtime_costs", ", libuv": "bench/peers/costs_libuv", ", Asio": "bench/peers/costs_asio"}
    present = {whose: bench.program(path) for whose, path in programs.items() if Path(bench.program(path)).is_file()}
    for number in range(bench.rounds(scenario)):
        for whose, program in present.items():
            words = output_of([program])
            for name, value in zip(words[::2], words[1::2]):
                add(number, "", names[name] + whose, {"ns": float(value)})


def measure_idle_memory(scenario, bench, add):
    url = bench.nginx().url("http", "128")
    for number in range(bench.rounds(scenario)):
        [value] = output_of([bench.program("bench_idle_memory"), url, "10000"])
        add(number, "", "Rondo", {"bytes": float(value)})


# A request over a kept connection asks whose loop this is once in the session, in the write, in the read, and when the body
# gives the connection back.
CHECKS_A_REQUEST = 4


def measure_owner_checks(scenario, bench, add):
    """Beside a request of small-64 in the same round, since it is the share of one that matters."""
    server = bench.nginx()
    peer = bench.peers["rondo"]
    small = next(found for found in load_scenarios.SCENARIOS if found.name == "small-64")
    load = load_scenarios.count_for(small, "", peer, server, bench)
    for number in range(bench.rounds(scenario)):
        check_ns, call_ns = (float(word) for word in output_of([bench.program("bench_owner_checks")]))
        request = load_scenarios.attempt(peer, load, server, bench.seconds)
        add(number, "", "one check", {"ns": check_ns})
        add(number, "", "one call_soon and its turn", {"ns": call_ns})
        add(number, "", f"{CHECKS_A_REQUEST} checks: those of a request", {"ns": CHECKS_A_REQUEST * check_ns})
        add(number, "", "a request", {"ns": request.cpu_us * 1000})


SCENARIOS = [
    Scenario("runtime", "the runtime's own costs", measure_runtime, metrics=("ns",), rounds=3,
             bars=(Bar("co_await of a child ≤ 12 ns", "ns", "co_await of a child", (), 12, 8),
                   Bar("spawn and join ≤ 60 ns", "ns", "spawn and join", (), 60, 40),
                   Bar("switch ≤ 20 ns", "ns", "switch", (), 20, 12),
                   Bar("100,000 timers of 1–1000 ms ≤ libuv's", "ns", TIMER, (f"{TIMER}, libuv",), 1.0),
                   Bar("100,000 timers of 1–1000 ms ≤ 1.3 µs each", "ns", TIMER, (), 1300, 600))),
    Scenario("idle-memory", "memory of an idle kept connection, of 10,000", measure_idle_memory, metrics=("bytes",), rounds=3,
             bars=(Bar("≤ 3.9 KB a connection", "bytes", "Rondo", (), 3900, 1500),)),
    Scenario("owner-checks", "what the checks of the owner cost, which are always on", measure_owner_checks, metrics=("ns",),
             rounds=3, bars=(Bar("≤ 2 % of a request", "ns", f"{CHECKS_A_REQUEST} checks: those of a request",
                                 ("a request",), 0.02),)),
]
