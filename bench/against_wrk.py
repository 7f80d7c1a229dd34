#!/usr/bin/env python3
"""Client CPU per small request: the session and `rondo fetch` beside wrk, on the same nginx, in the same run.

The server is pinned to one core and each client to the other; runs are interleaved, and the figure is the median of their
ratios, since absolute times move with the machine. CPU time is user and system time of the client process alone. What a
process spends before its first request is taken out: rondo fetch is measured as the difference of a long and a short list.

    ./dev bench [--requests 10000] [--rounds 5] [--concurrency 64]
"""

import argparse
import contextlib
import os
import pathlib
import resource
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time

SERVER_CORE, CLIENT_CORE = (1, 0) if (os.cpu_count() or 1) > 1 else (0, 0)
BODY = b"x" * 128

NGINX = """
daemon off; master_process off; worker_processes 1; pid {dir}/nginx.pid; error_log {dir}/error.log;
events {{ worker_connections 4096; }}
http {{
  access_log off; sendfile on; keepalive_requests 100000000; keepalive_timeout 60s;
  client_body_temp_path {dir}/body; proxy_temp_path {dir}/proxy; fastcgi_temp_path {dir}/fastcgi;
  uwsgi_temp_path {dir}/uwsgi; scgi_temp_path {dir}/scgi;
  server {{ listen 127.0.0.1:{port} backlog=4096; root {dir}/www; }}
}}
"""


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def pinned(core):
    return lambda: os.sched_setaffinity(0, {core})


@contextlib.contextmanager
def nginx(directory):
    port = free_port()
    (directory / "www").mkdir()
    (directory / "www" / "f").write_bytes(BODY)
    config = directory / "nginx.conf"
    config.write_text(NGINX.format(dir=directory, port=port))
    server = subprocess.Popen(["nginx", "-c", str(config), "-p", str(directory)],
                              preexec_fn=pinned(SERVER_CORE), stderr=subprocess.DEVNULL)
    try:
        for _ in range(200):
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
                break
            time.sleep(0.02)
        yield f"http://127.0.0.1:{port}/f"
    finally:
        server.terminate()
        server.wait()


def client(command, **options):
    """Runs a client on its core; gives its CPU seconds and standard output."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(command, preexec_fn=pinned(CLIENT_CORE), check=True, text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, **options)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, done.stdout


def wrk(url, seconds, concurrency):
    cpu, output = client(["wrk", "-t1", f"-c{concurrency}", f"-d{seconds}s", url])
    line = next(line for line in output.splitlines() if "requests in" in line)
    return cpu * 1e6 / int(line.split()[0])


def session(program, url, requests, concurrency):
    return float(client([program, url, str(requests), str(concurrency), str(len(BODY))])[1])


def fetch(command, url, requests, concurrency, directory):
    def cpu_of(count):
        urls = directory / "urls.txt"
        urls.write_text(f"{url}\n" * count)
        arguments = ["fetch", "-i", str(urls), "-c", str(concurrency), "--per-host", str(concurrency), "--jsonl", "--quiet"]
        cpu, output = client([command, *arguments])
        good = output.count('"error": null')
        if good != count:
            sys.exit(f"against_wrk: {count - good} of {count} URLs failed")
        return cpu
    return (cpu_of(2 * requests) - cpu_of(requests)) * 1e6 / requests


# A request over a kept connection asks whose loop this is once in the session, in the write, in the read, and when the body
# gives the connection back.
CHECKS_A_REQUEST = 4


def print_owner_checks(program, request_us):
    check_ns, call_ns = (float(figure) for figure in client([program])[1].split())
    share = CHECKS_A_REQUEST * check_ns / (request_us * 1000)
    print(f"\nowner checks: {check_ns:.2f} ns each, of {call_ns:.0f} ns for a call_soon ({check_ns / call_ns:.1%}); "
          f"{CHECKS_A_REQUEST} a request: {share:.2%} of it (at most 2 %)")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build", required=True, help="the build directory")
    parser.add_argument("--requests", type=int, default=10000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--concurrency", type=int, default=64)
    options = parser.parse_args()
    for tool in ("nginx", "wrk"):
        if shutil.which(tool) is None:
            sys.exit(f"against_wrk: {tool} is not installed; ./dev bench installs it")
    build = pathlib.Path(options.build)
    rows = {"wrk": [], "session": [], "rondo fetch": []}
    with tempfile.TemporaryDirectory() as name:
        directory = pathlib.Path(name)
        with nginx(directory) as url:
            for number in range(options.rounds):
                rows["wrk"].append(wrk(url, 2, options.concurrency))
                rows["session"].append(session(str(build / "bench_session"), url, 5 * options.requests, options.concurrency))
                rows["rondo fetch"].append(fetch(str(build / "rondo"), url, options.requests, options.concurrency, directory))
                print(f"round {number + 1}: " + ", ".join(f"{who} {values[-1]:.2f}" for who, values in rows.items()), flush=True)
    print(f"\n{options.requests} URLs of {len(BODY)} bytes, {options.concurrency} at a time: client CPU per request")
    print(f"{'':12} {'µs (median)':>12} {'spread':>14} {'of wrk':>8}")
    for who, values in rows.items():
        ratio = statistics.median(value / base for value, base in zip(values, rows["wrk"]))
        spread = f"{min(values):.2f}-{max(values):.2f}"
        print(f"{who:12} {statistics.median(values):12.2f} {spread:>14} {ratio:8.2f}")
    print_owner_checks(str(build / "bench_owner_checks"), statistics.median(rows["session"]))


if __name__ == "__main__":
    main()
