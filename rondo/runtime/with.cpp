// Which of two exceptions comes out, or both.

#include "rondo/runtime/with.hpp"

namespace rondo::detail {
namespace {

bool is_cancellation(const std::exception_ptr& error) {
  try {
    std::rethrow_exception(error);
  } catch (const Cancelled&) {
    return true;
  } catch (...) {
    return false;
  }
}

}  // namespace

void rethrow_body_and_closing(const std::exception_ptr& body, const std::exception_ptr& closing) {
  std::vector<Failure> failures;
  if (body && !is_cancellation(body)) failures.push_back({body, {}});
  if (closing && !is_cancellation(closing)) failures.push_back({closing, "close()"});
  rethrow(failures);
  if (body || closing) throw Cancelled();
}

}  // namespace rondo::detail
