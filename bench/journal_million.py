#!/usr/bin/env python3
"""A journal of a million URLs: memory, time for each URL, and how soon a second run starts.

Every URL is refused by a port where nothing listens, so that what is measured is the command and its journal. The same
list without a journal is what the journal is compared with; a shorter list shows whether memory grows with it.
"""

import argparse
import os
import resource
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path


def run(command):
    """CPU seconds, wall seconds and peak MB of a command."""
    begun = time.monotonic()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    errors = process.stderr.read().decode()
    _, status, usage = os.wait4(process.pid, 0)
    if os.waitstatus_to_exitcode(status) not in (0, 1):
        sys.exit(f"{command}: {errors}")
    return usage.ru_utime + usage.ru_stime, time.monotonic() - begun, usage.ru_maxrss / 1024, errors.strip()


def write_list(path, count, port):
    with path.open("w") as file:
        for number in range(count):
            file.write(f"http://127.0.0.1:{port}/files/{number}.bin\n")


def measure(options, directory, count, port):
    urls, journal, out = directory / f"{count}.txt", directory / f"{count}.db", directory / f"{count}"
    write_list(urls, count, port)
    command = [str(options.build / "rondo"), "fetch", "-i", str(urls), "-o", str(out), "--quiet", "--per-host", "64"]
    plain = run(command)
    first = run([*command, "--job", str(journal)])
    second = run([*command, "--job", str(journal)])
    size = sum(file.stat().st_size for file in directory.glob(f"{count}.db*")) / 1e6
    per_url = (first[0] - plain[0]) / count * 1e6
    print(f"{count} URLs: without a journal {plain[0]:.1f} s of CPU, {plain[2]:.0f} MB; with it {first[0]:.1f} s of CPU in "
          f"{first[1]:.1f} s, {first[2]:.0f} MB; journal {per_url:.1f} us a URL, {size:.0f} MB on the disk; "
          f"a second run, with nothing to do, {second[1]:.2f} s, {second[2]:.0f} MB", flush=True)
    return first[2], per_url, second[1]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--build", type=Path, default=Path("build"))
    parser.add_argument("--urls", type=int, default=1_000_000)
    options = parser.parse_args()
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    base = Path("/dev/shm") if os.access("/dev/shm", os.W_OK) else None
    directory = Path(tempfile.mkdtemp(prefix="rondo-million-", dir=base))
    try:
        with socket.socket() as closed:  # bound, so that nobody listens there
            closed.bind(("127.0.0.1", 0))
            port = closed.getsockname()[1]
            small = measure(options, directory, options.urls // 4, port)
            large = measure(options, directory, options.urls, port)
    finally:
        shutil.rmtree(directory, ignore_errors=True)
    print(f"peak memory {small[0]:.0f} MB and {large[0]:.0f} MB, {large[1]:.1f} us of journal a URL, second start {large[2]:.2f} s")
    if large[0] > small[0] * 1.2 or large[1] > 30 or large[2] > 10:
        sys.exit("journal: memory grows with the list, or it takes too long")


if __name__ == "__main__":
    main()
