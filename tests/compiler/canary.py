#!/usr/bin/env python3
"""Shows what the compilers at hand make of one pattern, and fails where expectations.txt says otherwise.

    canary.py PATTERN [COMPILER...]

Without COMPILERs, every g++ and clang++ on the PATH counts, one of each version.
"""

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
COMPILER_NAME = re.compile(r"(?:g\+\+|clang\+\+)(?:-\d+)?")
SKIPPED = 77


def main(pattern, compilers):
    expected = expectations()[pattern]
    mistakes, compared = 0, 0
    for version, compiler in sorted(at_hand(compilers).items()):
        for level in ("-O0", "-O2"):
            verdict = judge(compiler, level, HERE / f"{pattern}.cpp")
            comment = ""
            if version not in expected:
                comment = "  (no column in expectations.txt)"
            elif verdict != expected[version]:
                comment = f"  expected: {expected[version]}"
                mistakes += 1
            compared += version in expected
            print(f"{version:10} {level}  {verdict}{comment}")
    if mistakes:
        return 1
    return 0 if compared else SKIPPED


def expectations():
    """The table, as {pattern: {compiler version: verdict}}."""
    rows = [line.split() for line in (HERE / "expectations.txt").read_text().splitlines() if not line.startswith("#")]
    versions = rows[0][1:]
    return {row[0]: dict(zip(versions, row[1:], strict=True)) for row in rows[1:]}


def at_hand(compilers):
    """{"gcc-12": "/usr/bin/g++", ...} of `compilers`, or of what is on the PATH."""
    if not compilers:
        compilers = [str(path) for folder in os.get_exec_path() if os.path.isdir(folder)
                     for path in sorted(Path(folder).iterdir()) if COMPILER_NAME.fullmatch(path.name)]
    found = {}
    for compiler in compilers:
        found.setdefault(version_of(compiler), compiler)
    return found


def version_of(compiler):
    text = subprocess.run([compiler, "--version"], capture_output=True, text=True, check=True).stdout
    family = "clang" if "clang" in text else "gcc"
    major = subprocess.run([compiler, "-dumpversion"], capture_output=True, text=True, check=True).stdout.split(".")[0]
    return f"{family}-{major.strip()}"


def judge(compiler, level, source):
    with tempfile.TemporaryDirectory() as folder:
        program = Path(folder) / "canary"
        compiled = subprocess.run([compiler, "-std=c++20", "-w", level, source, "-o", program],
                                  capture_output=True, text=True)
        if compiled.returncode != 0:
            return "compiler_crashed" if "internal compiler error" in compiled.stderr else "refused"
        run = subprocess.run([program], capture_output=True, text=True, timeout=20)
        return run.stdout.strip() if run.returncode == 0 else f"died_with_{run.returncode}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]))
