"""The tree that the rules look at: its files, their includes, and the headers that are public."""

import argparse
import os
import re
import subprocess
import sys
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

INCLUDE = re.compile(r'^\s*#\s*include\s*(?:<([^>]+)>|"([^"]+)")')
NOT_SOURCE = re.compile(r"^(\.git|\.cache|dist|build|build-.*)$")


@dataclass(frozen=True)
class Finding:
    path: str
    line: int
    message: str

    def __str__(self):
        return f"{self.path}:{self.line}: {self.message}"


@dataclass(frozen=True)
class Include:
    line: int
    target: str
    quoted: bool


class SourceTree:
    def __init__(self, root):
        self.root = Path(root).resolve()

    @cached_property
    def files(self):
        """Every file that git has or would take, as a path relative to the root; without git, every file."""
        listing = subprocess.run(
            ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
            cwd=self.root, capture_output=True, text=True)
        if listing.returncode == 0 and listing.stdout:
            names = listing.stdout.split("\0")
        else:
            names = self._walk()
        return sorted({name for name in names if name and (self.root / name).is_file()})

    def _walk(self):
        for folder, folders, names in os.walk(self.root):
            folders[:] = [name for name in folders if not NOT_SOURCE.match(name)]
            for name in names:
                yield str((Path(folder) / name).relative_to(self.root))

    def cpp_files(self, *folders):
        """The C++ files, or those of them that lie in `folders`."""
        prefixes = tuple(folder + "/" for folder in folders)
        return [name for name in self.files
                if name.endswith((".hpp", ".cpp")) and (not prefixes or name.startswith(prefixes))]

    def read(self, name):
        return (self.root / name).read_text(encoding="utf-8", errors="replace")

    def includes(self, name):
        for number, line in enumerate(self.read(name).splitlines(), start=1):
            match = INCLUDE.match(line)
            if match:
                yield Include(number, match[1] or match[2], quoted=match[2] is not None)

    @cached_property
    def public_headers(self):
        """What the layers list as public in their CMakeLists.txt, and rondo/rondo.hpp."""
        headers = {"rondo/rondo.hpp"}
        for name in self.files:
            if re.fullmatch(r"rondo/\w+/CMakeLists\.txt", name):
                text = re.sub(r"#.*", "", self.read(name))
                for block in re.findall(r"\b(?:PUBLIC_HEADERS|FILES)\b([^A-Z)]*)", text):
                    headers.update(f"{os.path.dirname(name)}/{header}" for header in block.split())
        return headers

    def closure(self, name):
        """`name` and every file of the tree that it includes, directly or not."""
        seen, pending = set(), [name]
        while pending:
            current = pending.pop()
            if current in seen or not (self.root / current).is_file():
                continue
            seen.add(current)
            pending.extend(include.target for include in self.includes(current))
        return sorted(seen)


def layer_of(name):
    """`proto` for rondo/proto/url.hpp; None for what is in no layer."""
    parts = name.split("/")
    return parts[1] if parts[0] == "rondo" and len(parts) > 2 else None


def run_rule(check, description):
    """The main of a rule that is run alone: prints what `check(tree)` finds, and exits with 1 if that is anything."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--root", default=Path(__file__).resolve().parents[2], help="the tree to look at")
    findings = list(check(SourceTree(parser.parse_args().root)))
    for finding in findings:
        print(finding)
    sys.exit(1 if findings else 0)
