#!/usr/bin/env python3
"""No co_await where GCC 12 miscompiles it: in conditions, beside ?:, after && or ||, in braces, in throw and new.

What GCC 12 makes of these is in tests/compiler; Clang is right in all of them. The way out is the same everywhere: await
in a statement of its own that names the result, and use the name.
"""

import re

from cpp_functions import code_only
from source_tree import Finding, run_rule

AWAIT = re.compile(r"(?<!operator )\bco_await\b")
LOGICAL = re.compile(r"(?<=\s)(&&|\|\|)(?=\s)")
CONTROL = re.compile(r"\b(?:if|while|for|switch)\s*(?:constexpr\s*)?$")
STATEMENT = re.compile(r"\s*[\w#*&({~]")
BRACES_OF_A_TYPE = re.compile(r"[\w>=(,]\s*$")
CONDITION = re.compile(r"\b(?:if|while|switch)\s*(?:constexpr\s*)?\($")
DECLARES = re.compile(r"[^()=]*[\w>&*] [&*]*\w+ = ")
NAMED_BOOL = re.compile(r"\s*(?:const )?(?:bool|auto) \w+ = ")
CALL = re.compile(r"\w\($")
MAKES_OBJECT = re.compile(r"\w[({]|\w<.*>[({]")
NOT_BRACES_OF_A_TYPE = re.compile(r"(?:\b(?:else|do|try|noexcept|const|mutable|override|final)|\))\s*$|->[^;{}()]*$")


def check(tree):
    for name in tree.cpp_files():
        text = tree.read(name)
        if "co_await" not in text or name.startswith("tests/compiler/"):
            continue
        code = code_only(text)
        for match in AWAIT.finditer(code):
            complaint = complain(code, match.start())
            if complaint:
                yield Finding(name, code.count("\n", 0, match.start()) + 1, complaint)


def complain(code, position):
    begin, in_braces = start_of_expression(code, position)
    before = without_blocks(code[begin:position])
    end = end_of_expression(code, position, open_parentheses=before.count("(") - before.count(")"))
    whole = before + without_blocks(code[position:end])
    if re.match(r"\s*throw\b", before):
        return "co_await in a throw: GCC 12 destroys the exception twice; name the result first"
    if re.search(r"\bnew\b[^;]*\($", before):
        return "co_await in a new: GCC 12 destroys the argument twice; name the result first"
    if is_condition(code, begin, before):
        return "co_await in a condition: GCC 12 may never start the coroutine; name the result first"
    if LOGICAL.search(before) and not initialises_bool(before):
        return "co_await after && or ||: GCC 12 awaits regardless of the left side; write an if"
    if "?" in before and in_branch(before):
        return "co_await in a branch of ?: GCC 12 may run both sides; write an if"
    if any(MAKES_OBJECT.search(branches(whole, match.end())) for match in re.finditer(r"\?", whole)):
        return "co_await beside ?: GCC 12 destroys an object of its branches twice; name one of them first"
    if in_braces:
        return "co_await in the braces of an object: GCC 12 destroys its owning members twice; name the result first"
    return None


def start_of_expression(code, position):
    """Where the full expression around `position` starts, and whether braces of an object are around it."""
    braces, in_braces = 0, False
    closed = []  # the closing parentheses that have been passed and not opened
    for index in range(position - 1, -1, -1):
        character = code[index]
        if character == "}":
            if braces == 0 and STATEMENT.match(code, index + 1):
                return index + 1, in_braces
            braces += 1
        elif character == "{" and braces > 0:
            braces -= 1
        elif braces > 0:
            continue
        elif character == ";" or (character == "{" and not is_object(code, index, position)):
            return index + 1, in_braces
        elif character == "{":
            in_braces = True
        elif character == ")":
            closed.append(index)
        elif character == "(":
            end = closed.pop() if closed else index
            if CONTROL.search(code[max(0, index - 40):index]):
                return end + 1, in_braces
    return 0, in_braces


def is_condition(code, begin, before):
    """Whether the expression is the condition of an if, a while or a switch, and declares nothing."""
    return bool(CONDITION.search(code[max(0, begin - 40):begin])) and not DECLARES.match(before)


def initialises_bool(before):
    """Whether the && and || before the await are all of what a bool is initialised with, which GCC 12 compiles rightly."""
    calls = [index for index in open_parentheses(before) if CALL.search(before[:index + 1])]
    return bool(NAMED_BOOL.match(before)) and not calls


def open_parentheses(text):
    """Where the parentheses are that `text` opens and does not close."""
    opened = []
    for index, character in enumerate(text):
        if character == "(":
            opened.append(index)
        elif character == ")" and opened:
            opened.pop()
    return opened


def in_branch(before):
    """Whether the end of `before` is in a branch of the last ?: in it."""
    depth = 0
    for character in before[before.rindex("?"):]:
        depth += {"(": 1, ")": -1}.get(character, 0)
        if depth < 0:
            return False
    return True


def branches(whole, begin):
    """The branches of the ?: whose ? ends at `begin`."""
    depth = 0
    for index in range(begin, len(whole)):
        depth += {"(": 1, "{": 1, ")": -1, "}": -1}.get(whole[index], 0)
        if depth < 0:
            return whole[begin:index]
    return whole[begin:]


def is_object(code, brace, position):
    """Whether the braces around `position` that open at `brace` hold an object, and not statements."""
    before = code[max(0, brace - 200):brace]
    if ";" in without_blocks(code[brace + 1:position]) or NOT_BRACES_OF_A_TYPE.search(before):
        return False
    return bool(BRACES_OF_A_TYPE.search(before))


def end_of_expression(code, position, open_parentheses):
    """Where it ends: at a semicolon, or at the end of the condition or block that it is in."""
    depth = 0
    for index in range(position, len(code)):
        character = code[index]
        depth += {"(": 1, "{": 1, ")": -1, "}": -1}.get(character, 0)
        if depth < -open_parentheses or (character == ";" and depth <= 0):
            return index
    return len(code)


def without_blocks(text):
    """`text` without the bodies of the lambdas in it."""
    while True:
        shorter = re.sub(r"\{[^{}]*;[^{}]*\}", "", text)
        if shorter == text:
            return text
        text = shorter


if __name__ == "__main__":
    run_rule(check, __doc__)
