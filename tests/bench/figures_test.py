"""What the suite makes of figures: medians, ratios within rounds, spreads, bars."""

import tempfile
import unittest

from suite.results import Results
from suite.scenario import Bar
from suite.verdict import judge


def results():
    """Three rounds, the second of which was twice as slow for both."""
    made = Results("sample", "abc", "2026-01-01")
    for number, factor in enumerate((1.0, 2.0, 1.1)):
        made.add(number, "", "rondo", {"cpu_us": 4 * factor, "rate": 30.0})
        made.add(number, "", "wrk", {"cpu_us": 5 * factor, "rate": 10.0})
        made.add(number, "", "curl", {"cpu_us": 3 * factor})
    return made


class Figures(unittest.TestCase):
    def test_a_figure_is_the_median_with_the_lowest_and_the_highest(self):
        self.assertAlmostEqual(results().median("cpu_us", "", "rondo"), 4.4)
        self.assertEqual(results().spread("cpu_us", "", "rondo"), (4, 8))
        self.assertIsNone(results().median("cpu_us", "", "nobody"))

    def test_a_ratio_is_taken_within_each_round(self):
        self.assertAlmostEqual(results().ratio("cpu_us", "", "rondo", "", "wrk"), 0.8)

    def test_a_ratio_leaves_out_the_rounds_that_one_of_both_has_missed(self):
        made = results()
        made.add(3, "", "rondo", {"cpu_us": 1000.0})
        self.assertAlmostEqual(made.ratio("cpu_us", "", "rondo", "", "wrk"), 0.8)

    def test_further_rounds_go_behind_those_that_are_there(self):
        made = results()
        made.extend(results())
        self.assertEqual(made.rounds(), 6)
        self.assertEqual(len(made.values("cpu_us", "", "rondo")), 6)

    def test_what_is_stored_comes_back(self):
        with tempfile.TemporaryDirectory() as directory:
            self.assertIsNone(Results.load(directory, "sample"))
            results().save(directory)
            self.assertEqual(Results.load(directory, "sample"), results())


class Bars(unittest.TestCase):
    def verdict(self, *arguments, **more):
        return judge(Bar("a bar", *arguments, **more), results())

    def test_a_ratio_is_met_up_to_its_limit(self):
        self.assertTrue(self.verdict("cpu_us", "rondo", ("wrk",), 0.81).met)
        self.assertFalse(self.verdict("cpu_us", "rondo", ("wrk",), 0.79).met)

    def test_the_aim_is_judged_beside_the_limit(self):
        self.assertTrue(self.verdict("cpu_us", "rondo", ("wrk",), 0.9, 0.81).aim_met)
        self.assertFalse(self.verdict("cpu_us", "rondo", ("wrk",), 0.9, 0.7).aim_met)
        self.assertIsNone(self.verdict("cpu_us", "rondo", ("wrk",), 0.9).aim_met)

    def test_of_several_the_hardest_to_beat_counts(self):
        verdict = self.verdict("cpu_us", "rondo", ("wrk", "curl", "nobody"), 1.0)
        self.assertEqual((verdict.against, verdict.met), ("curl", False))

    def test_at_least(self):
        self.assertTrue(self.verdict("rate", "rondo", ("wrk",), 3, least=True).met)
        self.assertFalse(self.verdict("rate", "rondo", ("wrk",), 3.1, least=True).met)

    def test_a_figure_alone(self):
        self.assertTrue(self.verdict("cpu_us", "rondo", (), 4.5).met)
        self.assertFalse(self.verdict("cpu_us", "rondo", (), 4.3).met)

    def test_what_was_not_measured_is_neither_met_nor_missed(self):
        self.assertIsNone(self.verdict("cpu_us", "rondo", ("nobody",), 1.0))
        self.assertIsNone(self.verdict("peak_mib", "rondo", (), 1.0))


if __name__ == "__main__":
    unittest.main()
