// A few free blocks of each size wait in lists of the thread's own; the first word of a free block
// is the link to the next.

#include "rondo/http/receive_buffer.hpp"

#include <new>
#include <utility>

namespace rondo::http {
namespace {

constexpr std::size_t kMaxKept = 64;
constexpr std::size_t kMaxKeptLarge = 16;

struct FreeBlock {
  FreeBlock* next;
};

class FreeBlocks {
 public:
  FreeBlocks(std::size_t capacity, std::size_t room) noexcept : capacity_(capacity), room_(room) {}
  FreeBlocks(const FreeBlocks&) = delete;
  FreeBlocks& operator=(const FreeBlocks&) = delete;
  ~FreeBlocks() {
    while (head_ != nullptr) ::operator delete(std::exchange(head_, head_->next));
    room_ = 0;  // what is released later, by static objects, is not kept
  }

  void* take() {
    if (head_ == nullptr) return ::operator new(capacity_);
    ++room_;
    return std::exchange(head_, head_->next);
  }

  void give_back(void* block) noexcept {
    if (room_ == 0) return ::operator delete(block);
    --room_;
    head_ = ::new (block) FreeBlock{head_};
  }

 private:
  FreeBlock* head_ = nullptr;
  std::size_t capacity_;
  std::size_t room_;
};

FreeBlocks& free_blocks(std::size_t capacity) noexcept {
  thread_local FreeBlocks usual(ReceiveBuffer::kCapacity, kMaxKept);
  thread_local FreeBlocks large(ReceiveBuffer::kLargeCapacity, kMaxKeptLarge);
  return capacity == ReceiveBuffer::kCapacity ? usual : large;
}

}  // namespace

std::span<char> ReceiveBuffer::prepare(std::size_t capacity) {
  if (capacity_ != capacity) {
    release();
    block_ = static_cast<char*>(free_blocks(capacity).take());
    capacity_ = capacity;
  }
  begin_ = end_ = 0;
  return {block_, capacity_};
}

void ReceiveBuffer::release() noexcept {
  if (block_ == nullptr) return;
  begin_ = end_ = 0;
  free_blocks(std::exchange(capacity_, 0)).give_back(std::exchange(block_, nullptr));
}

}  // namespace rondo::http
