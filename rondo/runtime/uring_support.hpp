#pragma once
// Whether this process may use io_uring, and why not.

#include <optional>

#include "rondo/base/error.hpp"

namespace rondo::detail {

/// The error that whoever asks for io_uring gets: the kernel is too old, or refuses, as containers
/// often have it. Tried once in a process, with a ring of the kind that the reactor uses.
[[nodiscard]] const std::optional<OsError>& uring_refusal();

/// The same for an error that has come while a ring was set up.
[[nodiscard]] OsError uring_refusal_by(const OsError& error);

}  // namespace rondo::detail
