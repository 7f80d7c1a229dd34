import unittest

import paths
from sample import findings


class Paths(unittest.TestCase):
    def test_finds_a_path_of_one_machine(self):
        for folder in ("work", "root", "home/anna", "Users/anna"):
            self.assertEqual(len(findings(paths, {"dev": f"cd /{folder}/rondo\n"})), 1)

    def test_accepts_urls_and_system_paths(self):
        self.assertEqual(findings(paths, {"a.cpp": "// https://example.com/root/a /usr/bin/env $x/work/y\n"}), [])


if __name__ == "__main__":
    unittest.main()
