// On a worker thread the result is written there and read here, with the loop's inbox between them.
// A request that no thread has taken yet is withdrawn when it is cancelled; one that has begun goes
// to its end, since it uses what the waiting frame owns.

#include "rondo/runtime/file_operation.hpp"

#include <cerrno>

#include "rondo/runtime/event_loop.hpp"
#include "rondo/runtime/loop_errors.hpp"
#include "rondo/runtime/thread_pool.hpp"

namespace rondo::detail {

FileOperation::FileOperation(const FileRequest& request) noexcept : request_(request) {
  kind = Kind::file;
  address = &request_;
}

bool FileOperation::start(Operation& operation) {
  loop_ = &get_running_loop();
  if (loop_->reactor().carries_out_files()) return loop_->reactor().submit(operation);
  const auto work = [this] { result = carry_out(request_); };
  const auto done = [this, loop = loop_->reference()] {
    try {
      loop.call_soon_threadsafe([this] { complete(result); });
    } catch (const LoopClosedError&) {
      // The exit report has named this thread already.
    }
  };
  loop_->threads().submit(work, this, done);
  return false;
}

void FileOperation::stop(Operation& operation) noexcept {
  if (loop_->reactor().carries_out_files()) {
    loop_->reactor().cancel(operation);
  } else if (loop_->threads().withdraw(this)) {
    complete(-ECANCELED);
  }
}

}  // namespace rondo::detail
