# Sourced by dev: ./dev check, in steps, the cheap ones first. A step that fails does not keep the others from running.
# build/check.log says how each has ended as soon as it has, for a caller who ends the whole before its end.

check() {
  local preset
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
  cat "$root/build/check.log"
  for preset in dev tsan release; do
    printf '\n== tests, preset %s\n' "$preset"
    tests_summary "$preset"
  done
  ! grep -q ^FAILED "$root/build/check.log"
}

# step TITLE COMMAND...: the command runs in a subshell outside of any condition, where `set -e` holds.
step() {
  local title=$1 start=$SECONDS status verdict=ok
  shift
  printf '\n== %s\n' "$title"
  set +e
  (set -e; "$@")
  status=$?
  set -e
  [ $status = 0 ] || verdict=FAILED
  mkdir -p "$root/build"
  printf '%-7s %4d s  %s\n' "$verdict" $((SECONDS - start)) "$title" | tee -a "$root/build/check.log"
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
