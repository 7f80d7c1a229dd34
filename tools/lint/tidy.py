#!/usr/bin/env python3
"""clang-tidy finds nothing in the library and the command; .clang-tidy says what it looks for."""

import re
import subprocess

from result_cache import ResultCache
from source_tree import Finding, run_rule

CLANG_TIDY = "clang-tidy-19"
DATABASE = "build-tidy"
FOLDERS = ("rondo", "cli")
FINDING = re.compile(r"^(\S+?):(\d+):\d+: (?:error|warning): (.*)", re.MULTILINE)


def check(tree):
    configured = configure(tree)
    if configured.returncode != 0:
        yield Finding("CMakeLists.txt", 1, "cannot configure: " + configured.stderr.strip())
        return
    cache = ResultCache(tree, "tidy", tool_version(), tree.read(".clang-tidy"), tree.read("CMakePresets.json"),
                        tree.read("cmake/RondoOptions.cmake"))
    sources = [name for name in tree.cpp_files(*FOLDERS) if name.endswith(".cpp")]
    seen = set()
    for findings in cache.check_all(sources, lambda name: check_source(tree, name)):
        yield from (finding for finding in findings if finding not in seen)
        seen.update(findings)


def configure(tree):
    """clang-tidy takes each file's flags from a compile database."""
    return subprocess.run(["cmake", "--preset", "tidy"], cwd=tree.root, capture_output=True, text=True)


def check_source(tree, name):
    result = subprocess.run(
        [CLANG_TIDY, "-p", DATABASE, "--quiet", f"--header-filter=^{re.escape(str(tree.root))}/({'|'.join(FOLDERS)})/", name],
        cwd=tree.root, capture_output=True, text=True)
    findings = [Finding(path.removeprefix(f"{tree.root}/"), int(line), message)
                for path, line, message in FINDING.findall(result.stdout)]
    if result.returncode != 0 and not findings:
        return [Finding(name, 1, (result.stdout + result.stderr).strip())]
    return findings


def tool_version():
    return subprocess.run([CLANG_TIDY, "--version"], capture_output=True, text=True, check=True).stdout


if __name__ == "__main__":
    run_rule(check, __doc__)
