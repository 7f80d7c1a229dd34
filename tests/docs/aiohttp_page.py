#!/usr/bin/env python3
"""docs/aiohttp.md has every option of the aiohttp that is installed, and the tests that it names exist."""

import inspect
import re
import sys
from pathlib import Path

import aiohttp

ROOT = Path(sys.argv[1])
PAGE = ROOT / "docs" / "aiohttp.md"
DEFINITION = re.compile(r"^TEST(?:_F|_P)?\((\w+),\s*(\w+)\)", re.MULTILINE)
NAME_OF_TEST = re.compile(r"`([A-Z]\w+)\.(\w+|\*)`")
# What aiohttp's own code calls, and no user does.
INTERNAL = {"self", "ATTRS"}


def options():
    for function in (aiohttp.ClientSession.__init__, aiohttp.ClientSession._request,
                     aiohttp.TCPConnector.__init__, aiohttp.ClientTimeout.__init__):
        yield from ((function.__qualname__, name) for name in inspect.signature(function).parameters)
    yield from (("TraceConfig", name) for name in dir(aiohttp.TraceConfig) if name.startswith("on_"))
    yield from (("ClientResponse", name) for name in dir(aiohttp.ClientResponse) if not name.startswith("_"))


def main():
    page = PAGE.read_text(encoding="utf-8")
    words = set(re.findall(r"`(\w+)`", page))
    problems = [f"{owner} has {name}, and the page has not"
                for owner, name in options() if name not in INTERNAL and name not in words]
    tests = {}
    for file in (ROOT / "tests").rglob("*_test.cpp"):
        for suite, name in DEFINITION.findall(file.read_text(encoding="utf-8")):
            tests.setdefault(suite, set()).add(name)
    for suite, name in NAME_OF_TEST.findall(page):
        if name not in tests.get(suite, ()) and not (name == "*" and suite in tests):
            problems.append(f"the page names the test {suite}.{name}, which does not exist")
    if problems:
        sys.exit("\n".join(problems))
    print(f"{len(words)} names, all tests there")


main()
