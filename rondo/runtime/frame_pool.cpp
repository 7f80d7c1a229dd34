// A frame that is released goes to the free list of its size class on the releasing thread, and the
// next coroutine of that class takes it from there: no lock, no malloc. Every block came from
// operator new, so it does not matter on which thread it ends. Under AddressSanitizer nothing is
// recycled: it would hide a frame that is used after its end.

#include "rondo/runtime/frame_pool.hpp"

#include <algorithm>
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

thread_local constinit std::array<FreeFrames, kFrameClasses> free_frames{};

namespace {

constexpr std::size_t kMostKept = std::size_t{64} << 20U;    // bytes of one class
constexpr std::size_t kAlwaysKept = std::size_t{32} << 10U;  // the same, however long unused

thread_local constinit bool recycles = false;
thread_local constinit bool thread_ends = false;
thread_local constinit bool has_grown = false;

constexpr std::uint32_t most_frames(std::size_t bytes, std::size_t index) noexcept {
  return static_cast<std::uint32_t>(bytes / ((index + 1) * kFrameGranule));
}

void free_first(FreeFrames& frames) noexcept {
  ++frames.room;
  ::operator delete(std::exchange(frames.first, frames.first->next));
}

/// Frees what the thread kept. Made when the thread allocates its first frame.
struct Cleaner {
  Cleaner() noexcept {
    recycles = true;
    for (std::size_t i = 0; i < kFrameClasses; ++i) free_frames[i].room = most_frames(kMostKept, i);
  }
  ~Cleaner() {
    thread_ends = true;
    for (FreeFrames& frames : free_frames) {
      while (frames.first != nullptr) free_first(frames);
      frames.room = 0;
    }
  }
  Cleaner(const Cleaner&) = delete;
  Cleaner& operator=(const Cleaner&) = delete;
};

}  // namespace

void* allocate_fresh_frame(std::size_t size) {
  if (RONDO_RECYCLE_FRAMES != 0 && !recycles && !thread_ends) {
    thread_local Cleaner cleaner;
    static_cast<void>(cleaner);
  }
  has_grown = true;
  const std::size_t index = class_of_frame(size);
  return ::operator new(index < kFrameClasses ? (index + 1) * kFrameGranule : size);
}

void free_frame(void* frame) noexcept {
  ::operator delete(frame);
}

bool may_shrink_frame_pool() noexcept {
  return has_grown;
}

void shrink_frame_pool(std::size_t most) noexcept {
  has_grown = false;
  for (std::size_t i = 0; i < kFrameClasses; ++i) {
    FreeFrames& frames = free_frames[i];
    if (frames.first == nullptr) continue;
    const std::size_t kept = most_frames(kMostKept, i) - frames.room;
    const std::size_t least = most_frames(kAlwaysKept, i);
    if (kept <= least) continue;
    const std::size_t rest = std::max(most, least);
    for (std::size_t count = kept; count > rest; --count) free_first(frames);
    has_grown |= rest > least;
  }
}

}  // namespace rondo::detail
