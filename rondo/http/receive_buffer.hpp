#pragma once
// Where a connection receives what has no destination yet.

#include <cstddef>
#include <memory>
#include <string_view>

namespace rondo::http {

/// A block of memory that is there only while it holds something: an idle connection has no buffer.
/// Blocks go round among the connections of a thread.
class ReceiveBuffer {
 public:
  /// A usual block: heads, and small bodies with them.
  static constexpr std::size_t kCapacity = std::size_t{16} * 1024;

  /// For the middle of a large body: the fewer receives, the less it costs, as long as a block fits
  /// into a processor's own cache.
  static constexpr std::size_t kLargeCapacity = std::size_t{768} * 1024;

  ReceiveBuffer() noexcept = default;
  ReceiveBuffer(const ReceiveBuffer&) = delete;
  ReceiveBuffer& operator=(const ReceiveBuffer&) = delete;
  ~ReceiveBuffer() { release(); }

  /// What has been received and not been consumed.
  [[nodiscard]] std::string_view readable() const noexcept {
    return {block_ + begin_, end_ - begin_};
  }
  [[nodiscard]] bool empty() const noexcept { return begin_ == end_; }

  /// Room for `size` bytes, for an empty buffer: a usual block if they fit into it, otherwise a
  /// large one. Null: there is no memory.
  [[nodiscard]] char* prepare(std::size_t size) noexcept;

  /// `count` bytes have been received into what `prepare` gave.
  void commit(std::size_t count) noexcept { end_ += count; }

  void consume(std::size_t count) noexcept { begin_ += count; }

  /// Gives the block of an empty buffer back.
  void release() noexcept;

 private:
  char* block_ = nullptr;
  std::size_t capacity_ = 0;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
};

}  // namespace rondo::http
