import json
import shutil
import unittest

import tidy
from sample import sample

BAD = "namespace { int f(int x) {\n  if (x = 1) return 2;\n  return 3;\n} }\n"
GOOD = BAD.replace("x = 1", "x == 1")
COMMAND = ["clang++-19"]


@unittest.skipUnless(shutil.which(tidy.CLANG_TIDY), "the tool is not installed")
class Tidy(unittest.TestCase):
    def findings(self, *texts):
        """What clang-tidy says about rondo/0.cpp, rondo/1.cpp, ... as one group."""
        files = {f"rondo/{number}.cpp": text for number, text in enumerate(texts)}
        with sample(files | {".clang-tidy": "Checks: '-*,bugprone-*'\nWarningsAsErrors: '*'\n"}) as tree:
            (tree.root / tidy.DATABASE).mkdir()
            return [str(finding) for finding in tidy.check_group(tree, list(files), COMMAND)]

    def test_finds_what_clang_tidy_finds(self):
        found = self.findings(BAD)
        self.assertTrue(found and found[0].startswith("rondo/0.cpp:2: "), found)

    def test_finds_it_in_each_source_of_a_group(self):
        found = self.findings(GOOD, BAD.replace("f(", "g("), BAD.replace("f(", "h("))
        self.assertEqual(sorted({finding.partition(":")[0] for finding in found}), ["rondo/1.cpp", "rondo/2.cpp"])

    def test_looks_at_sources_whose_names_collide_one_by_one(self):
        found = self.findings(BAD, GOOD, BAD)
        self.assertEqual(sorted({finding.partition(":")[0] for finding in found}), ["rondo/0.cpp", "rondo/2.cpp"])

    def test_accepts_what_clang_tidy_accepts(self):
        self.assertEqual(self.findings(GOOD), [])

    def test_says_when_the_tool_fails(self):
        self.assertTrue(self.findings("#include <not_there.hpp>\n"))


class Groups(unittest.TestCase):
    def test_take_the_flags_from_the_compile_database(self):
        entries = [{"file": f"{{root}}/a/{name}.cpp", "command": f"c -DX -o {name}.o -c {{root}}/a/{name}.cpp"} for name in "xy"]
        with sample({}) as tree:
            (tree.root / tidy.DATABASE).mkdir()
            text = json.dumps(entries).replace("{root}", str(tree.root))
            (tree.root / tidy.DATABASE / "compile_commands.json").write_text(text)
            self.assertEqual(tidy.compile_commands(tree), {"a/x.cpp": ["c", "-DX"], "a/y.cpp": ["c", "-DX"]})

    def test_are_of_one_folder_and_of_the_same_flags(self):
        commands = {"a/1.cpp": ["c"], "a/2.cpp": ["c"], "a/3.cpp": ["c", "-D"], "b/4.cpp": ["c"]}
        self.assertEqual(list(tidy.groups_of(sorted(commands), commands)), [["a/1.cpp", "a/2.cpp"], ["a/3.cpp"], ["b/4.cpp"]])

    def test_are_bounded(self):
        names = [f"a/{number:02}.cpp" for number in range(tidy.GROUP + 1)]
        groups = list(tidy.groups_of(names, dict.fromkeys(names, ["c"])))
        self.assertEqual([len(group) for group in groups], [tidy.GROUP, 1])


if __name__ == "__main__":
    unittest.main()
