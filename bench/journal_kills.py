#!/usr/bin/env python3
"""Kills `rondo fetch --job` at random moments of one job and starts it again, until it is done.

At the end every file must be there with its hash, the journal must agree, no temporary file may be left, and nothing
may have been fetched after it was recorded as done: the server's log says what was fetched, the journal when.
"""

import argparse
import hashlib
import json
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from nginx_files import NginxFiles
from suite import tmpfs


def parse():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--build", type=Path, default=Path("build"), help="where the command is")
    parser.add_argument("--urls", type=int, default=20000)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=0.4, help="the longest life of a process, if there is work for so long")
    parser.add_argument("--seed", type=int, default=random.randrange(1 << 30))
    return parser.parse_args()


def recorded(journal):
    """The ids that the journal has as done: what must not be fetched again."""
    if not journal.exists():
        return set()
    connection = sqlite3.connect(f"file:{journal}?mode=ro", uri=True)
    try:
        return {row[0] for row in connection.execute("SELECT id FROM result WHERE state = 2")}
    except sqlite3.OperationalError:
        return set()  # killed before the tables were made
    finally:
        connection.close()


def paths_fetched(log):
    return [line.split()[0] for line in log.read_text().splitlines() if line]


def passes(build, urls, kills, seconds, seed):
    """Prints what is wrong; true when nothing is."""
    options = argparse.Namespace(build=build, urls=urls, kills=kills, seconds=seconds)
    print(f"seed {seed}", flush=True)
    dice = random.Random(seed)
    directory = Path(tempfile.mkdtemp(prefix="rondo-kills-", dir=tmpfs.base()))
    try:
        with NginxFiles(directory / "server", options.urls) as server:
            problems = run(options, dice, directory, server)
    finally:
        shutil.rmtree(directory, ignore_errors=True)
    for problem in problems[:20]:
        print("FAILED:", problem)
    return not problems


def main():
    options = parse()
    sys.exit(0 if passes(options.build, options.urls, options.kills, options.seconds, options.seed) else 1)


def run(options, dice, directory, server):
    out, journal, urls = directory / "out", directory / "job.db", directory / "urls.txt"
    urls.write_text("".join(server.url(i) + "\n" for i in range(options.urls)))
    command = [str(options.build / "rondo"), "fetch", "-i", str(urls), "-o", str(out), "--job", str(journal),
               "--no-progress", "-c", "64", "--per-host", "64"]
    problems, kills, begun, pace = [], 0, time.monotonic(), 0.0
    while True:
        known, seen = recorded(journal), len(paths_fetched(server.log))
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        is_killed = kills < options.kills
        if is_killed:
            life = dice.uniform(0.002, longest_life(options, kills, len(known), pace))
            time.sleep(life)
            process.send_signal(signal.SIGKILL)
            pace = max(pace, (len(recorded(journal)) - len(known)) / life)
        errors = process.communicate(timeout=120)[1].decode()
        fetched = paths_fetched(server.log)[seen:]
        again = known & {server.number(path) + 1 for path in fetched}
        if again:
            problems.append(f"start {kills}: {len(again)} URLs that were done were fetched again: {sorted(again)[:5]}")
        if process.returncode != -signal.SIGKILL:
            break
        kills += 1
    print(f"{kills} kills, {len(paths_fetched(server.log))} requests for {options.urls} URLs, "
          f"{time.monotonic() - begun:.1f} s; last: {errors.strip()}")
    if kills < options.kills:
        problems.append(f"done after {kills} kills only: give a smaller --seconds or more --urls")
    if process.returncode != 0:
        problems.append(f"the last run ended with {process.returncode}: {errors}")
    problems += check_files(options, server, out, journal)
    return problems


def longest_life(options, kills, done, pace):
    """So that the job is not done before the last kill, at `pace` URLs a second."""
    if pace == 0:
        return options.seconds
    return min(options.seconds, max(0.01, 2 * (options.urls - done) / (options.kills - kills + 1) / pace))


def check_files(options, server, out, journal):
    problems = []
    names = set(os.listdir(out))
    left = [name for name in names if name.endswith(".part")]
    if left:
        problems.append(f"temporary files are left: {left[:3]}")
    export = subprocess.run([str(options.build / "rondo"), "jobs", str(journal), "--export", "jsonl"],
                            capture_output=True, text=True, check=True).stdout.splitlines()
    results = [json.loads(line) for line in export]
    if len(results) != options.urls or len({result["url"] for result in results}) != options.urls:
        problems.append(f"{len(results)} results for {options.urls} URLs")
    for result in results:
        if result["state"] != "done":
            problems.append(f"{result['url']} is {result['state']}")
            continue
        content = Path(result["file"]).read_bytes()
        number = server.number("/" + result["url"].split("/", 3)[3])
        if content != server.content(number) or hashlib.sha256(content).hexdigest() != result["sha256"]:
            problems.append(f"{result['file']} is not what the server has, or the journal says")
    if len(names) != options.urls:
        problems.append(f"{len(names)} files for {options.urls} URLs")
    return problems


if __name__ == "__main__":
    main()
