#!/usr/bin/env python3
"""What our own code costs, in figures that need no quiet machine: for one warm GET of 128 bytes through a session with its
default settings, 64 at a time, the allocations, the bytes allocated and copied, the system calls (strace) and the user
instructions (callgrind). Both of the latter are the difference of a long and a short run, so that start-up is not in them.
Then what the runtime takes for its basic steps (CPU time), and the memory of one idle connection.

    ./dev bench costs [--concurrency 64]
"""

import argparse
import pathlib
import re
import resource
import subprocess
import sys
import tempfile

from against_wrk import BODY, CLIENT_CORE, nginx, pinned

SHORT, LONG = 2000, 12000
IDLE_CONNECTIONS = 2000


def output_of(command):
    done = subprocess.run(command, check=True, text=True, preexec_fn=pinned(CLIENT_CORE), stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE)
    return done.stdout, done.stderr


def difference(cost_of):
    """What one request adds, where `cost_of` tells what a number of them costs."""
    return (cost_of(LONG) - cost_of(SHORT)) / (LONG - SHORT)


def instructions(client):
    def cost_of(count):
        command = ["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null"]
        return int(re.search(r"Collected : (\d+)", output_of(command + client(count))[1]).group(1))
    return difference(cost_of)


def system_calls(client, directory):
    def cost_of(count):
        table = directory / "calls"
        output_of(["strace", "-f", "-c", "-o", str(table)] + client(count))
        return int(table.read_text().splitlines()[-1].split()[3])
    return difference(cost_of)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build", required=True, help="the build directory")
    parser.add_argument("--concurrency", type=int, default=64)
    options = parser.parse_args()
    build = pathlib.Path(options.build)
    limit = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (limit, limit))  # the server inherits it
    with tempfile.TemporaryDirectory() as name:
        directory = pathlib.Path(name)
        with nginx(directory) as url:
            def client(count):
                return [str(build / "bench_session"), url, str(count), str(options.concurrency), str(len(BODY))]
            counted, _ = output_of([str(build / "bench_request_costs"), url, str(LONG), str(options.concurrency)])
            allocations, allocated, copied = counted.split()
            rows = [("allocations", allocations), ("bytes allocated", allocated), ("bytes copied", copied),
                    ("system calls", f"{system_calls(client, directory):.2f}"),
                    ("user instructions", f"{instructions(client):.0f}")]
            print(f"a warm GET of {len(BODY)} bytes, {options.concurrency} at a time:")
            for what, figure in rows:
                print(f"  {what:18} {figure:>8}")
            idle, _ = output_of([str(build / "bench_idle_memory"), url, str(IDLE_CONNECTIONS)])
    print("\nthe runtime, nanoseconds each:")
    for line in output_of([str(build / "bench_runtime_costs")])[0].splitlines():
        what, figure = line.split()
        print(f"  {what:18} {float(figure):8.1f}")
    print(f"\nresident memory of an idle connection: {int(idle)} bytes")


if __name__ == "__main__":
    sys.exit(main())
