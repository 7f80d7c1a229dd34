// A few free blocks wait in a list of the thread's own; the first word of a free block is the link
// to the next.

#include "rondo/http/receive_buffer.hpp"

#include <new>
#include <utility>

namespace rondo::http {
namespace {

constexpr std::size_t kMaxKept = 64;

struct FreeBlock {
  FreeBlock* next;
};

struct FreeBlocks {
  FreeBlock* head = nullptr;
  std::size_t size = 0;

  FreeBlocks() = default;
  FreeBlocks(const FreeBlocks&) = delete;
  FreeBlocks& operator=(const FreeBlocks&) = delete;
  ~FreeBlocks() {
    while (head != nullptr) ::operator delete(std::exchange(head, head->next));
    size = kMaxKept;  // what is released later, by static objects, is not kept
  }
};

thread_local FreeBlocks free_blocks;

}  // namespace

std::span<char> ReceiveBuffer::prepare() {
  begin_ = end_ = 0;
  if (block_ == nullptr) {
    FreeBlocks& blocks = free_blocks;
    void* memory = blocks.head;
    if (memory != nullptr) {
      blocks.head = blocks.head->next;
      --blocks.size;
    } else {
      memory = ::operator new(kCapacity);
    }
    block_ = static_cast<char*>(memory);
  }
  return {block_, kCapacity};
}

void ReceiveBuffer::release() noexcept {
  if (block_ == nullptr) return;
  begin_ = end_ = 0;
  void* memory = std::exchange(block_, nullptr);
  FreeBlocks& blocks = free_blocks;
  if (blocks.size == kMaxKept) {
    ::operator delete(memory);
    return;
  }
  blocks.head = ::new (memory) FreeBlock{blocks.head};
  ++blocks.size;
}

}  // namespace rondo::http
