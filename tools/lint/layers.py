#!/usr/bin/env python3
"""Includes go down only (docs/design.md, section 3), and each layer uses only its own third-party libraries."""

from dataclasses import dataclass

import system_headers
from source_tree import Finding, layer_of, run_rule


@dataclass(frozen=True)
class Layer:
    below: tuple
    third_party: tuple = ()


# The table of docs/design.md. A layer may include itself and those below it, and in its .cpp files its
# third-party libraries. fmt is base's, and comes with it.
LAYERS = {
    "base": Layer((), ("fmt",)),
    "runtime": Layer(("base",), ("fmt", "liburing")),
    "proto": Layer(("base",), ("fmt", "nghttp2", "zlib", "brotli", "zstd", "libpsl", "icu", "openssl")),
    "net": Layer(("base", "runtime"), ("fmt",)),
    "dns": Layer(("base", "runtime", "net"), ("fmt", "c-ares")),
    "tls": Layer(("base", "runtime", "net"), ("fmt", "openssl")),
    "http": Layer(("base", "runtime", "proto", "net", "dns", "tls"), ("fmt", "nlohmann")),
    "testing": Layer(("base", "runtime", "proto", "net", "dns", "tls", "http"), ("fmt", "openssl", "zlib")),
}
CLI_THIRD_PARTY = ("fmt", "CLI11", "sqlite", "nlohmann")
JSON_HEADER = "rondo/http/json.hpp"


def check(tree):
    for name in tree.cpp_files("rondo"):
        yield from check_layer_file(tree, name)
    for name in tree.cpp_files("cli"):
        yield from check_outsider(tree, name, own="cli/", third_party=CLI_THIRD_PARTY)
    for name in tree.cpp_files("examples"):
        yield from check_outsider(tree, name, own="examples/", third_party=())


def check_layer_file(tree, name):
    layer = layer_of(name)
    if layer is None:
        return
    if layer not in LAYERS:
        yield Finding(name, 1, f"rondo/{layer} is no layer of tools/lint/layers.py")
        return
    for include in tree.includes(name):
        target = include.target
        if include.quoted and not target.startswith("rondo/"):
            yield Finding(name, include.line, f'"{target}": write it from the root, as "rondo/{layer}/..."')
        elif include.quoted:
            yield from check_direction(name, layer, include)
        else:
            yield from check_third_party(name, include, LAYERS[layer].third_party, in_header=name.endswith(".hpp"))


def check_direction(name, layer, include):
    other = layer_of(include.target)
    if other is None:
        yield Finding(name, include.line, f'"{include.target}" is for users; a layer includes what it needs')
    elif other != layer and other not in LAYERS[layer].below:
        yield Finding(name, include.line, f'"{include.target}": {layer} may not include {other}')


def check_third_party(name, include, allowed, in_header):
    if system_headers.is_standard(include.target) or system_headers.is_operating_system(include.target):
        return
    library = system_headers.third_party_library(include.target)
    if library is None:
        yield Finding(name, include.line, f"<{include.target}> is unknown to tools/lint/system_headers.py")
    elif library == "nlohmann" and name == JSON_HEADER:
        return
    elif library not in allowed:
        yield Finding(name, include.line, f"<{include.target}>: {library} is not for this folder")
    elif in_header:
        yield Finding(name, include.line, f"<{include.target}>: third party belongs in .cpp files")


def check_outsider(tree, name, own, third_party):
    """The command and the examples are customers: they see the public headers and nothing else."""
    for include in tree.includes(name):
        target = include.target
        if target.startswith("rondo/"):
            if target not in tree.public_headers:
                yield Finding(name, include.line, f"{target} is no public header")
        elif include.quoted and not target.startswith(own):
            yield Finding(name, include.line, f'"{target}": write it from the root, as "{own}..."')
        elif not include.quoted:
            yield from check_third_party(name, include, third_party, in_header=False)


if __name__ == "__main__":
    run_rule(check, __doc__)
