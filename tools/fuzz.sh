#!/usr/bin/env bash
# fuzz.sh SECONDS: runs every target of the fuzz preset for so long, as many at a time as there are processors, and
# fails if one of them finds something. It starts from fuzz/corpus/<name>; what it learns stays in build-fuzz/corpus,
# an input that breaks something in build-fuzz/found.
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
build=$root/build-fuzz
seconds=$1

# run_one TARGET
run_one() {
  local target=$1 name log options
  name=$(basename "$target" _fuzzer)
  name=${name#rondo_}
  log=$build/$name.log
  options=(-max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 -print_final_stats=1
    -artifact_prefix="$build/found/$name-")
  if [ -e "$root/fuzz/$name.dict" ]; then options+=(-dict="$root/fuzz/$name.dict"); fi
  mkdir -p "$build/corpus/$name" "$build/found"
  local corpora=("$build/corpus/$name")
  if [ -d "$root/fuzz/corpus/$name" ]; then corpora+=("$root/fuzz/corpus/$name"); fi
  if timeout $((seconds + 120)) "$target" "${options[@]}" "${corpora[@]}" >"$log" 2>&1 </dev/null; then
    echo "fuzz: $name: $(sed -n 's/^stat::number_of_executed_units: *//p' "$log") inputs, nothing found"
  else
    tail -n 60 "$log"
    echo "fuzz: $name: found something; the whole log is $log"
    return 1
  fi
}

if [ "${2:-}" ]; then
  run_one "$2"
else
  targets=("$build"/fuzz/rondo_*_fuzzer)
  [ -x "${targets[0]}" ] || { echo "fuzz: no target has been built" >&2; exit 1; }
  printf '%s\0' "${targets[@]}" | xargs -0 -n 1 -P "${JOBS:-$(nproc)}" "$0" "$seconds"
fi
