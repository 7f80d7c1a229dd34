#pragma once
// Memory that is asked for before it is needed.

#include <cstddef>
#include <utility>

namespace rondo {

inline constexpr std::size_t kCacheLine = 64;

namespace detail {

// Always inlined: GCC 12 takes a function that does nothing but this for one that does nothing, and
// drops its calls.
template <std::size_t... line>
[[gnu::always_inline]] inline void prefetch_lines(const char* at,
                                                  std::index_sequence<line...>) noexcept {
  (__builtin_prefetch(at + line * kCacheLine), ...);
}

}  // namespace detail

/// Asks the processor for the `size` bytes that begin at `at`, and does not wait for them. They
/// need not be there at all, but `at` is not null.
template <std::size_t size>
[[gnu::always_inline]] inline void prefetch(const void* at) noexcept {
  constexpr std::size_t kLines = (size + kCacheLine - 1) / kCacheLine;
  detail::prefetch_lines(static_cast<const char*>(at), std::make_index_sequence<kLines>());
}

}  // namespace rondo
