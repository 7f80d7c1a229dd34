#!/usr/bin/env python3
"""A public header includes the standard library and other public headers, and nothing else."""

import system_headers
from layers import JSON_HEADER
from source_tree import Finding, run_rule


def check(tree):
    for name in tree.files:
        if name in tree.public_headers:
            for include in tree.includes(name):
                complaint = complain(tree, name, include.target)
                if complaint:
                    yield Finding(name, include.line, f"{include.target}: {complaint}")


def complain(tree, name, target):
    if target.startswith("rondo/"):
        return None if target in tree.public_headers else "a private header, which is not installed"
    if system_headers.is_standard(target):
        return None
    if name == JSON_HEADER and system_headers.third_party_library(target) == "nlohmann":
        return None
    if system_headers.is_operating_system(target):
        return "an operating-system header in a public header"
    return "a third-party header in a public header"


if __name__ == "__main__":
    run_rule(check, __doc__)
