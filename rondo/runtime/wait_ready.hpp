#pragma once
// Waiting for a descriptor that Rondo did not open: standard input, a pipe, another library's
// socket.

#include "rondo/runtime/task.hpp"

namespace rondo {

/// Waits until `descriptor` can be read without blocking: it has bytes, its end, or an error. What
/// is always ready, as a regular file is, does not wait. One task at a time waits for a descriptor
/// to become readable. The descriptor stays the caller's, who closes it only after the run: the
/// loop would take the next one of that number for it. Cancelling ends the wait. Throws `OsError`
/// when the system cannot tell.
[[nodiscard]] Task<> wait_readable(int descriptor);

/// The same for writing: there is room for a few kilobytes at least, or an error to be told.
[[nodiscard]] Task<> wait_writable(int descriptor);

}  // namespace rondo
