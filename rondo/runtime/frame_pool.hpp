#pragma once
// Where coroutine frames come from: free lists by size class, one set a thread.

#include <array>
#include <cstddef>
#include <cstdint>
#include <new>

namespace rondo::detail {

/// A frame that waits to be used again.
struct FreeFrame {
  FreeFrame* next;
};

/// The frames of one size class.
struct FreeFrames {
  FreeFrame* first = nullptr;
  std::uint32_t room = 0;  ///< how many more are kept; 0 on a thread that keeps none
};

inline constexpr std::size_t kFrameGranule = 64;
inline constexpr std::size_t kFrameClasses = 64;  // frames up to 4 KiB

/// Constant-initialised and trivially destructible, so that an access costs no guard, and known
/// when the program starts, so that it costs no call in a shared library.
[[gnu::tls_model(
    "initial-exec")]] extern thread_local constinit std::array<FreeFrames, kFrameClasses>
    free_frames;

constexpr std::size_t class_of_frame(std::size_t size) noexcept {
  return (size - 1) / kFrameGranule;
}

void* allocate_fresh_frame(std::size_t size);
void free_frame(void* frame) noexcept;

/// Storage for a frame of `size` bytes. Throws `std::bad_alloc`.
inline void* allocate_frame(std::size_t size) {
  const std::size_t index = class_of_frame(size);
  if (index < kFrameClasses) [[likely]] {
    FreeFrames& frames = free_frames[index];
    if (FreeFrame* frame = frames.first; frame != nullptr) [[likely]] {
      frames.first = frame->next;
      ++frames.room;
      return frame;
    }
  }
  return allocate_fresh_frame(size);
}

/// Takes back what `allocate_frame` gave for the same `size`, on whichever thread.
inline void release_frame(void* frame, std::size_t size) noexcept {
  const std::size_t index = class_of_frame(size);
  if (index < kFrameClasses) [[likely]] {
    FreeFrames& frames = free_frames[index];
    if (frames.room != 0) [[likely]] {
      --frames.room;
      frames.first = ::new (frame) FreeFrame{frames.first};
      return;
    }
  }
  free_frame(frame);
}

/// Whether frames were allocated since `shrink_frame_pool` last had nothing to do.
[[nodiscard]] bool may_shrink_frame_pool() noexcept;

/// Frees what the thread keeps of a size class beyond `most` frames, and beyond 32 KiB.
void shrink_frame_pool(std::size_t most) noexcept;

}  // namespace rondo::detail
