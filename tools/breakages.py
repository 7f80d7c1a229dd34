#!/usr/bin/env python3
"""Breaks each clause of the loop's contract (docs/design.md, section 5) and sees that a test notices.

Works on a copy of the sources in build-breakages/, with the quick preset. For each row of BREAKAGES one place of the
code is changed, a suite is built, and those of its tests that FILTER names have to fail, or not to come back.

  tools/breakages.py [CLAUSE...]    as in L8; all of them without arguments
"""

import dataclasses
import os
import pathlib
import shutil
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
WORK = ROOT / "build-breakages"
SOURCE = WORK / "source"
BUILD = SOURCE / "build-quick"
SECONDS = 60  # tests that take longer hang: that is noticed too


@dataclasses.dataclass(frozen=True)
class Breakage:
    clause: str
    what: str
    file: str  # under rondo/
    old: str
    new: str
    suite: str
    filter: str


BREAKAGES = [
    Breakage("L1", "pending tasks are not cancelled", "runtime/exit_sequence.cpp",
             'loop_.main_.scope.cancel("the event loop is closing", std::source_location::current());', "",
             "runtime", "*ExitSequence*"),
    Breakage("L1", "what closes in the background is not awaited", "runtime/exit_sequence.cpp",
             "turn_while(loop_.background_.live);\n  if", "if",
             "runtime", "*ExitSequence*"),
    Breakage("L1", "a worker that does not return is not named", "runtime/exit_sequence.cpp",
             "loop_.threads_->join(deadline)) {", "loop_.threads_->join(deadline)) {\n    if (!name.empty()) continue;",
             "runtime", "*ExitSequence*:*ToThread*:*ExitReport*"),
    Breakage("L2", "a closed loop takes calls", "runtime/event_loop.cpp",
             "  if (control_->is_closed()) control_->throw_closed();\n", "",
             "runtime", "*EventLoop*:*ErrorTexts*:*LoopMisuse*"),
    Breakage("L2", "a closed loop takes calls from other threads", "runtime/loop_control.cpp",
             "    if (!is_closed()) {\n", "    {\n",
             "runtime", "*LoopHandle*:*ErrorTexts*"),
    Breakage("L3", "a running loop can be closed", "runtime/event_loop.cpp",
             "  if (running_) {\n    const std::string who", "  if (false) {\n    const std::string who",
             "runtime", "*EventLoop*:*ErrorTexts*:*LoopMisuse*"),
    Breakage("L4", "a nested run is not refused", "runtime/event_loop.cpp",
             "void EventLoop::refuse_nested_run(const char* function) const {\n",
             "void EventLoop::refuse_nested_run(const char* function) const {\n  if (function != nullptr) std::abort();\n",
             "runtime", "*LoopMisuse*:*ErrorTexts*:*RunTest*"),
    Breakage("L5", "calls from the wrong thread are taken", "runtime/loop_control.cpp",
             "if (std::this_thread::get_id() == thread_) return;", "if (function != nullptr) return;",
             "runtime", "*OwnerCheck*:*ErrorTexts*:*LoopMisuse*"),
    Breakage("L5", "all loops have one generation", "runtime/loop_control.cpp",
             "return ++last;", "return last + 1;",
             "runtime", "*HomeLoop*:*OwnerCheck*"),
    Breakage("L6", "a session that is destroyed forgets its connections", "http/pool.cpp",
             "Pool::~Pool() {\n  close();\n}", "Pool::~Pool() {\n  while (auto* each = by_age_.front()) each->connection.reset(), remove_idle(*each);\n}",
             "http", "*Pool*:*Session*"),
    Breakage("L7", "a task that was never awaited is not reported", "runtime/exit_report.cpp",
             "loop->exit_report().add(std::move(line));", "line.clear();",
             "runtime", "*ExitReport*:*Task*"),
    Breakage("L8", "a deadlock is waited out", "runtime/event_loop.cpp",
             "  if (has_work || reactor_->pending() > house_operations_) return false;",
             "  if (has_work || reactor_->pending() + 1 > house_operations_) return false;",
             "runtime", "*Deadlock*"),
    Breakage("L8", "a loop that a handle can wake is called deadlocked", "runtime/event_loop.cpp",
             "control_->has_handles() || (", "(",
             "runtime", "*Deadlock*:*LoopHandle*"),
    Breakage("L9", "the first Ctrl-C is not heard", "runtime/interrupt.cpp",
             'main_.cancel("Ctrl-C", std::source_location::current());', "",
             "runtime", "*Interrupt*"),
    Breakage("L9", "the second Ctrl-C waits too", "runtime/interrupt.cpp",
             "signals_seen.fetch_add(1) > 0", "signals_seen.fetch_add(1) > 1",
             "runtime", "*Interrupt*"),
    Breakage("L10", "slow steps are not reported", "runtime/event_loop.cpp",
             "if (took <= kSlowStep) return;", "if (took <= 1000 * kSlowStep) return;",
             "runtime", "*EventLoop*:*Slow*:*ExitReport*:*RunTest*"),
    Breakage("L11", "the small rest of a dropped response is not read", "http/response_body.cpp",
             "const bool is_small = rest && *rest <= kMaxDrained;", "const bool is_small = rest && *rest < 1;",
             "http", "*ResponseBody*"),
    Breakage("L11", "kept connections of dropped responses are not counted", "http/pool.cpp",
             "if (std::exchange(connection->is_unread, false)) ++counters_.drained;", "connection->is_unread = false;",
             "http", "*ResponseBody*"),
    Breakage("L12", "the error of a spawned task is lost", "runtime/task_group.cpp",
             "    failures_.push_back({error, origin_of(fiber)});\n", "",
             "runtime", "*TaskGroup*"),
    Breakage("L12", "the error of a clean-up is lost", "runtime/task_group.cpp",
             "    failures_.push_back({std::current_exception(), detail::describe(cleanup)});\n", "",
             "runtime", "*OnExit*"),
]


