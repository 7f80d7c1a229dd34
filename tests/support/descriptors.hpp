#pragma once
// The descriptors of this process, for tests that count them.

#include <vector>

namespace rondo::test {

/// All that are open, in ascending order.
[[nodiscard]] std::vector<int> open_descriptors();

}  // namespace rondo::test
