// The descriptor may be shared with other programs, so it cannot be made non-blocking. A pipe that
// is ready has room for 4 KiB at least; files take anything at once.

#include "cli/standard_output.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <climits>
#include <utility>

#include "rondo/base/error.hpp"
#include "rondo/runtime/wait_ready.hpp"

namespace rondo::cli {
namespace {

constexpr std::size_t kFilePiece = std::size_t{1} << 20;

bool is_file(int descriptor) noexcept {
  struct stat status{};
  return ::fstat(descriptor, &status) == 0 && S_ISREG(status.st_mode);
}

}  // namespace

StandardOutput::StandardOutput(int descriptor)
    : descriptor_(descriptor), piece_(is_file(descriptor) ? kFilePiece : PIPE_BUF) {
  if (::isatty(descriptor) == 1) filter_.emplace();
}

void StandardOutput::write(std::string_view bytes) {
  if (error_ != 0) return;
  buffer_ += bytes;
  if (std::exchange(is_idle_, false)) data_.release();
}

void StandardOutput::write_body(std::string_view bytes) {
  if (filter_) {
    write(filter_->take(bytes));
  } else {
    write(bytes);
  }
}

Task<> StandardOutput::drain(std::size_t left) {
  while (pending() > left && error_ == 0) {
    ++draining_;
    co_await room_.acquire();
  }
}

Task<> StandardOutput::pump() {
  while (error_ == 0) {
    if (pending() == 0) {
      is_idle_ = true;
      co_await data_.acquire();
      continue;
    }
    if (piece_ != kFilePiece) co_await wait_writable(descriptor_);
    write_some(piece_);
    if (pending() <= kHighWater / 2) release_waiting();
  }
}

void StandardOutput::write_some(std::size_t most) {
  const std::string_view left = std::string_view(buffer_).substr(written_, most);
  const auto count = ::write(descriptor_, left.data(), left.size());
  if (count >= 0) {
    written_ += static_cast<std::size_t>(count);
  } else if (errno != EINTR && errno != EAGAIN) {
    error_ = errno;
    written_ = buffer_.size();
  }
  if (pending() > written_) return;  // moving the rest to the front costs less than it frees
  buffer_.erase(0, written_);
  written_ = 0;
}

void StandardOutput::release_waiting() {
  while (draining_ > 0) {
    --draining_;
    room_.release();
  }
}

void StandardOutput::finish() {
  if (filter_) write(filter_->finish());
  while (pending() > 0) write_some(kFilePiece);
  if (error_ != 0) throw OsError(error_, "write to standard output");
}

}  // namespace rondo::cli
