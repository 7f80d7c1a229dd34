"""Jobs that survive: memory and time of a long list in the journal, and what many kills leave."""

import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import journal_kills
from suite import tmpfs
from suite.process_costs import peak_kib
from suite.scenario import Bar, Scenario

SHORT, LONG = 250_000, 1_000_000
NAME = "rondo fetch --job"


def run(command):
    """Seconds, and memory in MiB at its peak, of a command that may have failed transfers."""
    begun = time.monotonic()
    process = subprocess.Popen([str(word) for word in command], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    peak = 0
    while process.poll() is None:
        peak = peak_kib(process.pid) or peak
        time.sleep(0.01)
    errors = process.stderr.read()
    if process.wait() not in (0, 1):
        sys.exit(f"bench: {command}: {errors}")
    return time.monotonic() - begun, peak / 1024


def measure_length(rondo, directory, count, port):
    """Every URL is refused by a port where nobody listens, so that what is measured is the command and its journal. What the
    journal itself costs is found with transfers that cost little (fetch-100k): most of a refused one is its error."""
    urls = directory / "urls.txt"
    with urls.open("w") as file:
        for number in range(count):
            file.write(f"http://127.0.0.1:{port}/files/{number}.bin\n")
    command = [rondo, "fetch", "-i", urls, "-o", directory / "out", "--quiet", "--per-host", "64", "--job", directory / "job.db"]
    _, peak = run(command)
    seconds, _ = run(command)
    return {"peak_mib": peak, "start_s": seconds}


def measure_lengths(scenario, bench, add):
    with socket.socket() as closed:  # bound, so that nobody listens there
        closed.bind(("127.0.0.1", 0))
        for number in range(bench.rounds(scenario)):
            for count in (SHORT, LONG):
                with tempfile.TemporaryDirectory(dir=tmpfs.base()) as name:
                    figures = measure_length(bench.program("rondo"), Path(name), count, closed.getsockname()[1])
                    add(number, f"{count:,} URLs", NAME, figures)
            bench.say(f"{scenario.name}: round {number + 1} done")


def measure_kills(scenario, bench, add):
    details = scenario.details
    for number in range(bench.rounds(scenario)):
        begun = time.monotonic()
        if not journal_kills.passes(bench.build, details["urls"], details["kills"], details["seconds"], number):
            sys.exit(f"bench: {scenario.name}: something was lost, doubled or left behind")
        add(number, "", NAME, {"wall_s": time.monotonic() - begun})


SCENARIOS = [
    Scenario("journal", "a long list in the journal, of URLs that nobody answers", measure_lengths,
             cases=(f"{SHORT:,} URLs", f"{LONG:,} URLs"), metrics=("peak_mib", "start_s"), rounds=1,
             bars=(Bar("memory does not grow with the list", "peak_mib", NAME, (NAME,), 1.1, case=f"{LONG:,} URLs",
                       base_case=f"{SHORT:,} URLs"),
                   Bar("a second run starts within seconds", "start_s", NAME, (), 5, case=f"{LONG:,} URLs"))),
    Scenario("journal-kills", "one job of 20,000 URLs, killed at 50 random moments; passes if nothing is lost, doubled or left",
             measure_kills, metrics=("wall_s",), rounds=1, details={"urls": 20_000, "kills": 50, "seconds": 0.4}),
]
