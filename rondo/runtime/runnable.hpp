#pragma once
// What the loop's ready queue holds: fibers that can go on, and callbacks.

#include "rondo/base/intrusive_list.hpp"

namespace rondo::detail {

struct ReadyTag;

class Runnable : public ListElement<ReadyTag> {
 public:
  /// Takes one step. Called by the loop, outside every list; may destroy `*this`.
  virtual void run() noexcept = 0;

 protected:
  Runnable() noexcept = default;
  ~Runnable() = default;
};

using ReadyQueue = IntrusiveList<Runnable, ReadyTag>;

}  // namespace rondo::detail
