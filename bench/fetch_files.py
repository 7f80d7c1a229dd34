#!/usr/bin/env python3
"""Many small URLs from a local nginx into files on tmpfs: CPU a URL of `rondo fetch`, without and with a journal, beside
`curl -Z`, `aria2c` and `wget2` on the same list in the same run."""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from nginx_files import NginxFiles

AT_A_TIME = "64"


def commands(rondo, plain, curl, aria):
    fetch = [str(rondo), "fetch", "-i", plain, "-o", ".", "--quiet", "-c", AT_A_TIME, "--per-host", AT_A_TIME]
    return {
        "rondo fetch": fetch,
        "rondo fetch --job": [*fetch, "--job", "../job.db"],
        "curl -Z": ["curl", "-q", "--silent", "--fail", "-Z", "--parallel-max", AT_A_TIME, "-K", curl],
        "aria2c": ["aria2c", "--no-conf", "--quiet", "-i", aria, "-j", AT_A_TIME, "-x", "16", "--file-allocation=none",
                   "--auto-save-interval=0", "--summary-interval=0"],
        "wget2": ["wget2", "--no-config", "--quiet", "--no-robots", "-nd", "-i", plain, "--max-threads", AT_A_TIME],
    }


def lists(directory, server):
    """The same URLs as each command wants them."""
    plain, curl, aria = (directory / name for name in ("urls.txt", "curl.txt", "aria2.txt"))
    urls = [server.url(number) for number in range(server.count)]
    plain.write_text("".join(f"{url}\n" for url in urls))
    curl.write_text("".join(f'url = "{url}"\noutput = "f{number}.bin"\n' for number, url in enumerate(urls)))
    aria.write_text("".join(f"{url}\n  out=f{number}.bin\n" for number, url in enumerate(urls)))
    return [str(path) for path in (plain, curl, aria)]


def cpu_of(command, into, count):
    """Microseconds of CPU a URL, or nothing if not all files are there."""
    into.mkdir()
    process = subprocess.Popen(command, cwd=into, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, _, usage = os.wait4(process.pid, 0)
    files = sum(1 for name in os.listdir(into) if name.endswith(".bin"))
    shutil.rmtree(into)
    for left in into.parent.glob("job.db*"):
        left.unlink()
    return (usage.ru_utime + usage.ru_stime) / count * 1e6 if files == count else None


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--build", type=Path, default=Path("build"))
    parser.add_argument("--urls", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=1)
    options = parser.parse_args()
    base = Path("/dev/shm") if os.access("/dev/shm", os.W_OK) else None
    best = {}
    with tempfile.TemporaryDirectory(prefix="rondo-files-", dir=base) as name:
        directory = Path(name)
        with NginxFiles(directory / "server", options.urls, logs=False) as server:
            every = commands((options.build / "rondo").resolve(), *lists(directory, server))
            for number in range(options.rounds):
                for who, command in every.items():
                    cpu = cpu_of(command, directory / "files", options.urls) if shutil.which(command[0]) else None
                    print(f"round {number + 1}: {who:18} {f'{cpu:.1f} us of CPU a URL' if cpu else 'left out'}", flush=True)
                    if cpu:
                        best[who] = min(cpu, best.get(who, cpu))
    peer = min((cpu for who, cpu in best.items() if not who.startswith("rondo")), default=None)
    if peer is None:
        sys.exit("fetch_files: none of the others is there")
    plain, journal = best["rondo fetch"] / peer, best["rondo fetch --job"] / peer
    print(f"rondo fetch {plain:.2f} x the best of the others (at most 0.60), with a journal {journal:.2f} x (below 1.00)")
    sys.exit(0 if plain <= 0.6 and journal < 1 else 1)


if __name__ == "__main__":
    main()
