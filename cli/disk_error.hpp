#pragma once
// Errors of the disk that somebody may mend.

namespace rondo::cli {

/// Whether what failed with that `errno` may go well in a while: somebody makes room, or gives
/// leave, or the medium recovers.
[[nodiscard]] bool may_pass(int code) noexcept;

}  // namespace rondo::cli
