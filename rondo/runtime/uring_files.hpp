#pragma once
// Requests about files, for a ring.

#include "rondo/runtime/file_request.hpp"

struct io_uring_sqe;

namespace rondo::detail {

/// Fills `entry` in for `request`; the result is that of `carry_out`. The token is set by the
/// caller.
void prepare(io_uring_sqe& entry, const FileRequest& request) noexcept;

}  // namespace rondo::detail
