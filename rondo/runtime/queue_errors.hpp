#pragma once
// What a `Queue` throws.

#include "rondo/base/error.hpp"

namespace rondo {

/// The queue was closed: it takes no more items, or has none left to give.
class QueueClosedError : public Error {
 public:
  using Error::Error;
};

/// `put_nowait` found no room.
class QueueFullError : public Error {
 public:
  using Error::Error;
};

/// `get_nowait` found no item.
class QueueEmptyError : public Error {
 public:
  using Error::Error;
};

}  // namespace rondo
