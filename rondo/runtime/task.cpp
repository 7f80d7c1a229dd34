// The misuse of a task, told in words.

#include "rondo/runtime/task.hpp"

#include <stdexcept>

namespace rondo::detail {

void refuse_to_await(bool was_started) {
  throw std::logic_error(was_started ? "a task can be awaited only once"
                                     : "awaited a task that was moved from");
}

}  // namespace rondo::detail
