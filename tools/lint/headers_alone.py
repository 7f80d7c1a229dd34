#!/usr/bin/env python3
"""Every header compiles alone, and is guarded by #pragma once."""

import re
import subprocess

from result_cache import ResultCache
from source_tree import Finding, run_rule

COMPILE = ["clang++-19", "-std=c++20", "-fsyntax-only", "-Wno-pragma-once-outside-header", "-I.", "-x", "c++"]
ERROR = re.compile(r"^(\S+?):(\d+):\d+: (?:fatal )?error: (.*)", re.MULTILINE)


def check(tree):
    headers = [name for name in tree.cpp_files() if name.endswith(".hpp")]
    for name in headers:
        if not re.search(r"^#pragma once$", tree.read(name), re.MULTILINE):
            yield Finding(name, 1, "no #pragma once")
    cache = ResultCache(tree, "headers_alone", tool_version(), *COMPILE)
    for findings in cache.check_all(headers, lambda name: check_header(tree, name)):
        yield from findings


def check_header(tree, name):
    result = subprocess.run([*COMPILE, name], cwd=tree.root, capture_output=True, text=True)
    if result.returncode == 0:
        return []
    first = ERROR.search(result.stderr)
    if first is None:
        return [Finding(name, 1, result.stderr.strip() or "the compiler failed")]
    return [Finding(name, 1, f"does not compile alone: {first[1]}:{first[2]}: {first[3]}")]


def tool_version():
    return subprocess.run([COMPILE[0], "--version"], capture_output=True, text=True, check=True).stdout


if __name__ == "__main__":
    run_rule(check, __doc__)
