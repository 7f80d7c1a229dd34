#pragma once
// One request about files, as a value: what a ring or a worker thread carries out.

#include <cstddef>
#include <cstdint>

namespace rondo::detail {

/// Filled in by whoever waits for it, where it stays until it has ended. Which members count, the
/// action says.
struct FileRequest {
  enum class Action : std::uint8_t {
    open,    ///< `path` with `flags` and `permissions`; result: the new descriptor
    read,    ///< into `data`, at most `size`, at `offset`; result: bytes, 0 at the end
    write,   ///< `size` bytes of `data` at `offset`; result: bytes, may be fewer
    status,  ///< into `data`, a struct statx with the size in it
    sync,    ///< data and what is needed to find it again
    close,   ///< the number is free again whatever the result
    rename,  ///< `path` to `new_path`
    remove,  ///< `path`
  };

  /// For `offset`: wherever the system's own position is. For what cannot seek.
  static constexpr std::uint64_t kNoOffset = ~std::uint64_t{0};

  Action action = Action::open;
  int descriptor = -1;
  int flags = 0;
  unsigned permissions = 0;
  const char* path = nullptr;
  const char* new_path = nullptr;
  void* data = nullptr;  ///< only read from where the action is `write`
  std::size_t size = 0;
  std::uint64_t offset = 0;
};

/// Carries `request` out with plain system calls, which may block. The result or a negative errno.
[[nodiscard]] std::int64_t carry_out(const FileRequest& request) noexcept;

}  // namespace rondo::detail
