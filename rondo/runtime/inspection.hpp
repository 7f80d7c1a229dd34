#pragma once
// The live task tree, for those who look from outside: `rondo ps` and SIGQUIT
// (docs/design.md §5, "the live task tree").

namespace rondo {
class EventLoop;
}

namespace rondo::detail {

/// What somebody wants to see; a set of bits.
enum InspectionRequest : int {
  kInspectHeadlines = 1,  ///< `rondo ps`: one line for each loop
  kInspectTasks = 2,      ///< `rondo ps PID`: the tree
  kPrintTasks = 4,        ///< SIGQUIT: the tree on standard error
};

/// While it exists, the loop that runs on this thread can be looked at. The first in the process
/// takes SIGURG and SIGQUIT, each only if it has its default action; the last gives them back.
/// `RONDO_INSPECT=0` in the environment leaves both alone.
class InspectedRun {
 public:
  InspectedRun() noexcept;
  ~InspectedRun();
  InspectedRun(const InspectedRun&) = delete;
  InspectedRun& operator=(const InspectedRun&) = delete;

 private:
  int slot_;
};

/// Answers `requests` from inside `loop`: looks at some of its tasks a turn, and puts them into
/// words and sends them on a worker thread.
void begin_inspection(EventLoop& loop, int requests);

/// Answers from the signal handler, for a loop whose step does not come to its end.
void answer_for_stuck_loop(const EventLoop& loop, int requests) noexcept;

}  // namespace rondo::detail
