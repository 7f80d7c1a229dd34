#pragma once
// What has been received on a descriptor and not been asked for yet.

#include <cstddef>
#include <cstdint>
#include <vector>

#include "rondo/runtime/uring_buffers.hpp"

namespace rondo::detail {

/// The pieces that lie in provided buffers, of all descriptors: each knows the next of its own.
struct UringPiece {
  std::uint16_t next = 0;
  std::uint16_t begin = 0;
  std::uint16_t end = 0;
};
using UringPieces = std::vector<UringPiece>;

/// One descriptor's pieces, in the order in which they came. Allocates nothing.
class UringInlet {
 public:
  [[nodiscard]] bool empty() const noexcept { return count_ == 0; }

  /// How many buffers it holds.
  [[nodiscard]] std::size_t count() const noexcept { return count_; }

  /// Appends what lies in buffer `id` from `begin` to `end`.
  void append(UringPieces& pieces, std::uint16_t id, std::size_t begin, std::size_t end) noexcept;

  /// Moves at most `size` bytes to `into`, and gives buffers back that are empty then. The number
  /// of bytes.
  std::size_t take(UringPieces& pieces, UringBuffers& buffers, char* into,
                   std::size_t size) noexcept;

  /// Throws everything away.
  void clear(const UringPieces& pieces, UringBuffers& buffers) noexcept;

 private:
  std::uint16_t first_ = 0;
  std::uint16_t last_ = 0;
  std::uint16_t count_ = 0;
};

}  // namespace rondo::detail
