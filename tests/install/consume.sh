#!/usr/bin/env bash
# Builds consumer.cpp as a stranger would, and runs it:
#   consume.sh stage|find_package|pkg_config|add_subdirectory BUILD_DIRECTORY COMPILER
# `stage` installs the build and moves it elsewhere, which an installed tree must survive; find_package and
# pkg_config use what it leaves.
set -euo pipefail
way=$1 build=$2 compiler=$3
here=$(cd "$(dirname "$0")" && pwd)
stage=$build/install-test/stage
work=$build/install-test/$way

rm -rf "$work"
mkdir -p "$work"
case $way in
  stage)
    cmake --install "$build" --prefix "$work/before" >/dev/null
    mv "$work/before" "$work/moved"
    if [ -e "$build/rondo" ]; then "$work/moved/bin/rondo" url https://example.com/; fi
    exit
    ;;
  find_package)
    cmake -G Ninja -S "$here/find_package" -B "$work" -DCMAKE_CXX_COMPILER="$compiler" \
      -DCMAKE_CXX_STANDARD_REQUIRED=ON -DCMAKE_PREFIX_PATH="$stage/moved"
    cmake --build "$work"
    ;;
  pkg_config)
    PKG_CONFIG_PATH=$(dirname "$(find "$stage/moved" -name rondo.pc)")
    export PKG_CONFIG_PATH
    # shellcheck disable=SC2046 # the flags are words
    "$compiler" -std=c++20 $(pkg-config --cflags rondo) "$here/consumer.cpp" -o "$work/consumer" \
      $(pkg-config --libs rondo)
    ;;
  add_subdirectory)
    # With no build type, as a first try of a stranger has it.
    cmake -G Ninja -S "$here/add_subdirectory" -B "$work" -DCMAKE_CXX_COMPILER="$compiler"
    cmake --build "$work"
    ;;
esac
"$work/consumer"
