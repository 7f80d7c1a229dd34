#!/usr/bin/env bash
# ./dev demo: fetches 2,000 URLs from the server of tools/demo and checks every body. ARGS go to tools/demo/run.py,
# as in `./dev demo --count 500`.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
exec python3 -B "$root/tools/demo/run.py" \
  --rondo "$root/build/rondo" --server "$root/build/tools/demo/demo_server" "$@"
