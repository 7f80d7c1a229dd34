// A pipe for each direction, shared by the two ends. Whatever changes a pipe while an operation
// waits in it puts the pipe into the loop's ready queue; there it carries out what has become
// possible, so nobody's operation ends inside somebody else's call.

#include "rondo/testing/memory_stream.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

#include "rondo/runtime/event_loop.hpp"

namespace rondo::testing {
namespace {

using rondo::detail::Operation;

/// The bytes on their way from one end to the other.
class Pipe final : public rondo::detail::Runnable {
 public:
  void set_limits(const MemoryStreamOptions& options) noexcept {
    capacity_ = options.capacity;
    largest_read_ = options.largest_read;
  }

  bool start_read(Operation& operation) noexcept { return start(operation, reader_, &Pipe::read); }
  bool start_write(Operation& operation) noexcept {
    return start(operation, writer_, &Pipe::write);
  }

  void stop(Operation& operation) noexcept {
    if (reader_ == &operation) end(reader_, -ECANCELED);
    if (writer_ == &operation) end(writer_, -ECANCELED);
  }

  /// Nothing more will be written. After what is there, reads end with `code`: 0 or an errno.
  void end_writing(int code) noexcept {
    if (!ended_) code_ = code;
    ended_ = true;
    if (writer_ != nullptr) end(writer_, -ECANCELED);
    nudge();
  }

  /// Nothing more will be read.
  void end_reading() noexcept {
    broken_ = true;
    if (reader_ != nullptr) end(reader_, -ECANCELED);
    nudge();
  }

  [[nodiscard]] bool empty() const noexcept { return bytes_.empty(); }
  [[nodiscard]] bool ended() const noexcept { return ended_; }

  void run() noexcept override {
    if (writer_ != nullptr && write(*writer_)) end(writer_, writer_->result);
    if (reader_ != nullptr && read(*reader_)) end(reader_, reader_->result);
    if (writer_ != nullptr && bytes_.size() < capacity_) nudge();
  }

 private:
  using Attempt = bool (Pipe::*)(Operation&) noexcept;

  bool start(Operation& operation, Operation*& slot, Attempt attempt) noexcept {
    operation.result = 0;
    if (slot != nullptr) {
      operation.result = -EBUSY;
      return true;
    }
    const bool has_ended = (this->*attempt)(operation);
    if (!has_ended) slot = &operation;
    loop_ = rondo::detail::running_loop();
    nudge();
    return has_ended;
  }

  bool read(Operation& operation) noexcept {
    if (bytes_.empty() && operation.size > 0) {
      operation.result = -code_;
      return ended_;
    }
    if (!operation.has_room()) return true;
    const std::size_t count = std::min({bytes_.size(), operation.size, largest_read_});
    std::copy_n(bytes_.begin(), count, operation.data);
    bytes_.erase(0, count);
    operation.result = static_cast<std::int64_t>(count);
    return true;
  }

  bool write(Operation& operation) noexcept {
    if (broken_ || ended_) {
      operation.result = -EPIPE;
      return true;
    }
    for (auto& part : operation.parts) {
      const std::size_t count = std::min(part.size(), capacity_ - bytes_.size());
      bytes_.append(part.substr(0, count));
      part.remove_prefix(count);
      operation.result += static_cast<std::int64_t>(count);
    }
    return operation.parts[0].empty() && operation.parts[1].empty();
  }

  static void end(Operation*& slot, std::int64_t code) noexcept {
    std::exchange(slot, nullptr)->complete(code);
  }

  /// Somebody waits and something has changed: the loop is to look.
  void nudge() noexcept {
    const bool can_go_on = (reader_ != nullptr && (!bytes_.empty() || ended_)) ||
                           (writer_ != nullptr && (bytes_.size() < capacity_ || broken_));
    if (can_go_on && !is_linked()) loop_->make_ready(*this);
  }

  std::string bytes_;
  std::size_t capacity_ = 0;
  std::size_t largest_read_ = 0;
  Operation* reader_ = nullptr;
  Operation* writer_ = nullptr;
  EventLoop* loop_ = nullptr;  // of the last operation; valid while one waits
  int code_ = 0;
  bool ended_ = false;
  bool broken_ = false;
};

struct Wire {
  explicit Wire(const MemoryStreamOptions& options) : peer(options.peer) {
    for (Pipe& pipe : pipes) pipe.set_limits(options);
  }

  std::array<Pipe, 2> pipes;
  std::string peer;
};

class MemoryStream final : public net::ByteStream {
 public:
  MemoryStream(std::shared_ptr<Wire> wire, std::size_t side) noexcept
      : wire_(std::move(wire)), incoming_(wire_->pipes[1 - side]), outgoing_(wire_->pipes[side]) {}

  ~MemoryStream() override {
    outgoing_.end_writing(incoming_.empty() ? 0 : ECONNRESET);
    incoming_.end_reading();
  }

  Task<> shut_down() override {
    outgoing_.end_writing(0);
    co_return;
  }

  bool is_quiet() noexcept override { return incoming_.empty() && !incoming_.ended(); }
  std::string_view peer() const noexcept override { return wire_->peer; }

  bool start(Operation& operation) noexcept override {
    return operation.kind == Operation::Kind::receive ? incoming_.start_read(operation)
                                                      : outgoing_.start_write(operation);
  }

  void stop(Operation& operation) noexcept override {
    incoming_.stop(operation);
    outgoing_.stop(operation);
  }

 private:
  std::shared_ptr<Wire> wire_;
  Pipe& incoming_;
  Pipe& outgoing_;
};

}  // namespace

std::pair<std::unique_ptr<net::ByteStream>, std::unique_ptr<net::ByteStream>> memory_stream_pair(
    const MemoryStreamOptions& options) {
  auto wire = std::make_shared<Wire>(options);
  return {std::make_unique<MemoryStream>(wire, 0), std::make_unique<MemoryStream>(wire, 1)};
}

}  // namespace rondo::testing
