// A regular file is always "ready" and may still take its time, so it is read on a worker thread;
// everything else is read when it is ready.

#include "cli/line_reader.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "rondo/base/error.hpp"
#include "rondo/runtime/to_thread.hpp"
#include "rondo/runtime/wait_ready.hpp"

namespace rondo::cli {
namespace {

constexpr std::size_t kBlock = std::size_t{64} * 1024;
constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";

/// 0 at the end; throws `OsError`. A descriptor that does not block gives -1 when there is nothing.
ssize_t read_now(int descriptor, char* into) {
  ssize_t count = 0;
  do {
    count = ::read(descriptor, into, kBlock);
  } while (count < 0 && errno == EINTR);
  if (count < 0 && errno != EAGAIN) throw OsError(errno, "read the list of URLs");
  return count;
}

std::optional<std::size_t> size_of(int descriptor) noexcept {
  struct stat status{};
  if (::fstat(descriptor, &status) != 0 || !S_ISREG(status.st_mode)) return std::nullopt;
  return static_cast<std::size_t>(status.st_size);
}

}  // namespace

LineReader::LineReader(int descriptor) : descriptor_(descriptor), file_size_(size_of(descriptor)) {}

Task<std::size_t> LineReader::read_block() {
  char* const into = buffer_.data() + buffer_.size() - kBlock;
  if (file_size_) {
    const auto count = co_await to_thread(read_now, descriptor_, into);
    co_return static_cast<std::size_t>(count);
  }
  ssize_t count = -1;
  while (count < 0) {
    co_await wait_readable(descriptor_);
    count = read_now(descriptor_, into);
  }
  co_return static_cast<std::size_t>(count);
}

Task<bool> LineReader::fill() {
  buffer_.erase(0, begin_);
  searched_ -= begin_;
  begin_ = 0;
  const std::size_t filled = buffer_.size();
  buffer_.resize(filled + kBlock);
  const std::size_t count = co_await read_block();
  buffer_.resize(filled + count);
  position_ += count;
  co_return count > 0;
}

std::string_view LineReader::take(std::size_t size, std::size_t with_end) {
  std::string_view line = std::string_view(buffer_).substr(begin_, size);
  begin_ += with_end;
  searched_ = begin_;
  if (is_first_ && line.starts_with(kByteOrderMark)) line.remove_prefix(kByteOrderMark.size());
  is_first_ = false;
  return line;
}

std::optional<std::string_view> LineReader::cut_line() {
  while (true) {
    const std::size_t end = buffer_.find('\n', searched_);
    if (end == std::string::npos) break;
    const std::string_view line = take(end - begin_, end + 1 - begin_);
    if (!is_skipping_) return line;
    is_skipping_ = false;
  }
  searched_ = buffer_.size();
  if (is_skipping_) begin_ = searched_;
  if (buffer_.size() - begin_ < kMaxLine) return std::nullopt;
  is_skipping_ = true;
  return take(kMaxLine, buffer_.size() - begin_);
}

Task<std::optional<std::string_view>> LineReader::next() {
  while (true) {
    if (const auto line = cut_line()) co_return line;
    const bool has_more = co_await fill();
    if (has_more) continue;
    if (begin_ == buffer_.size()) co_return std::nullopt;
    co_return take(buffer_.size() - begin_, buffer_.size() - begin_);
  }
}

}  // namespace rondo::cli
