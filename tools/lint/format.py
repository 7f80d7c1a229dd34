#!/usr/bin/env python3
"""The C++ files are formatted as .clang-format says; --fix formats them."""

import re
import subprocess
import sys
from pathlib import Path

from source_tree import Finding, SourceTree, run_rule

CLANG_FORMAT = "clang-format-19"
DIFFERENCE = re.compile(r"^(\S+?):(\d+):\d+: error: (.*)", re.MULTILINE)


def check(tree):
    names = tree.cpp_files()
    if not names:
        return
    result = subprocess.run([CLANG_FORMAT, "--dry-run", "--Werror", *names],
                            cwd=tree.root, capture_output=True, text=True)
    seen = set()
    for path, line, _ in DIFFERENCE.findall(result.stderr):
        if path not in seen:
            seen.add(path)
            yield Finding(path, int(line), "not formatted: ./dev format")
    if result.returncode != 0 and not seen:
        yield Finding(".clang-format", 1, result.stderr.strip())


def fix(tree):
    names = tree.cpp_files()
    if names:
        subprocess.run([CLANG_FORMAT, "-i", *names], cwd=tree.root, check=True)


if __name__ == "__main__":
    if sys.argv[1:] == ["--fix"]:
        fix(SourceTree(Path(__file__).resolve().parents[2]))
    else:
        run_rule(check, __doc__)
