#!/usr/bin/env bash
# Runs the benchmarks: ./dev bench builds what they need and calls this.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
exec python3 "$root/bench/against_wrk.py" --build "$root/build" "$@"
