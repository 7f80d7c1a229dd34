# Sourced by dev: ./dev coverage.

# Runs all tests and reports which lines of rondo/ they have reached; fails under 90 %. A page for each file is in
# build-coverage/report.
coverage() {
  local directory
  directory=$(directory_of coverage)
  build coverage
  find "$directory" -name '*.gcda' -delete
  run_tests coverage
  mkdir -p "$directory/report"
  gcovr --root "$root" --object-directory "$directory" --filter "$root/rondo/" -j "$jobs" \
    --exclude-unreachable-branches --exclude-throw-branches \
    --html-details "$directory/report/index.html" --txt --print-summary --fail-under-line 90 "$directory"
}
