"""A tiny run of one scenario against the real server, by clients that stand in for the peers."""

import contextlib
import io
import sys
import tempfile
import unittest
import urllib.request
from pathlib import Path

import run
from suite import load_scenarios
from suite.bench import Bench
from suite.peers import Peer, all_peers
from suite.results import Results

# Behaves as bench/peers/load.hpp says.
REPORTING = """
import sys, urllib.request
url, count, concurrency, size = sys.argv[1], *map(int, sys.argv[2:5])
for _ in range(2 * concurrency + count):
    assert urllib.request.urlopen(url).read() == b"x" * size
print(count, 0.5, 2.0)
"""
ENDLESS = """
import http.client, sys, urllib.parse
url = urllib.parse.urlsplit(sys.argv[1])
connection = http.client.HTTPConnection(url.hostname, url.port)
while True:
    connection.request("GET", url.path)
    connection.getresponse().read()
"""


def python(program, **more):
    return Peer("rondo", "sample", sys.executable, lambda load: [sys.executable, "-S", "-c", program, *load.arguments()], **more)


class Run(unittest.TestCase):
    def setUp(self):
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.bench = Bench(directory.name, seconds=0.2, rounds=1, only=("rondo",))
        self.bench.say = lambda words: None
        self.addCleanup(self.bench.close)
        self.results = Results("sample", "abc", "2026-01-01")

    def measure(self, peer, name="single"):
        self.bench.peers = {"rondo": peer, **{other: peer for other in all_peers(".") if other != "rondo"}}
        scenario = next(one for one in run.SCENARIOS if one.name == name)
        with contextlib.redirect_stderr(io.StringIO()) as errors:
            load_scenarios.measure(scenario, self.bench, self.results.add)
        return errors.getvalue()

    def test_a_peer_that_reports_its_figures(self):
        few = 400  # what a peer is tried out with
        reporting = REPORTING.replace("2 * concurrency + count", "3").replace("print(count", f"print({few}")
        self.measure(python(reporting))
        [figures] = self.results.records
        self.assertEqual((figures["figures"]["cpu_us"], figures["figures"]["rate"]), (0.5e6 / few, few / 2.0))

    def test_a_peer_that_is_watched_from_outside(self):
        self.measure(python(ENDLESS, reports=False))
        [figures] = self.results.records
        self.assertGreater(figures["figures"]["cpu_us"], 0)
        self.assertGreater(figures["figures"]["rate"], 0)
        self.assertGreater(figures["figures"]["server_us"], 0)
        self.assertGreater(figures["figures"]["peak_mib"], 1)

    def test_a_peer_that_fails_is_named_and_left_out(self):
        errors = self.measure(python("import sys; sys.exit('a wrong body')"))
        self.assertIn("a wrong body", errors)
        self.assertEqual(self.results.records, [])

    def test_the_server_counts_its_requests_and_has_the_files(self):
        server = self.bench.nginx()
        before = server.requests()
        with urllib.request.urlopen(server.url("http", "small/17")) as answer:
            body = answer.read()
        self.assertEqual(body, b"x" * 128)
        self.assertEqual(server.requests() - before, 1)


if __name__ == "__main__":
    unittest.main()
