# Sourced by dev: ./dev check, in steps, the cheap ones first. A step that fails does not keep the others from running.
# build/check.log says how each has ended as soon as it has, for a caller who ends the whole before its end.

check() {
  local -a report=()
  local failures=0 preset
  for preset in dev tsan; do rm -f "$(directory_of $preset)/tests.log"; done
  tests_passed release || rm -f "$(directory_of release)/tests.log"

  rm -f "$root/build/check.log"
  step "the rules of the source" "$root/tools/lint/run.py"
  step "GCC, release: build without a warning" build release
  step "GCC, release: tests" test_once release
  step "Clang, libFuzzer: build" build fuzz fuzz/all
  step "Clang, libFuzzer: ${FUZZ_SECONDS:=20} s for each target" "$root/tools/fuzz.sh" "$FUZZ_SECONDS"
  step "Clang, ASan and UBSan: build without a warning" build dev
  step "Clang, ASan and UBSan: tests" run_tests dev
  step "Clang, TSan: build without a warning" build tsan
  step "Clang, TSan: tests" run_tests tsan

  printf '\n== ./dev check\n'
  printf '%s\n' "${report[@]}"
  for preset in dev tsan release; do
    printf '\n== tests, preset %s\n' "$preset"
    tests_summary "$preset"
  done
  return $((failures > 0))
}

# step TITLE COMMAND...: the command runs in a subshell outside of any condition, where `set -e` holds.
step() {
  local title=$1 start=$SECONDS status
  shift
  printf '\n== %s\n' "$title"
  set +e
  (set -e; "$@")
  status=$?
  set -e
  if [ $status = 0 ]; then
    report+=("$(printf 'ok      %4d s  %s' $((SECONDS - start)) "$title")")
  else
    report+=("$(printf 'FAILED  %4d s  %s' $((SECONDS - start)) "$title")")
    failures=$((failures + 1))
  fi
  mkdir -p "$root/build"
  echo "${report[-1]}" | tee -a "$root/build/check.log"
}

# test_once PRESET: unless the tests have passed for the tree as it is.
test_once() {
  if tests_passed "$1"; then
    echo "They have passed for these sources:"
    tests_summary "$1"
  else
    run_tests "$1"
  fi
}
