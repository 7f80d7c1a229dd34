// An operation that transfers nothing. Where the system cannot watch a descriptor (EPERM: files and
// some devices), reading and writing it never waits, so it counts as ready.

#include "rondo/runtime/wait_ready.hpp"

#include <cerrno>

#include "rondo/base/error.hpp"
#include "rondo/runtime/event_loop.hpp"
#include "rondo/runtime/operation_awaiter.hpp"

namespace rondo {
namespace {

class Readiness final : public detail::OperationAwaiter {
 public:
  Readiness(Kind which, int its_descriptor) noexcept {
    kind = which;
    descriptor = its_descriptor;
  }

  void await_resume() const {
    const auto code = ended();
    if (code < 0 && code != -EPERM) throw OsError(static_cast<int>(-code), "wait for a descriptor");
  }

 private:
  bool start(Operation& operation) override {
    return get_running_loop().reactor().submit(operation);
  }
  void stop(Operation& operation) noexcept override {
    detail::running_loop()->reactor().cancel(operation);
  }
};

}  // namespace

Task<> wait_readable(int descriptor) {
  co_await Readiness(detail::Operation::Kind::readable, descriptor);
}

Task<> wait_writable(int descriptor) {
  co_await Readiness(detail::Operation::Kind::writable, descriptor);
}

}  // namespace rondo
