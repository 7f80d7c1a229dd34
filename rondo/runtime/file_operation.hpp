#pragma once
// Awaiting one request about files.

#include "rondo/runtime/file_request.hpp"
#include "rondo/runtime/operation_awaiter.hpp"

namespace rondo {
class EventLoop;
}

namespace rondo::detail {

/// Gives the result of `request`, or a negative errno; throws `Cancelled`. Carried out by the
/// reactor of the running loop where that can, else on one of the loop's worker threads. What
/// `request` points to is used until the await has ended, whether it is cancelled or not.
class FileOperation final : public OperationAwaiter {
 public:
  explicit FileOperation(const FileRequest& request) noexcept;

  [[nodiscard]] std::int64_t await_resume() const { return ended(); }

 private:
  bool start(Operation& operation) override;
  void stop(Operation& operation) noexcept override;

  FileRequest request_;
  EventLoop* loop_ = nullptr;
};

}  // namespace rondo::detail
