#!/usr/bin/env python3
"""Runs the rules of the source, all of them or those named, the quick ones first. Fails if one finds something."""

import argparse
import importlib
import sys
import time
from pathlib import Path

from source_tree import SourceTree

RULES = ["paths", "layers", "public_headers", "budgets", "awaits", "format", "headers_alone", "tidy"]


def main():
    parser = argparse.ArgumentParser(prog="./dev lint", description=__doc__)
    parser.add_argument("--list", action="store_true", help="say what the rules are")
    parser.add_argument("rules", nargs="*", metavar="RULE", default=[], help=", ".join(RULES))
    arguments = parser.parse_args()
    unknown = set(arguments.rules) - set(RULES)
    if unknown:
        parser.error(f"no such rule: {', '.join(sorted(unknown))}")

    tree = SourceTree(Path(__file__).resolve().parents[2])
    failed = []
    for name in arguments.rules or RULES:
        rule = importlib.import_module(name)
        if arguments.list:
            print(f"{name:15} {rule.__doc__.splitlines()[0]}")
        elif not passes(name, rule, tree):
            failed.append(name)
    if failed:
        sys.exit(f"lint: failed: {', '.join(failed)}")


def passes(name, rule, tree):
    start = time.monotonic()
    findings = list(rule.check(tree))
    for finding in findings:
        print(finding, flush=True)
    verdict = f"{len(findings)} findings" if findings else "ok"
    print(f"lint: {name:15} {verdict} ({time.monotonic() - start:.1f} s)", flush=True)
    return not findings


if __name__ == "__main__":
    main()
