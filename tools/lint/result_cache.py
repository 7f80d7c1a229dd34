"""Remembers which files a slow tool has found nothing wrong with, so that only what has changed is looked at again.

A file's key is a digest of everything the result depends on: the file and all it includes from the tree, the tool's
version, its arguments and its configuration. Only good results are kept; a bad one is shown again until it is mended.
"""

import hashlib
import os
from concurrent.futures import ThreadPoolExecutor


class ResultCache:
    def __init__(self, tree, name, *ingredients):
        self._tree = tree
        self._folder = tree.root / "build" / "lint" / name
        self._base = hashlib.sha256("\0".join(ingredients).encode())

    def check_all(self, names, check):
        """`check(name)` for each of `names` that is not known to be good, several at a time. Yields its findings,
        a list for each file."""
        yield from self.check_groups([[name] for name in self.unknown(names)], lambda group: check(group[0]))

    def check_groups(self, groups, check):
        """`check(group)` for each list of files, several at a time. Yields its findings, a list for each group, in the
        order of `groups`; where there are none, all files of the group are good."""
        with ThreadPoolExecutor(int(os.environ.get("JOBS", 0)) or os.cpu_count()) as pool:
            yield from pool.map(lambda group: self._check(group, check), groups)

    def unknown(self, names):
        """Those of `names` that are not known to be good."""
        return [name for name in names if not self._mark(name).exists()]

    def _check(self, group, check):
        marks = [self._mark(name) for name in group]  # of what is checked: it may change meanwhile
        findings = check(group)
        if not findings:
            self._folder.mkdir(parents=True, exist_ok=True)
            for mark in marks:
                mark.touch()
        return findings

    def _mark(self, name):
        digest = self._base.copy()
        for part in self._tree.closure(name):
            content = (self._tree.root / part).read_bytes()
            digest.update(f"\0{part}\0{len(content)}\0".encode() + content)
        return self._folder / digest.hexdigest()