def copy_sources():
    files = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True, text=True).stdout
    for name in filter(None, files.split("\0")):
        origin, copy = ROOT / name, SOURCE / name
        if not origin.is_file() or (copy.is_file() and copy.read_bytes() == origin.read_bytes()):
            continue
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(origin, copy)


def build(suite):
    command = ["cmake", "--build", BUILD, "--parallel", str(len(os.sched_getaffinity(0))), "--target", f"rondo_{suite}_tests"]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"breakages: {suite} does not build:\n{done.stdout[-3000:]}")


def tests_fail(suite, names):
    command = [BUILD / "tests" / suite / f"rondo_{suite}_tests", f"--gtest_filter={names}", "--gtest_brief=1"]
    try:
        return subprocess.run(command, capture_output=True, timeout=SECONDS).returncode != 0
    except subprocess.TimeoutExpired:
        return True


def require_place(breakage):
    if (SOURCE / "rondo" / breakage.file).read_text().count(breakage.old) != 1:
        sys.exit(f"breakages: {breakage.clause}, {breakage.what}: not exactly once in {breakage.file}: {breakage.old}")


def is_noticed(breakage):
    path = SOURCE / "rondo" / breakage.file
    text = path.read_text()
    path.write_text(text.replace(breakage.old, breakage.new))
    try:
        build(breakage.suite)
        return tests_fail(breakage.suite, breakage.filter)
    finally:
        path.write_text(text)


def main():
    wanted = [each for each in BREAKAGES if len(sys.argv) == 1 or each.clause in sys.argv[1:]]
    copy_sources()
    for breakage in wanted:
        require_place(breakage)
    # What is broken may well leave a warning behind.
    subprocess.run(["cmake", "--preset", "quick", "-DRONDO_WERROR=OFF"], cwd=SOURCE, check=True, stdout=subprocess.DEVNULL)
    for suite, names in sorted({(each.suite, each.filter) for each in wanted}):
        build(suite)
        if tests_fail(suite, names):
            sys.exit(f"breakages: {suite}, {names} fails before anything is broken")
    missed = 0
    for breakage in wanted:
        noticed = is_noticed(breakage)
        missed += not noticed
        print(f"{breakage.clause:4} {'noticed' if noticed else 'NOT NOTICED'}: {breakage.what}", flush=True)
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
