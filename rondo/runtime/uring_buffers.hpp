#pragma once
// The memory that the kernel receives into when something has come, shared by all connections.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "rondo/runtime/uring_ring.hpp"

struct io_uring_buf_ring;

namespace rondo::detail {

/// A ring of provided buffers. The kernel takes one for each piece that comes; whoever has read the
/// piece gives it back. An idle connection holds none.
class UringBuffers {
 public:
  static constexpr std::size_t kSize = std::size_t{16} * 1024;
  static constexpr unsigned kMost = 2048;
  static constexpr std::uint16_t kGroup = 0;

  /// Throws `OsError`.
  explicit UringBuffers(UringRing& ring);
  ~UringBuffers();
  UringBuffers(const UringBuffers&) = delete;
  UringBuffers& operator=(const UringBuffers&) = delete;

  [[nodiscard]] char* data(std::uint16_t id) noexcept {
    return blocks_[id / kBlock].get() + id % kBlock * kSize;
  }

  void give_back(std::uint16_t id) noexcept;

  /// Provides twice as many buffers. False: there are `kMost`, or there is no memory.
  bool grow() noexcept;

 private:
  bool add_block() noexcept;

  static constexpr std::size_t kBlock = 16;  // buffers that are allocated together

  UringRing& ring_;
  io_uring_buf_ring* entries_;
  std::vector<std::unique_ptr<char[]>> blocks_;
};

}  // namespace rondo::detail
