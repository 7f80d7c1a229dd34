"""The facts of the machine and of the programs that were measured."""

import os
import re
import shutil
import subprocess
from pathlib import Path

from suite import network

PROGRAMS = {"nginx": ["nginx", "-v"], "GCC": ["g++", "-dumpfullversion"], "OpenSSL": ["openssl", "version"]}
PACKAGES = {"wrk": "wrk", "h2load": "nghttp2-client", "Boost": "libboost-dev", "libcurl": "libcurl4-openssl-dev",
            "libuv": "libuv1-dev", "Go": "golang-go", "aiohttp": "python3-aiohttp", "uvloop": "python3-uvloop",
            "hyper": "librust-hyper-dev", "reqwest": "librust-reqwest-dev", "curl": "curl", "aria2": "aria2", "wget2": "wget2"}


def facts():
    """In the order in which they are to be read."""
    processor = re.search(r"^model name\s*:\s*(.*)$", Path("/proc/cpuinfo").read_text(), re.MULTILINE)
    memory = re.search(r"^MemTotal:\s*(\d+)", Path("/proc/meminfo").read_text(), re.MULTILINE)
    release = re.search(r'^PRETTY_NAME="?(.*?)"?$', Path("/etc/os-release").read_text(), re.MULTILINE)
    return {
        "processor": f"{processor[1] if processor else 'unknown'}, {os.cpu_count()} cores seen",
        "memory": f"{int(memory[1]) / (1 << 20):.1f} GiB" if memory else "unknown",
        "system": f"{release[1] if release else 'unknown'}, Linux {os.uname().release.split('-')[0]}",
        "network": network.description(),
        "programs": ", ".join(f"{name} {version}" for name, version in {**programs(), **packages()}.items()),
    }


def programs():
    present = {name: command for name, command in PROGRAMS.items() if shutil.which(command[0])}
    answers = {name: subprocess.run(command, capture_output=True, text=True) for name, command in present.items()}
    return {name: version for name, answer in answers.items() if (version := version_in(answer.stdout + answer.stderr))}


def packages():
    """Debian's, as far as they are installed."""
    if shutil.which("dpkg-query") is None:
        return {}
    listing = subprocess.run(["dpkg-query", "-W", "-f", "${db:Status-Abbrev}${Package} ${Version}\n", *PACKAGES.values()],
                             capture_output=True, text=True).stdout
    installed = dict(line[3:].strip().split() for line in listing.splitlines() if line.startswith("ii"))
    return {name: version for name, package in PACKAGES.items() if (version := version_in(installed.get(package, "")))}


def version_in(words):
    found = re.search(r"\d+(\.\d+)+", words)
    return found[0] if found else None


PRODUCT = ["rondo", "cli", "cmake", "CMakeLists.txt", "CMakePresets.json"]


def commit(root):
    """The last one that changed what is measured; "+" when there are changes that are not committed."""
    def git(*arguments):
        return subprocess.run(["git", *arguments], cwd=root, capture_output=True, text=True)
    name = git("log", "-1", "--format=%h", "--abbrev=10", "--", *PRODUCT)
    if name.returncode != 0:
        return "unknown"
    changed = git("status", "--porcelain", "--", *PRODUCT)
    return name.stdout.strip() + ("+" if changed.stdout else "")
