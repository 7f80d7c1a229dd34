// The pools of the standard library. AddressSanitizer sees what is used after its end only where
// memory is given back, so there they are not used.

#include "rondo/base/long_lived.hpp"

#include <memory_resource>
#include <new>

#include "rondo/base/recycled.hpp"

namespace rondo {
namespace {

std::pmr::memory_resource& memory() {
  if constexpr (!kRecyclesMemory) return *std::pmr::new_delete_resource();
  // Never destroyed, for static objects may give theirs back later.
  static auto* const pools = new std::pmr::synchronized_pool_resource(
      {.max_blocks_per_chunk = 256, .largest_required_pool_block = 1024});
  return *pools;
}

}  // namespace

void* LongLived::operator new(std::size_t size) {
  return memory().allocate(size);
}

void LongLived::operator delete(void* object, std::size_t size) noexcept {
  memory().deallocate(object, size);
}

}  // namespace rondo
