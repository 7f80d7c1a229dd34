// A few free blocks of each size wait for the next connection of the thread that has something to
// receive.

#include "rondo/http/receive_buffer.hpp"

#include <new>
#include <utility>

#include "rondo/base/free_blocks.hpp"

namespace rondo::http {
namespace {

constexpr std::size_t kMaxKeptUsual = 64;  // as many as one wait of the loop has something for
constexpr std::size_t kMaxKeptLarge = 8;

FreeBlocks& free_blocks(std::size_t capacity) noexcept {
  if (capacity == ReceiveBuffer::kCapacity) {
    thread_local FreeBlocks usual(ReceiveBuffer::kCapacity, kMaxKeptUsual);
    return usual;
  }
  thread_local FreeBlocks large(ReceiveBuffer::kLargeCapacity, kMaxKeptLarge);
  return large;
}

}  // namespace

char* ReceiveBuffer::prepare(std::size_t size) noexcept {
  const std::size_t capacity = size <= kCapacity ? kCapacity : kLargeCapacity;
  if (capacity_ != capacity) {
    release();
    void* const block = free_blocks(capacity).take();
    if (block == nullptr) return nullptr;
    block_ = static_cast<char*>(block);
    capacity_ = capacity;
  }
  begin_ = end_ = 0;
  return block_;
}

void ReceiveBuffer::release() noexcept {
  if (block_ == nullptr) return;
  begin_ = end_ = 0;
  free_blocks(std::exchange(capacity_, 0)).give_back(std::exchange(block_, nullptr));
}

}  // namespace rondo::http
