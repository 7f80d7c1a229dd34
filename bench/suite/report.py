"""docs/benchmarks.md, with its plots in docs/benchmarks/."""

import statistics
from pathlib import Path

from suite import machine, plot, table
from suite.results import Results
from suite.verdict import judge

INTRODUCTION = """# Benchmarks

Written by `./dev bench`, which builds our client and its peers from Debian's packages, runs them beside each other and
writes this page. `./dev bench --list` names the scenarios, and the command under each table repeats that table alone.

## How it is measured

Server and client are pinned to a core each. In every round each peer runs once, for a second or what the command under the
table says, one after the other, another one first each time; figures are medians over the rounds, and ratios are medians of
the ratios within a round. CPU is user and system time of the client process, measured after a warm-up, so that starting,
connecting and the first handshakes are not in it. `wrk` and `h2load` cannot say when they are warm: they are watched from outside between two
moments, their CPU by the kernel's own account (`schedstat`), their requests by the server's. nginx has one worker, no logs,
and its files in memory. Bodies up to 4 KiB are compared byte for byte by every peer that gives them to its user; of larger
ones the length is checked. Bodies are read whole into memory, that of 100 MiB in pieces. Each peer has the settings that
its documentation recommends; they stand at the top of its source in `bench/peers/`. Rondo runs as it is built by default
and with the defaults of its session, but for the limit of connections, which is the number of requests in flight unless the
row says that it is the default, too.

All of them meet on the loopback interface; where the system allows it, as the table below says, that of a network namespace of their
own, which has Linux's default of what differs between machines: the congestion control. Under BBR, which some machines have, each
connection has a timer that paces what it sends, and large bodies cost their server five times as much. `--network machine` measures
on the machine's own.
"""

NOISE = """## Noise, and where the server is the limit

This is a virtual machine with few cores, on a host that does other things: absolute times move by 4 to 14 % between days.
In this run the highest figure of a peer was above its lowest by {spread:.0%}, in the median over all scenarios; the column
lowest–highest has each. Ratios within a round hold better, but only as well as two runs one after the other can be compared: a
ratio that is nearer to its bar than a quarter of that spread is a matter of luck, and wants more rounds (`--add`).

Where "server's core in use" is near 1, nginx is the limit: the requests per second are then nginx's, the same for every
client that is fast enough, and only the CPU per request tells the clients apart. A client that is faster than the server
also pays for going to sleep and waking up, which a slow client never does: that is in its figure. With one request in
flight most of the time is that of waking up a core, and how deeply the kernel lets it sleep decides more than either
program. On the loopback interface the sender's system call does much of the receiver's work in the kernel, so that a part
of each side's CPU belongs to the other; the figures for client and server together are free of that. Memory at the peak is
read ten times a second.
"""


def write(root, scenarios, results_directory, titles):
    root = Path(root)
    measured = [(scenario, results) for scenario in scenarios
                if (results := Results.load(results_directory, scenario.name)) is not None and results.records]
    plots = root / "docs" / "benchmarks"
    plots.mkdir(parents=True, exist_ok=True)
    parts = [INTRODUCTION, facts(measured), summary(measured)]
    for scenario, results in measured:
        parts.append(section(scenario, results, titles))
        if scenario.plot:
            (plots / f"{scenario.name}.svg").write_text(plot.draw(scenario, results, titles))
    parts.append(NOISE.format(spread=typical_spread(measured)))
    (root / "docs" / "benchmarks.md").write_text("\n".join(parts))


def typical_spread(measured):
    """From the lowest to the highest of a peer's first metric, as a share of the lowest: the median over all peers."""
    spreads = [results.spread(scenario.metrics[0], case, peer)
               for scenario, results in measured for case in scenario.cases for peer in results.peers()]
    return statistics.median([high / low - 1 for low, high in filter(None, spreads) if low] or [0])


def facts(measured):
    commits = ", ".join(dict.fromkeys(results.commit for _, results in measured))
    days = ", ".join(dict.fromkeys(results.date for _, results in measured))
    lines = {"Rondo at commit": commits, "measured": days, **machine.facts()}
    return "## The machine\n\n" + table.markdown([["", ""], *([name, value] for name, value in lines.items())]) + "\n"


def summary(measured):
    """Every bar of the project with its verdict."""
    lines = [["scenario", "bar", "measured", "met", "aim"]]
    for scenario, results in measured:
        for bar in scenario.bars:
            verdict = judge(bar, results)
            if verdict is None:
                lines.append([scenario.title, bar.text, "not measured", "–", "–"])
                continue
            of = f" × {verdict.against}" if verdict.against and verdict.against != bar.who else ""
            digits = 3 if bar.of and bar.limit < 0.1 else 2
            aim = "–" if verdict.aim_met is None else f"{bar.aim:g}: {'met' if verdict.aim_met else 'not met'}"
            lines.append([scenario.title, bar.text, table.number(verdict.value, digits) + of,
                          "yes" if verdict.met else "**no**", aim])
    return "## The bars\n\n" + table.markdown(lines) + "\n"


def section(scenario, results, titles):
    lines = [f"## {scenario.title[0].upper()}{scenario.title[1:]}", ""]
    if scenario.note:
        lines += [scenario.note, ""]
    lines += [table.markdown(table.rows(scenario, results, titles)), ""]
    if scenario.plot:
        lines += [f"![{scenario.title}](benchmarks/{scenario.name}.svg)", ""]
    lines += [f"{results.rounds()} rounds. Again: `{command(scenario, results)}`", ""]
    return "\n".join(lines)


def command(scenario, results):
    seconds = f" --seconds {results.seconds:g}" if results.seconds != 1 else ""
    return f"./dev bench {scenario.name} --rounds {results.rounds()}{seconds}"
