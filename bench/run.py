#!/usr/bin/env python3
"""The benchmarks. Without a scenario: all of them, and then docs/benchmarks.md is written from them.

    ./dev bench --list
    ./dev bench small-64 --rounds 9
"""

import argparse
import datetime
import os
import resource
import sys
from pathlib import Path

from suite import (count_scenario, fetch_scenario, journal_scenarios, load_scenarios, machine, network, program_scenarios, report,
                   table)
from suite.bench import Bench
from suite.cores import SERVER_CORE
from suite.results import Results

ROOT = Path(__file__).resolve().parents[1]
# Names for several: `costs` are the figures that need no quiet machine.
GROUPS = {"costs": ("counts", "runtime", "idle-memory")}
SCENARIOS = [*load_scenarios.SCENARIOS, *fetch_scenario.SCENARIOS, *journal_scenarios.SCENARIOS, *program_scenarios.SCENARIOS, *count_scenario.SCENARIOS]


def arguments():
    parser = argparse.ArgumentParser(prog="./dev bench", description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("scenarios", nargs="*", metavar="SCENARIO")
    parser.add_argument("--list", action="store_true", help="name the scenarios")
    parser.add_argument("--rounds", type=int, help="instead of each scenario's own number")
    parser.add_argument("--seconds", type=float, default=1.0, help="how long each run takes, about (1)")
    parser.add_argument("--peers", default="", help="only these, separated by commas")
    parser.add_argument("--add", action="store_true", help="add the rounds to those that are stored already")
    parser.add_argument("--report", action="store_true", help="write docs/benchmarks.md from what is stored; measure only "
                                                              "the scenarios named")
    parser.add_argument("--network", choices=(network.OWN, network.MACHINE), default=network.OWN,
                        help="a network namespace of its own, with Linux's default congestion control (own), or the machine's, "
                             "whose figures are kept apart")
    parser.add_argument("--build", default=str(ROOT / "build"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    options.scenarios = [name for word in options.scenarios for name in GROUPS.get(word, (word,))]
    unknown = set(options.scenarios) - {scenario.name for scenario in SCENARIOS}
    if unknown:
        parser.error(f"no such scenario: {', '.join(sorted(unknown))}; --list names them")
    return options


def main():
    options = arguments()
    if options.list:
        for scenario in SCENARIOS:
            print(f"{scenario.name:18} {scenario.title}")
        for group, names in GROUPS.items():
            print(f"{group:18} {', '.join(names)}")
        return
    if options.network == network.OWN:
        network.enter_own()
    os.sched_setaffinity(0, {SERVER_CORE})
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))  # servers and clients inherit it
    wanted = [scenario for scenario in SCENARIOS if scenario.name in options.scenarios]
    if not options.scenarios and not options.report:
        wanted = SCENARIOS
    stored = Path(options.build) / "bench" / ("results" if options.network == network.OWN else "results-machine")
    bench = Bench(options.build, options.seconds, options.rounds, tuple(filter(None, options.peers.split(","))))
    titles = {peer.name: peer.title for peer in bench.peers.values()}
    try:
        for scenario in wanted:
            measure(scenario, bench, stored, titles, options.add)
    finally:
        bench.close()
    if options.report or not options.scenarios:
        report.write(ROOT, SCENARIOS, stored, titles)
        print("docs/benchmarks.md is written.")


def measure(scenario, bench, stored, titles, add):
    results = Results(scenario.name, machine.commit(ROOT), datetime.date.today().isoformat(), bench.seconds)
    scenario.measure(scenario, bench, results.add)
    earlier = Results.load(stored, scenario.name) if add else None
    if earlier is not None:
        earlier.extend(results)
        results = earlier
    results.save(stored)
    print(f"\n{scenario.name}: {scenario.title} ({results.rounds()} rounds, medians)\n")
    if not results.records:
        sys.exit("bench: nothing could be measured")
    print(table.plain(table.rows(scenario, results, titles)))
    print()
    for line in table.bar_lines(scenario, results):
        print(line.replace("**", ""))


if __name__ == "__main__":
    main()
