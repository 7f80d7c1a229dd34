// Starts with few buffers, which stay in the processor's cache, and makes more when the kernel has
// found none.

#include "rondo/runtime/uring_buffers.hpp"

#include <liburing.h>
#include <sys/mman.h>

#include <algorithm>
#include <cerrno>
#include <new>

#include "rondo/base/error.hpp"

namespace rondo::detail {
namespace {

constexpr std::size_t kBytesOfEntries = UringBuffers::kMost * sizeof(io_uring_buf);

}  // namespace

UringBuffers::UringBuffers(UringRing& ring) : ring_(ring) {
  void* memory = ::mmap(nullptr, kBytesOfEntries, PROT_READ | PROT_WRITE,
                        MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
  if (memory == MAP_FAILED) throw OsError(errno, "allocate the buffers of an io_uring");
  // The kernel keeps these pages: a fork must not make it keep the child's.
  ::madvise(memory, kBytesOfEntries, MADV_DONTFORK);
  io_uring_buf_reg registration{};
  registration.ring_addr = reinterpret_cast<std::uint64_t>(memory);
  registration.ring_entries = kMost;
  registration.bgid = kGroup;
  const int error = ::io_uring_register_buf_ring(&ring_.raw(), &registration, 0);
  if (error < 0) {
    ::munmap(memory, kBytesOfEntries);
    throw OsError(-error, "register the buffers of an io_uring");
  }
  entries_ = static_cast<io_uring_buf_ring*>(memory);
  ::io_uring_buf_ring_init(entries_);
  blocks_.reserve(kMost / kBlock);
  grow();
}

UringBuffers::~UringBuffers() {
  if (ring_.is_own()) ::io_uring_unregister_buf_ring(&ring_.raw(), kGroup);
  ::munmap(entries_, kBytesOfEntries);
}

void UringBuffers::give_back(std::uint16_t id) noexcept {
  ::io_uring_buf_ring_add(entries_, data(id), kSize, id, ::io_uring_buf_ring_mask(kMost), 0);
  ::io_uring_buf_ring_advance(entries_, 1);
}

bool UringBuffers::grow() noexcept {
  const std::size_t wanted = std::max<std::size_t>(1, 2 * blocks_.size());
  bool has_grown = false;
  while (blocks_.size() < wanted && add_block()) has_grown = true;
  return has_grown;
}

bool UringBuffers::add_block() noexcept {
  if (blocks_.size() == kMost / kBlock) return false;
  auto* block = new (std::nothrow) char[kBlock * kSize];
  if (block == nullptr) return false;
  const std::size_t first = blocks_.size() * kBlock;
  blocks_.emplace_back(block);
  for (std::size_t id = first; id < first + kBlock; ++id) {
    give_back(static_cast<std::uint16_t>(id));
  }
  return true;
}

}  // namespace rondo::detail
