#pragma once
// Blocks of memory of one size that go round within a thread.

#include <cstddef>
#include <new>
#include <utility>

namespace rondo {

/// The blocks of a thread that are not in use, to be a `thread_local`. The first word of each is
/// the link to the next.
class FreeBlocks {
 public:
  /// Blocks of `capacity` bytes, of which at most `room` are kept.
  FreeBlocks(std::size_t capacity, std::size_t room) noexcept : capacity_(capacity), room_(room) {}
  FreeBlocks(const FreeBlocks&) = delete;
  FreeBlocks& operator=(const FreeBlocks&) = delete;
  ~FreeBlocks() {
    while (head_ != nullptr) ::operator delete(std::exchange(head_, head_->next));
    room_ = 0;  // what is given back later, by static objects, is not kept
  }

  /// Null: there is no memory.
  [[nodiscard]] void* take() noexcept {
    if (head_ == nullptr) return ::operator new(capacity_, std::nothrow);
    ++room_;
    return std::exchange(head_, head_->next);
  }

  void give_back(void* block) noexcept {
    if (room_ == 0) return ::operator delete(block);
    --room_;
    head_ = ::new (block) Block{head_};
  }

 private:
  struct Block {
    Block* next;
  };

  Block* head_ = nullptr;
  std::size_t capacity_;
  std::size_t room_;
};

}  // namespace rondo
