#pragma once
// Where objects lie that outlast what is allocated around them.

#include <cstddef>

namespace rondo {

/// Base of objects that are kept for long among many that are not, as idle connections are. They
/// lie side by side, so that they hold no page that is else empty: of 10,000 connections each would
/// keep three such pages from the system. The memory of those that have ended is kept for their
/// like. Any thread.
class LongLived {
 public:
  static void* operator new(std::size_t size);
  static void operator delete(void* object, std::size_t size) noexcept;

 protected:
  LongLived() noexcept = default;
  LongLived(const LongLived&) noexcept = default;
  LongLived& operator=(const LongLived&) noexcept = default;
  ~LongLived() = default;
};

}  // namespace rondo
