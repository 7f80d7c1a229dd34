#pragma once
// Where coroutine frames come from: free lists by size class, one set a thread.

#include <cstddef>

namespace rondo::detail {

/// Storage for a frame of `size` bytes. Throws `std::bad_alloc`.
void* allocate_frame(std::size_t size);

/// Takes back what `allocate_frame` gave for the same `size`, on whichever thread.
void release_frame(void* frame, std::size_t size) noexcept;

}  // namespace rondo::detail
