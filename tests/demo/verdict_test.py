"""The demo's verdict finds every difference between what was expected and what was reported or saved."""

import hashlib
import json
import tempfile
import unittest
from pathlib import Path

from url_list import Expected
from verdict import judge

BODY = b"the body"
SHA256 = hashlib.sha256(BODY).hexdigest()
FINE = Expected("http://a.test/fine", sha256=SHA256, size=len(BODY), redirects=1)
FAILING = Expected("http://a.test/failing", error="connect")


class VerdictTest(unittest.TestCase):
    def setUp(self):
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.report = Path(directory.name) / "report.jsonl"
        self.output = Path(directory.name) / "bodies"
        self.output.mkdir()
        self.file = self.output / "fine"
        self.file.write_bytes(BODY)
        self.fine = {"url": FINE.url, "status": 200, "body_bytes": len(BODY), "body_sha256": SHA256, "error": None,
                     "redirects": [{"status": 302, "url": "http://a.test/"}], "saved_to": str(self.file)}
        self.failing = {"url": FAILING.url, "status": None, "error": {"kind": "connect"}, "saved_to": None}

    def judge(self, *results):
        self.report.write_text("".join(json.dumps(result) + "\n" for result in results))
        return judge([FINE, FAILING], self.report, self.output)

    def assert_finds(self, words, *results):
        mistakes = self.judge(*results).mistakes
        self.assertEqual(len(mistakes), 1, mistakes)
        self.assertIn(words, mistakes[0])

    def test_accepts_what_is_as_expected(self):
        verdict = self.judge(self.failing, self.fine)
        self.assertEqual(verdict.mistakes, [])
        self.assertEqual((verdict.bodies, verdict.bytes, dict(verdict.failures)), (1, len(BODY), {"connect": 1}))

    def test_finds_each_field_that_differs(self):
        for name, value in (("status", 201), ("body_bytes", 7), ("body_sha256", "0" * 64), ("redirects", []),
                            ("error", {"kind": "payload"}), ("saved_to", None), ("saved_to", __file__)):
            with self.subTest(field=name, value=value):
                mistakes = self.judge(self.fine | {name: value}, self.failing).mistakes
                self.assertTrue(any(FINE.url in mistake for mistake in mistakes), mistakes)

    def test_finds_another_failure_and_none(self):
        self.assert_finds("error is 'tls', not 'connect'", self.fine, self.failing | {"error": {"kind": "tls"}})
        self.assert_finds("error is None, not 'connect'", self.fine, self.failing | {"error": None})

    def test_finds_a_body_that_was_damaged_on_its_way_to_the_disk(self):
        self.file.write_bytes(BODY[::-1])
        self.assert_finds("the file's SHA-256", self.fine, self.failing)

    def test_finds_results_that_are_missing_repeated_or_unasked_for(self):
        self.assert_finds("0 results", self.fine)
        self.assert_finds("2 results", self.fine, self.failing, self.failing)
        self.assert_finds("nobody has asked", self.fine, self.failing, self.failing | {"url": "http://b.test/"})

    def test_finds_files_that_are_left_behind(self):
        (self.output / "half.part").touch()
        self.assert_finds("2 files were left behind", self.fine, self.failing)

    def test_finds_lines_that_are_no_results(self):
        self.report.write_text("garbage\n" + json.dumps(self.fine) + "\n" + json.dumps(self.failing) + "\n")
        self.assertIn("not a result: garbage", judge([FINE, FAILING], self.report, self.output).mistakes[0])


if __name__ == "__main__":
    unittest.main()
