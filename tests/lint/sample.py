"""Small trees, right or wrong, that the tests of the rules are run on."""

import contextlib
import tempfile
from pathlib import Path

from source_tree import SourceTree

BASE_CMAKE = "rondo_layer(\n  NAME base\n  PUBLIC_HEADERS\n    public.hpp\n  SOURCES\n    a.cpp)\n"


@contextlib.contextmanager
def sample(files):
    """A tree of `files`, which maps paths to texts."""
    with tempfile.TemporaryDirectory() as folder:
        for name, text in files.items():
            path = Path(folder) / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        yield SourceTree(folder)


def findings(rule, files):
    """What `rule` has to say about a tree of `files`."""
    with sample(files) as tree:
        return [str(finding) for finding in rule.check(tree)]
