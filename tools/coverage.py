#!/usr/bin/env python3
"""Reads the summary that llvm-cov exports as JSON; prints the files from the least covered, and fails under PERCENT.

  llvm-cov export --summary-only ... | tools/coverage.py PERCENT
"""

import json
import os
import sys


def main():
    bar = float(sys.argv[1])
    data = json.load(sys.stdin)["data"][0]
    for file in sorted(data["files"], key=lambda each: each["summary"]["lines"]["percent"]):
        lines = file["summary"]["lines"]
        print(f"{lines['percent']:6.1f} %  {lines['count'] - lines['covered']:4} lines missed  {os.path.relpath(file['filename'])}")
    lines = data["totals"]["lines"]
    print(f"{lines['percent']:6.1f} %  of {lines['count']} lines, bar {bar:.0f} %")
    return 0 if lines["percent"] >= bar else 1


if __name__ == "__main__":
    sys.exit(main())
