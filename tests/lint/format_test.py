import shutil
import unittest

import format as formatting
from sample import findings, sample

CONFIGURATION = {".clang-format": "BasedOnStyle: Google\n"}


@unittest.skipUnless(shutil.which(formatting.CLANG_FORMAT), "the tool is not installed")
class Format(unittest.TestCase):
    def test_finds_a_difference(self):
        self.assertEqual(findings(formatting, {**CONFIGURATION, "a.cpp": "int  f( );\n"}),
                         ["a.cpp:1: not formatted: ./dev format"])

    def test_accepts_what_is_formatted(self):
        self.assertEqual(findings(formatting, {**CONFIGURATION, "a.cpp": "int f();\n"}), [])

    def test_formats(self):
        with sample({**CONFIGURATION, "a.cpp": "int  f( );\n"}) as tree:
            formatting.fix(tree)
            self.assertEqual(tree.read("a.cpp"), "int f();\n")


if __name__ == "__main__":
    unittest.main()
