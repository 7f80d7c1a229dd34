// A frame that is released goes to the free list of its size class on the releasing thread, and the
// next coroutine of that class takes it from there: no lock, no malloc. Every block came from
// operator new, so it does not matter on which thread it ends. Under AddressSanitizer nothing is
// recycled: it would hide a frame that is used after its end.

#include "rondo/runtime/frame_pool.hpp"

#include <array>
#include <cstdint>
#include <new>
#include <utility>

#if defined(__SANITIZE_ADDRESS__)
#define RONDO_RECYCLE_FRAMES 0
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define RONDO_RECYCLE_FRAMES 0
#endif
#endif
#ifndef RONDO_RECYCLE_FRAMES
#define RONDO_RECYCLE_FRAMES 1
#endif

namespace rondo::detail {
namespace {

constexpr std::size_t kGranule = 64;
constexpr std::size_t kClasses = 32;  // frames up to 2 KiB
constexpr std::uint32_t kMaxKept = 4096;

struct FreeBlock {
  FreeBlock* next;
};

struct FreeList {
  FreeBlock* head = nullptr;
  std::uint32_t size = 0;
};

// Constant-initialised and trivially destructible, so that an access costs no guard.
thread_local constinit std::array<FreeList, kClasses> free_lists{};
thread_local constinit bool recycles = false;
thread_local constinit bool thread_ends = false;

/// Frees what the thread kept. Made when the thread allocates its first frame.
struct Cleaner {
  Cleaner() noexcept { recycles = RONDO_RECYCLE_FRAMES != 0; }
  ~Cleaner() {
    recycles = false;
    thread_ends = true;
    for (FreeList& list : free_lists) {
      while (list.head != nullptr) ::operator delete(std::exchange(list.head, list.head->next));
      list.size = 0;
    }
  }
  Cleaner(const Cleaner&) = delete;
  Cleaner& operator=(const Cleaner&) = delete;
};

constexpr std::size_t class_of(std::size_t size) noexcept {
  return (size - 1) / kGranule;
}

void* allocate_fresh(std::size_t size) {
  if (!recycles && !thread_ends) {
    thread_local Cleaner cleaner;
    static_cast<void>(cleaner);
  }
  const std::size_t index = class_of(size);
  return ::operator new(index < kClasses ? (index + 1) * kGranule : size);
}

}  // namespace

void* allocate_frame(std::size_t size) {
  const std::size_t index = class_of(size);
  if (index >= kClasses || free_lists[index].head == nullptr) return allocate_fresh(size);
  FreeList& list = free_lists[index];
  --list.size;
  return std::exchange(list.head, list.head->next);
}

void release_frame(void* frame, std::size_t size) noexcept {
  const std::size_t index = class_of(size);
  if (index >= kClasses || !recycles || free_lists[index].size == kMaxKept) {
    ::operator delete(frame);
    return;
  }
  FreeList& list = free_lists[index];
  list.head = ::new (frame) FreeBlock{list.head};
  ++list.size;
}

}  // namespace rondo::detail
