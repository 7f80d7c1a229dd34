#!/usr/bin/env python3
"""The URL Standard's test vectors, as the web platform tests had them in 2022 (Debian's librust-url-dev ships them), against
`rondo url --batch`. The standard has changed since then in the places below: there Rondo follows the standard as it is now."""

import json
import subprocess
import sys
from pathlib import Path

PARTS = ("href", "origin", "protocol", "username", "password", "host", "hostname", "port", "pathname", "search", "hash")

# A domain of ASCII characters is no longer refused for a label that is no Punycode, and "^" is escaped in paths.
CHANGED = {"http://a.b.c.xn--pokxncvks", "http://10.0.0.xn--pokxncvks", "http://a.b.c.XN--pokxncvks",
           "http://a.b.c.Xn--pokxncvks", "http://10.0.0.XN--pokxncvks", "http://10.0.0.xN--pokxncvks", "file://xn--/p"}
ESCAPED = "%5E"
# `hostname` no longer takes what has a port, and slashes in the path of a file are kept.
CHANGED_SETTERS = {("hostname", "example.com:8080"), ("hostname", "example.com:"), ("pathname", "\\\\"),
                   ("pathname", "//\\/"), ("pathname", "//monkey/..//")}


def scalar(text):
    """The text with U+FFFD for lone surrogates."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def ask(rondo, questions):
    lines = "".join(json.dumps(question) + "\n" for question in questions)
    answers = subprocess.run([rondo, "url", "--batch"], input=lines, capture_output=True, text=True, check=True).stdout
    return [json.loads(line) for line in answers.splitlines()]


def is_as_expected(answer, expected):
    if expected.get("failure"):
        return "error" in answer
    return all(answer.get(part) == scalar(expected[part]) for part in PARTS if part in expected)


def has_new_escape(answer, expected):
    """Whether "^" is what they differ in."""
    return all(answer.get(part, "").replace(ESCAPED, "^") == scalar(expected[part]).replace(ESCAPED, "^")
               for part in PARTS if part in expected)


def parser_cases(file):
    for case in json.loads(file.read_text(encoding="utf-8")):
        if isinstance(case, str):
            continue
        question = {"input": scalar(case["input"])}
        if case.get("base") is not None:
            question["base"] = scalar(case["base"])
        yield question, case, case["input"] in CHANGED


def setter_cases(file):
    for attribute, cases in json.loads(file.read_text(encoding="utf-8")).items():
        for case in cases if attribute != "comment" else ():
            question = {"input": scalar(case["href"]), "set": [[attribute, scalar(case["new_value"])]]}
            yield question, case["expected"], (attribute, case["new_value"]) in CHANGED_SETTERS


def main():
    rondo, vectors = sys.argv[1], Path(sys.argv[2])
    cases = [*parser_cases(vectors / "urltestdata.json"), *setter_cases(vectors / "setters_tests.json")]
    answers = ask(rondo, [question for question, _, _ in cases])
    wrong, changed = [], 0
    for answer, (question, expected, has_changed) in zip(answers, cases, strict=True):
        if is_as_expected(answer, expected):
            continue
        if has_changed or has_new_escape(answer, expected):
            changed += 1
        else:
            wrong.append(f"{json.dumps(question)}: {json.dumps(answer)}")
    print(f"{len(cases)} vectors, {changed} of them changed since, {len(wrong)} wrong")
    if wrong:
        sys.exit("\n".join(wrong))


main()
