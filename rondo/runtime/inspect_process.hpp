#pragma once
// Looking at a running program: what `rondo ps` does.

#include <map>
#include <string>
#include <vector>

#include "rondo/runtime/clock.hpp"

namespace rondo {

/// How much to see.
enum class InspectionDetail : bool { headlines, tasks };

/// What each loop of a program has answered.
using Inspection = std::vector<std::string>;

/// The processes of this user that may be Rondo programs: they have a handler for SIGURG. Some
/// others have, too; they do not answer.
[[nodiscard]] std::vector<int> processes_to_inspect();

/// Asks each process for its tasks, and waits for the answers at most `limit`: a text for each
/// event loop that runs in it. A process that is no Rondo program, or runs no loop, is left out.
/// Blocks the calling thread. Throws `OsError` when the system refuses: no such process (ESRCH),
/// one of another user (EPERM), or one that somebody else looks at right now (EADDRINUSE).
[[nodiscard]] std::map<int, Inspection> inspect_processes(const std::vector<int>& processes,
                                                          InspectionDetail detail,
                                                          Clock::duration limit);

}  // namespace rondo
