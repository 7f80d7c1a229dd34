#!/usr/bin/env python3
"""docs/aiohttp.md has every option of the aiohttp that is installed; the tests that it and docs/leniency.md name exist."""

import fnmatch
import inspect
import re
import sys
from pathlib import Path

import aiohttp

ROOT = Path(sys.argv[1])
PAGE = ROOT / "docs" / "aiohttp.md"
DEFINITION = re.compile(r"^\s*(?:TEST(?:_F|_P)?\(|add_test\(NAME )(\w+)[.,]\s*(\w+)", re.MULTILINE)
# `Suite.Test`; a star stands for the rest of a name.
NAME_OF_TEST = re.compile(r"`([A-Z]\w+)\.(\w*\*?)`")
# What aiohttp's own code calls, and no user does.
INTERNAL = {"self", "ATTRS", "begin_http_chunk_receiving", "end_http_chunk_receiving", "feed_data", "feed_eof",
            "get_read_buffer_limits", "set_exception"}


def options():
    for function in (aiohttp.ClientSession.__init__, aiohttp.ClientSession._request,
                     aiohttp.TCPConnector.__init__, aiohttp.ClientTimeout.__init__):
        yield from ((function.__qualname__, name) for name in inspect.signature(function).parameters)
    yield from (("TraceConfig", name) for name in dir(aiohttp.TraceConfig) if name.startswith("on_"))
    for owner in aiohttp.ClientResponse, aiohttp.StreamReader:
        yield from ((owner.__name__, name) for name in dir(owner) if not name.startswith("_"))


def tests_of_suites():
    tests = {}
    for file in [*(ROOT / "tests").rglob("*_test.cpp"), *(ROOT / "tests").rglob("CMakeLists.txt")]:
        for suite, name in DEFINITION.findall(file.read_text(encoding="utf-8")):
            tests.setdefault(suite, set()).add(name)
    return tests


def missing_tests(page, tests):
    text = page.read_text(encoding="utf-8")
    return [f"{page.name} names the test {suite}.{name}, which does not exist"
            for suite, name in NAME_OF_TEST.findall(text) if not fnmatch.filter(tests.get(suite, ()), name)]


def main():
    words = set(re.findall(r"`(\w+)`", PAGE.read_text(encoding="utf-8")))
    problems = [f"{owner} has {name}, and the page has not"
                for owner, name in options() if name not in INTERNAL and name not in words]
    tests = tests_of_suites()
    for page in PAGE, ROOT / "docs" / "leniency.md":
        problems += missing_tests(page, tests)
    if problems:
        sys.exit("\n".join(problems))
    print(f"{len(words)} names, all tests there")


main()
