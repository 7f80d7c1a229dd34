#!/usr/bin/env python3
"""clang-tidy finds nothing in the library and the command; .clang-tidy says what it looks for.

Most of its time goes into the standard library's headers, once for each translation unit. So it is given several sources
of a folder as one; where names of two of them collide, the group is halved until it compiles.
"""

import json
import re
import shlex
import subprocess
from hashlib import sha256
from itertools import groupby

from result_cache import ResultCache
from source_tree import Finding, run_rule

CLANG_TIDY = "clang-tidy-19"
DATABASE = "build-tidy"
FOLDERS = ("rondo", "cli")
GROUP = 16
FINDING = re.compile(r"^(\S+?):(\d+):\d+: (?:error|warning): (.*)", re.MULTILINE)


def check(tree):
    configured = configure(tree)
    if configured.returncode != 0:
        yield Finding("CMakeLists.txt", 1, "cannot configure: " + configured.stderr.strip())
        return
    cache = ResultCache(tree, "tidy", tool_version(), tree.read(".clang-tidy"), tree.read("CMakePresets.json"),
                        tree.read("cmake/RondoOptions.cmake"))
    commands = compile_commands(tree)
    sources = cache.unknown(name for name in tree.cpp_files(*FOLDERS) if name in commands)
    seen = set()
    for findings in cache.check_groups(groups_of(sources, commands), lambda group: check_group(tree, group, commands[group[0]])):
        yield from (finding for finding in findings if finding not in seen)
        seen.update(findings)


def configure(tree):
    """clang-tidy takes each file's flags from a compile database."""
    return subprocess.run(["cmake", "--preset", "tidy"], cwd=tree.root, capture_output=True, text=True)


def compile_commands(tree):
    """The compiler and its flags, without the names of files, for each source of the database."""
    commands = {}
    for entry in json.loads((tree.root / DATABASE / "compile_commands.json").read_text()):
        words = shlex.split(entry["command"])
        output = words.index("-o") if "-o" in words else len(words)
        del words[output:output + 2]
        name = entry["file"].removeprefix(f"{tree.root}/")
        commands[name] = [word for word in words if word not in ("-c", entry["file"])]
    return commands


def groups_of(sources, commands):
    """Lists of at most GROUP sources that lie in one folder and are compiled with the same flags."""
    for _, alike in groupby(sources, key=lambda name: (name.rpartition("/")[0], commands[name])):
        alike = list(alike)
        yield from (alike[first:first + GROUP] for first in range(0, len(alike), GROUP))


def check_group(tree, group, command):
    """What clang-tidy finds in the sources of `group` and the headers they include."""
    unit = f"{DATABASE}/units/{sha256(repr(group).encode()).hexdigest()}.cpp"
    (tree.root / unit).parent.mkdir(exist_ok=True)
    (tree.root / unit).write_text("".join(f'#include "{name}"  // NOLINT(bugprone-suspicious-include)\n' for name in group))
    if len(group) > 1 and not compiles(tree, unit, command):
        half = len(group) // 2
        return check_group(tree, group[:half], command) + check_group(tree, group[half:], command)
    result = subprocess.run(
        [CLANG_TIDY, "--quiet", f"--header-filter=^{re.escape(str(tree.root))}/({'|'.join(FOLDERS)})/", unit, "--",
         *command[1:], f"-I{tree.root}"],
        cwd=tree.root, capture_output=True, text=True)
    findings = [Finding(path.removeprefix(f"{tree.root}/").removeprefix("./"), int(line), message)
                for path, line, message in FINDING.findall(result.stdout)]
    if result.returncode != 0 and not findings:
        return [Finding(group[0], 1, (result.stdout + result.stderr).strip())]
    return findings


def compiles(tree, unit, command):
    return subprocess.run([*command, f"-I{tree.root}", "-fsyntax-only", "-w", unit], cwd=tree.root, capture_output=True).returncode == 0


def tool_version():
    return subprocess.run([CLANG_TIDY, "--version"], capture_output=True, text=True, check=True).stdout


if __name__ == "__main__":
    run_rule(check, __doc__)
