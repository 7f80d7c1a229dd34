#!/usr/bin/env python3
"""Fetches a list of URLs from a local server that knows many ways to answer and to fail, and checks every result."""

import argparse
import contextlib
import json
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import certificates
from dead_ends import DeadEnds
from url_list import MIB, UrlList
from verdict import judge

MAX_BODY = 2 * MIB
MISTAKES_SHOWN = 20
INTERRUPTED = 130  # the exit code of `rondo fetch` after Ctrl-C


def main():
    options = read_options()
    with tempfile.TemporaryDirectory(prefix="rondo-demo-") as name:
        directory = Path(name)
        root, identities = certificates.make(directory)
        dead_ends = DeadEnds()
        with server(options.server, identities) as ports:
            urls = UrlList(ports, dead_ends.refusing_port, MAX_BODY).make(options.count)
            listing = directory / "urls.txt"
            listing.write_text("".join(expected.url + "\n" for expected in urls))
            print(f"Fetching {len(urls):,} URLs from 127.0.0.1, plain and over TLS.", flush=True)
            code = fetch(options, listing, root, dead_ends.dns_server, directory)
        return report(code, judge(urls, directory / "report.jsonl", directory / "bodies"))


def read_options():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rondo", type=Path, required=True, help="the command")
    parser.add_argument("--server", type=Path, required=True, help="the demo's server")
    parser.add_argument("--count", type=int, default=2000, help="how many URLs")
    parser.add_argument("--read-timeout", default="4", help="seconds for a server that has fallen silent")
    options = parser.parse_args()
    if options.count < 100:
        parser.error("--count must be at least 100, for all ways to fail to occur")
    return options


@contextlib.contextmanager
def server(program, identities):
    """Runs the server meanwhile; gives its ports. It has to end as well as it began."""
    # In a session of its own: a Ctrl-C on the terminal is for the command.
    process = subprocess.Popen([program, *identities], stdout=subprocess.PIPE, text=True, start_new_session=True)
    try:
        line = process.stdout.readline()
        if not line:
            sys.exit(f"demo: the server has not started (exit code {process.wait()})")
        yield json.loads(line)
    finally:
        process.send_signal(signal.SIGINT)
        try:
            code = process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            process.kill()
            code = process.wait()
    if code != 0:
        sys.exit(f"demo: the server ended with exit code {code}")


def fetch(options, listing, root, dns_server, directory):
    """Runs the command with its progress and summary on our own terminal; gives its exit code."""
    command = [options.rondo, "fetch", "-i", listing, "-o", directory / "bodies", "--jsonl",
               "-c", "64", "--per-host", "32", "--cacert", root, "--dns-server", dns_server,
               "--read-timeout", options.read_timeout, "--max-body", str(MAX_BODY)]
    with open(directory / "report.jsonl", "wb") as report_file, interrupts_left_to_children():
        code = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=report_file).returncode
    if code == INTERRUPTED:
        raise KeyboardInterrupt
    return code


@contextlib.contextmanager
def interrupts_left_to_children():
    """A handler, unlike SIG_IGN, is not inherited."""
    before = signal.signal(signal.SIGINT, lambda *_: None)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def report(code, verdict):
    if code != 1:  # some URLs fail, so nothing else is right
        verdict.mistakes.insert(0, f"rondo fetch ended with exit code {code}, not 1")
    for mistake in verdict.mistakes[:MISTAKES_SHOWN]:
        print(f"WRONG  {mistake}")
    if verdict.mistakes:
        print(f"The demo failed: {len(verdict.mistakes):,} mistakes.")
        return 1
    print(f"All as expected: {verdict.describe()}")
    return 0


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # through the clean-up, instead of past it
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)
