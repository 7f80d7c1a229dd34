#pragma once
// A hash that is the same in every build, and so may be written down.

#include <cstdint>
#include <string_view>

namespace rondo::cli {

inline constexpr std::uint64_t kHashStart = 0xcbf29ce484222325U;

/// FNV-1a; `seed` is what came before, so that texts can be chained. Nothing to rely on where
/// somebody wants two texts to have one hash.
[[nodiscard]] constexpr std::uint64_t stable_hash(std::string_view text,
                                                  std::uint64_t seed = kHashStart) noexcept {
  for (const char c : text) {
    seed = (seed ^ static_cast<unsigned char>(c)) * 0x100000001b3U;
  }
  return seed;
}

}  // namespace rondo::cli
