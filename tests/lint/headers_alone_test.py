import shutil
import unittest

import headers_alone
from sample import findings, sample

GOOD = "#pragma once\n#include <string>\nstd::string f();\n"


@unittest.skipUnless(shutil.which(headers_alone.COMPILE[0]), "the tool is not installed")
class HeadersAlone(unittest.TestCase):
    def test_finds_a_header_that_does_not_compile_alone(self):
        found = findings(headers_alone, {"a.hpp": "#pragma once\nstd::string f();\n"})
        self.assertEqual(len(found), 1)
        self.assertIn("a.hpp:1: does not compile alone: a.hpp:2", found[0])

    def test_finds_a_header_without_a_guard(self):
        self.assertEqual(findings(headers_alone, {"a.hpp": "int f();\n"}), ["a.hpp:1: no #pragma once"])

    def test_accepts_a_complete_header(self):
        self.assertEqual(findings(headers_alone, {"a.hpp": GOOD}), [])

    def test_looks_again_when_an_included_header_has_changed(self):
        with sample({"a/a.hpp": GOOD, "b.hpp": '#pragma once\n#include "a/a.hpp"\nusing B = decltype(f());\n'}) as tree:
            self.assertEqual(list(headers_alone.check(tree)), [])
            (tree.root / "a/a.hpp").write_text("#pragma once\n")
            self.assertEqual([finding.path for finding in headers_alone.check(tree)], ["b.hpp"])


if __name__ == "__main__":
    unittest.main()
