#pragma once
// The system calls behind the operations, without waiting.

#include <cstddef>
#include <optional>

#include "rondo/runtime/operation.hpp"

namespace rondo::detail {

/// Tries to carry `operation` out; a receive has its room already. False: it would have to wait.
/// True: `operation.result` is set.
bool try_operation(Operation& operation) noexcept;

/// Asks the kernel to say, with each receive from `descriptor`, whether it has more. False: it does
/// so for TCP only.
bool ask_for_rest(int descriptor) noexcept;

/// `try_operation` of a receive from a descriptor of which that was asked. `has_rest`: whether
/// there is more than was taken; true as well when nothing is said of it.
bool try_receive(Operation& operation, bool& has_rest) noexcept;

/// What `try_receive_ahead` is for: so much is copied sooner than the kernel says what is left.
inline constexpr std::size_t kMostCopied = 1024;

/// `try_operation` of a receive of at most `kMostCopied` from a stream, which takes one byte more
/// if there is one: into `ahead`.
bool try_receive_ahead(Operation& operation, std::optional<char>& ahead) noexcept;

/// Takes `count` bytes that have been sent off the parts, and counts them in the result.
void advance(Operation& operation, std::size_t count) noexcept;

/// Begins a connect. The same answer; after a false one, `finish_connect` tells how it went once
/// the socket is writable.
bool start_connect(Operation& operation) noexcept;
void finish_connect(Operation& operation) noexcept;

}  // namespace rondo::detail
