# Sourced by dev: builds the presets of CMakePresets.json and runs their tests.

# What ./dev build builds of the release preset: everything but the tests.
product=(rondo cli/all examples/all layers/testing/all tools/demo/all)

# directory_of PRESET: where the preset builds.
directory_of() {
  if [ "$1" = release ]; then echo "$root/build"; else echo "$root/build-$1"; fi
}

# configure PRESET [ARGS...]: only where the presets have changed or ARGS are given; otherwise the build itself notices
# what has changed. With a new cache: over an old one, CMake may find that the compiler has changed, which it has not, and
# then forgets what the preset says.
configure() {
  local preset=$1 directory log
  directory=$(directory_of "$preset")
  log=$directory/configure.log
  shift
  if [ $# = 0 ] && [ "$directory/build.ninja" -nt "$root/CMakePresets.json" ]; then return; fi
  mkdir -p "$directory"
  if ! (cd "$root" && cmake --fresh --preset "$preset" "$@") >"$log" 2>&1; then
    cat "$log" >&2
    return 1
  fi
}

# build PRESET [TARGET...]: one at a time in each directory, for two that build there at once spoil it.
build() {
  local preset=$1 directory
  directory=$(directory_of "$preset")
  shift
  mkdir -p "$directory"
  (
    flock 9
    configure "$preset" || exit
    cmake --build "$directory" --parallel "$jobs" ${1:+--target "$@"} 9>&-
  ) 9>"$directory/build.lock"
}

# build_quietly PRESET TARGET...: says something only when it fails, or where the wait will be long.
build_quietly() {
  local log
  log=$(directory_of "$1")/quiet-build.log
  if [ ! -e "$root/build/rondo" ]; then echo "Building Rondo, which takes a minute or two ..." >&2; fi
  mkdir -p "$(dirname "$log")"
  if ! build "$@" >"$log" 2>&1; then
    cat "$log" >&2
    return 1
  fi
}

# run_tests PRESET [CTEST ARGS...]: a complete and successful run is remembered together with the state of the
# tree, so that `./dev check` after `./dev test` does not run the same tests twice.
run_tests() {
  local preset=$1 directory state
  directory=$(directory_of "$preset")
  state=$(tree_state)
  shift
  rm -f "$directory/tests-passed"
  (cd "$root" && ctest --preset "$preset" --parallel "$jobs" --output-log "$directory/tests.log" "$@")
  if [ $# = 0 ]; then echo "$state" >"$directory/tests-passed"; fi
}

# tests_passed PRESET: whether run_tests has succeeded for the tree as it is.
tests_passed() {
  [ "$(cat "$(directory_of "$1")/tests-passed" 2>/dev/null)" = "$(tree_state)" ]
}

# tests_summary PRESET: the end of what ctest printed.
tests_summary() {
  local log
  log=$(directory_of "$1")/tests.log
  if [ -e "$log" ]; then sed -n '/% tests passed/,$p' "$log"; else echo "The tests did not run."; fi
}

# A digest of every file that git would commit, and of which tools are there, without which some tests are skipped.
# Where git does not answer, it is never the same.
tree_state() {
  {
    command -v clang++-19 clang-format-19 clang-tidy-19 || true
    (cd "$root" && git ls-files -z --cached --others --exclude-standard | xargs -0 sha256sum --) 2>/dev/null || date +%s%N
  } | sha256sum
}
