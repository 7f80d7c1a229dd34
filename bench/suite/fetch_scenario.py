"""The command beside its like: many small files from one server into a directory on tmpfs."""

import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from suite import tmpfs
from suite.cores import CLIENT_CORE, pinned
from suite.scenario import Bar, Scenario

SIZE, AT_A_TIME = 128, 64
WIDE = f"rondo fetch --per-host {AT_A_TIME}"
WITH_JOURNAL = f"{WIDE} --job"
OTHERS = ("curl -Z", "aria2c", "wget2")


def lists(directory, url, count):
    """The same URLs as each command wants them."""
    urls = [f"{url}{number}" for number in range(count)]
    plain, curl, aria = (directory / name for name in ("urls.txt", "curl.txt", "aria2.txt"))
    plain.write_text("".join(f"{one}\n" for one in urls))
    curl.write_text("".join(f'url = "{one}"\noutput = "{number}"\n' for number, one in enumerate(urls)))
    aria.write_text("".join(f"{one}\n  out={number}\n" for number, one in enumerate(urls)))
    return plain, curl, aria


def commands(rondo, plain, curl, aria):
    """Each writes into the directory it is started in. All have the same number of transfers at a time, but for the line of
    `rondo fetch` without options, which goes by its default of 8 for one host. aria2 allows 16 connections to a host, and no
    file allocation is its fastest way on tmpfs."""
    fetch = [rondo, "fetch", "-i", plain, "-o", ".", "--quiet"]
    return {
        "rondo fetch": fetch,
        WIDE: [*fetch, "-c", AT_A_TIME, "--per-host", AT_A_TIME],
        WITH_JOURNAL: [*fetch, "-c", AT_A_TIME, "--per-host", AT_A_TIME, "--job", "../job.db"],
        "curl -Z": ["curl", "-q", "--silent", "--fail", "-Z", "--parallel-max", AT_A_TIME, "-K", curl],
        "aria2c": ["aria2c", "--no-conf", "--quiet", "-i", aria, "-j", AT_A_TIME, "-x", "16", "--file-allocation=none",
                   "--auto-save-interval=0", "--summary-interval=0"],
        "wget2": ["wget2", "--no-config", "--quiet", "--no-robots", "-nd", "-i", plain, "--max-threads", AT_A_TIME],
    }


def measure(scenario, bench, add):
    with tempfile.TemporaryDirectory(dir=tmpfs.base()) as name:
        directory = Path(name)
        count = scenario.details["files"]
        files = lists(directory, bench.nginx().url("http", "small/"), count)
        every = commands(bench.program("rondo"), *files)
        present = {who: command for who, command in every.items() if shutil.which(command[0])}
        for missing in every.keys() - present.keys():
            print(f"bench: {scenario.name}: {missing} is not installed", file=sys.stderr)
        for number in range(bench.rounds(scenario)):
            order = list(present)[number % len(present):] + list(present)[:number % len(present)]
            fetched = {who: fetch_all(present[who], directory / "files", who, count) for who in order}
            for who in filter(fetched.get, order):
                add(number, "", who, fetched[who])
            if fetched.get(WIDE) and fetched.get(WITH_JOURNAL):
                add(number, "", WITH_JOURNAL, {"journal_us": fetched[WITH_JOURNAL]["cpu_us"] - fetched[WIDE]["cpu_us"]})
            bench.say(f"{scenario.name}: round {number + 1} done")


def fetch_all(command, into, who, count):
    into.mkdir()
    try:
        before, begun = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
        done = subprocess.run([str(word) for word in command], cwd=into, preexec_fn=pinned(CLIENT_CORE),
                              stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        wall, after = time.monotonic() - begun, resource.getrusage(resource.RUSAGE_CHILDREN)
        cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        good = sum(1 for file in os.scandir(into) if file.stat().st_size == SIZE)
        if good != count:
            print(f"bench: fetch: left out: {who} gave {good} of {count} files: {done.stderr.strip()[-300:]}", file=sys.stderr)
            return None
        return {"cpu_s": cpu, "cpu_us": cpu / count * 1e6, "wall_s": wall}
    finally:
        shutil.rmtree(into)
        for journal in into.parent.glob("job.db*"):
            journal.unlink()


SCENARIOS = [
    Scenario("fetch", f"10,000 files of {SIZE} bytes into a directory on tmpfs, by the command", measure,
             metrics=("cpu_s", "wall_s"), plot="cpu_s", details={"files": 10_000},
             bars=(Bar("≤ 0.8 × curl -Z's CPU", "cpu_s", "rondo fetch", ("curl -Z",), 0.8, 0.5),
                   Bar("≤ 0.8 × curl -Z's time", "wall_s", "rondo fetch", ("curl -Z",), 0.8, 0.5))),
    Scenario("fetch-100k", f"100,000 files of {SIZE} bytes into a directory on tmpfs, by the command", measure,
             metrics=("cpu_us", "wall_s", "journal_us"), rounds=3, details={"files": 100_000},
             bars=(Bar("≤ 0.6 × the CPU of the best of the others", "cpu_us", WIDE, OTHERS, 0.6),
                   Bar("with a journal less than the best of them", "cpu_us", WITH_JOURNAL, OTHERS, 1.0),
                   Bar("≤ 30 µs of the journal for each URL", "journal_us", WITH_JOURNAL, (), 30))),
]
