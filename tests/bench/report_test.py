"""The report that is written from stored figures, with its plots."""

import tempfile
import unittest
import xml.etree.ElementTree
from pathlib import Path

import run
from suite import plot, report, table
from suite.results import Results
from suite.scenario import METRICS, Bar, Scenario

TITLES = {"rondo": "Rondo", "wrk": "wrk & <others>"}


def scenario(cases=("",), **more):
    return Scenario("sample", "a sample", None, cases=cases, peers=("rondo", "wrk"), metrics=("cpu_us", "rate"), plot="cpu_us",
                    bars=(Bar("≤ 0.9 × wrk's", "cpu_us", "rondo", ("wrk",), 0.9, case=cases[0], base_case=cases[0]),), **more)


def results(cases=("",)):
    made = Results("sample", "abc", "2026-01-01")
    for number in range(3):
        for at, case in enumerate(cases):
            made.add(number, case, "rondo", {"cpu_us": 4.0 + at, "rate": 250000.0})
            made.add(number, case, "wrk", {"cpu_us": 50.0 + at, "rate": 200000.0})
    return made


class Report(unittest.TestCase):
    def test_a_table_has_a_row_for_each_peer_and_its_ratio_to_ours(self):
        head, ours, theirs = table.rows(scenario(), results(), TITLES)
        self.assertEqual(ours, ["Rondo", "4.00", "4.00–4.00", "1.00", "250,000"])
        self.assertEqual(theirs, ["wrk & <others>", "50.00", "50.00–50.00", "12.50", "200,000"])
        self.assertEqual(len(head), len(ours))

    def test_a_scenario_of_several_cases_has_a_column_for_each(self):
        cases = ("64", "5000")
        self.assertEqual(table.rows(scenario(cases), results(cases), TITLES)[1], ["Rondo", "4.00", "5.00"])

    def test_plots_are_well_formed_whatever_the_names(self):
        for cases in (("",), ("64", "256", "5000")):
            drawn = plot.draw(scenario(cases), results(cases), TITLES)
            words = " ".join(xml.etree.ElementTree.fromstring(drawn).itertext())
            self.assertIn("wrk & <others>", words)

    def test_a_bar_that_is_cut_off_still_says_its_figure(self):
        drawn = plot.draw(scenario(), results(), TITLES)
        self.assertIn("50.00 →", drawn)

    def test_the_page_has_every_scenario_its_command_and_its_verdict(self):
        with tempfile.TemporaryDirectory() as root:
            results().save(Path(root) / "stored")
            report.write(root, [scenario()], Path(root) / "stored", TITLES)
            page = (Path(root) / "docs" / "benchmarks.md").read_text()
            self.assertIn("`./dev bench sample --rounds 3`", page)
            self.assertIn("| a sample | ≤ 0.9 × wrk's | 0.08 × wrk | yes |", page)
            self.assertTrue((Path(root) / "docs" / "benchmarks" / "sample.svg").exists())

    def test_a_scenario_that_was_not_measured_is_not_there(self):
        with tempfile.TemporaryDirectory() as root:
            report.write(root, [scenario()], Path(root) / "stored", TITLES)
            self.assertNotIn("a sample", (Path(root) / "docs" / "benchmarks.md").read_text())


class Scenarios(unittest.TestCase):
    def test_all_names_differ_and_all_metrics_are_known(self):
        names = [one.name for one in run.SCENARIOS]
        self.assertEqual(len(names), len(set(names)))
        for one in run.SCENARIOS:
            for metric in (*one.metrics, *(bar.metric for bar in one.bars), *([one.plot] if one.plot else [])):
                self.assertIn(metric, METRICS, one.name)
        for group in run.GROUPS.values():
            self.assertLessEqual(set(group), set(names))


if __name__ == "__main__":
    unittest.main()
