"""Holds what a fetch has reported and saved against what was expected."""

import hashlib
import json
from collections import Counter
from pathlib import Path


class Verdict:
    def __init__(self):
        self.mistakes = []
        self.bodies = 0
        self.bytes = 0
        self.failures = Counter()

    def describe(self):
        kinds = ", ".join(f"{count} {kind}" for kind, count in sorted(self.failures.items()))
        return (f"{self.bodies:,} bodies with {self.bytes:,} bytes are right by their SHA-256; "
                f"{sum(self.failures.values())} URLs failed as they had to: {kinds}.")


def judge(expectations, report, output):
    """`report` is the file of JSON lines, `output` the directory of bodies."""
    verdict = Verdict()
    results = read_report(report, verdict)
    for expected in expectations:
        found = results.pop(expected.url, [])
        if len(found) == 1:
            check(expected, found[0], output, verdict)
        else:
            verdict.mistakes.append(f"{expected.url}: {len(found)} results")
    verdict.mistakes += [f"{url}: nobody has asked for it" for url in results]
    files = sum(1 for file in Path(output).rglob("*") if file.is_file())
    if files != verdict.bodies:
        verdict.mistakes.append(f"{files} files were left behind, for {verdict.bodies} bodies")
    return verdict


def read_report(report, verdict):
    results = {}
    for line in Path(report).read_text(encoding="utf-8").splitlines():
        try:
            result = json.loads(line)
            results.setdefault(result["url"], []).append(result)
        except (ValueError, KeyError) as error:
            verdict.mistakes.append(f"not a result: {line[:200]} ({error!r})")
    return results


def check(expected, result, output, verdict):
    kind = result["error"] and result["error"]["kind"]
    wrong = difference("error", expected.error, kind)
    if not wrong and expected.error:
        verdict.failures[kind] += 1
        wrong = difference("saved_to", None, result["saved_to"])
    elif not wrong:
        verdict.bodies += 1
        verdict.bytes += expected.size
        wrong = check_answer(expected, result, output)
    if wrong:
        verdict.mistakes.append(f"{expected.url}: {wrong}; {result['error'] or 'no error'}")


def check_answer(expected, result, output):
    """What is wrong with the answer; empty when nothing is."""
    return (difference("status", expected.status, result["status"])
            or difference("body_bytes", expected.size, result["body_bytes"])
            or difference("body_sha256", expected.sha256, result["body_sha256"])
            or difference("redirects", expected.redirects, len(result["redirects"]))
            or check_file(expected, result["saved_to"], Path(output)))


def check_file(expected, saved_to, output):
    if not saved_to:
        return "no file"
    file = Path(saved_to).resolve()
    if output.resolve() not in file.parents:
        return f"{file} is not in the output directory"
    if not file.is_file():
        return f"there is no {file}"
    return difference("the file's SHA-256", expected.sha256, hashlib.sha256(file.read_bytes()).hexdigest())


def difference(name, expected, actual):
    return "" if expected == actual else f"{name} is {actual!r}, not {expected!r}"
