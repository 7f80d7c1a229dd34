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

    def check_all(self, names, check, jobs=None):
        """`check(name)` for each of `names` that is not known to be good, several at a time. Yields its findings,
        a list for each file, in the order of `names`."""
        with ThreadPoolExecutor(jobs or int(os.environ.get("JOBS", 0)) or os.cpu_count()) as pool:
            yield from pool.map(lambda name: self._check(name, check), names)

    def _check(self, name, check):
        mark = self._folder / self._key(name)
        if mark.exists():
            return []
        findings = check(name)
        if not findings:
            self._folder.mkdir(parents=True, exist_ok=True)
            mark.touch()
        return findings

    def _key(self, name):
        digest = self._base.copy()
        for part in self._tree.closure(name):
            content = (self._tree.root / part).read_bytes()
            digest.update(f"\0{part}\0{len(content)}\0".encode() + content)
        return digest.hexdigest()
