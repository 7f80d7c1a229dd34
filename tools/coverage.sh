# Sourced by dev: ./dev coverage.

# Runs all tests and reports which lines of rondo/ they have reached; fails under 90 %. A page for each file is in
# build-coverage/report.
coverage() {
  local directory profile
  local -a binaries others
  directory=$(directory_of coverage)
  profile=$directory/all.profdata
  build coverage
  rm -rf "$directory/profiles"
  run_tests coverage
  llvm-profdata-19 merge --sparse -o "$profile" "$directory"/profiles/*.profraw
  mapfile -t binaries < <(find "$directory/rondo" "$directory"/tests/*/rondo_*_tests "$directory/examples" -type f -executable)
  others=("${binaries[@]:1}")  # the first one is an argument: the sources behind it would be taken for it
  llvm-cov-19 show "${binaries[0]}" "${others[@]/#/--object=}" --instr-profile="$profile" --format=html \
    --output-dir="$directory/report" "$root/rondo"
  llvm-cov-19 export "${binaries[0]}" "${others[@]/#/--object=}" --instr-profile="$profile" --summary-only "$root/rondo" |
    "$root/tools/coverage.py" 90
}
