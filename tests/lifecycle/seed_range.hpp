#pragma once
// Which programs are run.

#include <cstdint>

namespace rondo::lifecycle {

/// From `first`, `count` of them.
struct SeedRange {
  std::uint64_t first = 0;
  std::uint64_t count = 0;
};

/// `planned`, shortened when a sanitizer makes each program slow; the one program or the range of
/// the environment, RONDO_SEEDS=17 or RONDO_SEEDS=0-999, in place of it.
SeedRange chosen_seeds(SeedRange planned);

}  // namespace rondo::lifecycle
