import json
import shutil
import unittest

import tidy
from sample import sample

BAD = "int f(int x) {\n  if (x = 1) return 2;\n  return 3;\n}\n"
GOOD = "int f(int x) {\n  if (x == 1) return 2;\n  return 3;\n}\n"


@unittest.skipUnless(shutil.which(tidy.CLANG_TIDY), "the tool is not installed")
class Tidy(unittest.TestCase):
    def findings(self, text):
        """What clang-tidy says about rondo/a.cpp, with a compile database that needs no build system."""
        with sample({"rondo/a.cpp": text, ".clang-tidy": "Checks: '-*,bugprone-*'\nWarningsAsErrors: '*'\n"}) as tree:
            database = tree.root / tidy.DATABASE
            database.mkdir()
            (database / "compile_commands.json").write_text(json.dumps(
                [{"directory": str(tree.root), "file": "rondo/a.cpp", "command": "clang++-19 -c rondo/a.cpp"}]))
            return [str(finding) for finding in tidy.check_source(tree, "rondo/a.cpp")]

    def test_finds_what_clang_tidy_finds(self):
        found = self.findings(BAD)
        self.assertTrue(found and found[0].startswith("rondo/a.cpp:2: "), found)

    def test_accepts_what_clang_tidy_accepts(self):
        self.assertEqual(self.findings(GOOD), [])

    def test_says_when_the_tool_fails(self):
        self.assertTrue(self.findings("#include <not_there.hpp>\n"))


if __name__ == "__main__":
    unittest.main()
