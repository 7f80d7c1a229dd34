#!/usr/bin/env python3
"""No file names a directory of somebody's machine."""

import re

from source_tree import Finding, run_rule

MACHINE_PATH = re.compile(r"(?<![\w.\-/$}])/(?:work|root|home/\w+|Users/\w+)/[\w.\-]")


def check(tree):
    for name in tree.files:
        for number, line in enumerate(tree.read(name).splitlines(), start=1):
            match = MACHINE_PATH.search(line)
            if match:
                yield Finding(name, number, f"a path of one machine: {line[match.start():].split()[0]}")


if __name__ == "__main__":
    run_rule(check, __doc__)
