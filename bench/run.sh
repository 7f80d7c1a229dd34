#!/usr/bin/env bash
# Runs the benchmarks: ./dev bench builds what they need and calls this.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
program=against_wrk.py
if [ "${1:-}" = costs ]; then
  program=request_costs.py
  shift
fi
exec python3 "$root/bench/$program" --build "$root/build" "$@"
