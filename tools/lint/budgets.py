#!/usr/bin/env python3
"""A header has at most 300 lines, a source 500, a function 60. budget_exceptions.txt lists who may have more."""

from cpp_functions import functions
from source_tree import Finding, run_rule

HEADER_LINES = 300
SOURCE_LINES = 500
FUNCTION_LINES = 60
EXCEPTIONS = "tools/lint/budget_exceptions.txt"


def check(tree):
    exceptions = read_exceptions(tree)
    for name in tree.cpp_files():
        text = tree.read(name)
        lines = text.count("\n")
        budget = HEADER_LINES if name.endswith(".hpp") else SOURCE_LINES
        if lines > exceptions.get(name, budget):
            yield Finding(name, lines, f"{lines} lines, of {budget}: split the file by concept")
        for function in functions(text):
            allowed = exceptions.get(f"{name}:{function.name}", FUNCTION_LINES)
            if function.lines > allowed:
                yield Finding(name, function.first_line,
                              f"{function.name} has {function.lines} lines, of {FUNCTION_LINES}")


def read_exceptions(tree):
    """Lines like `rondo/http/a.cpp 520` or `rondo/http/a.cpp:function 70`; # starts a comment, such as the reason."""
    exceptions = {}
    if EXCEPTIONS in tree.files:
        for line in tree.read(EXCEPTIONS).splitlines():
            words = line.split("#")[0].split()
            if words:
                exceptions[words[0]] = int(words[1])
    return exceptions


if __name__ == "__main__":
    run_rule(check, __doc__)
