// An operation is tried when its descriptor is believed ready, and otherwise waits in the
// descriptor's reader or writer slot until a wait finds the descriptor ready. The belief is
// edge-shaped: it ends with EAGAIN, with a short read (what had come has been taken) and with a
// full one of which the kernel says that nothing is left, so a warm connection makes no receive
// call in vain. A hang-up is remembered for good: no further edge would tell of it.

#include "rondo/runtime/readiness_reactor.hpp"

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <cerrno>
#include <optional>
#include <utility>

#include "rondo/base/error.hpp"
#include "rondo/runtime/system_calls.hpp"

namespace rondo::detail {

using Kind = Operation::Kind;

namespace {

bool has_filled_room(const Operation& receive) noexcept {
  return receive.result >= static_cast<std::int64_t>(receive.size);
}

}  // namespace

ReadinessReactor::ReadinessReactor() : wake_descriptor_(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)) {
  if (wake_descriptor_ < 0) throw OsError(errno, "create the loop's wake-up descriptor");
}

ReadinessReactor::~ReadinessReactor() {
  ::close(wake_descriptor_);
}

void ReadinessReactor::make_room_for(std::size_t index) {
  interests_.resize(std::max(index + 1, 2 * interests_.size()));
}

bool ReadinessReactor::submit(Operation& operation) noexcept {
  operation.result = 0;
  if (operation.descriptor < 0) {
    operation.result = -EBADF;
    return true;
  }
  Interest& interest = interest_of(operation.descriptor);
  Operation*& waiting = interest.slot(operation);
  if (waiting != nullptr) {
    operation.result = -EBUSY;
    return true;
  }
  if (may_be_tried(operation, interest) && try_now(operation, interest)) return true;
  if (!interest.watched) {
    const int error = watch(operation.descriptor, interest);
    if (error != 0) {
      operation.result = -error;
      return true;
    }
  }
  arrivals().note_wait(operation);
  waiting = &operation;
  ++pending_;
  return false;
}

/// Whether it is not known that the operation would have to wait.
bool ReadinessReactor::may_be_tried(const Operation& operation, const Interest& interest) noexcept {
  if (operation.is_writer() ? interest.writable : interest.readable) return true;
  const Kind kind = operation.kind;
  return kind == Kind::connect || kind == Kind::readable || kind == Kind::writable;
}

bool ReadinessReactor::try_now(Operation& operation, Interest& interest) noexcept {
  if (operation.kind == Kind::receive) return receive_now(operation, interest);
  if (operation.kind == Kind::readable && interest.rest == Rest::ahead) {
    operation.result = 0;
    return true;
  }
  bool& ready = operation.is_writer() ? interest.writable : interest.readable;
  if (operation.kind == Kind::connect) return ready = start_connect(operation);
  const bool has_ended = try_operation(operation);
  if (!has_ended) ready = interest.ended;
  return has_ended;
}

/// Who reads messages of a known size fills the buffer each time: from the first time on one sees
/// to it that no receive is tried in vain.
bool ReadinessReactor::receive_now(Operation& operation, Interest& interest) noexcept {
  if (!operation.has_room()) return true;
  if (interest.rest >= Rest::told) return receive_knowing_rest(operation, interest);
  const bool has_ended = try_operation(operation);
  const bool is_full = has_ended && has_filled_room(operation);
  if (is_full && interest.rest == Rest::not_asked) {
    interest.rest = ask_for_rest(operation.descriptor) ? Rest::looked_for : Rest::untold;
  }
  interest.readable = is_full || interest.ended;
  return has_ended;
}

bool ReadinessReactor::receive_knowing_rest(Operation& operation, Interest& interest) noexcept {
  if (interest.rest == Rest::ahead) return give_ahead(operation, interest);
  const bool is_small = operation.size > 0 && operation.size <= kMostCopied;
  bool has_rest = true;
  const bool has_ended = interest.rest == Rest::looked_for && is_small
                             ? look_ahead(operation, interest, has_rest)
                             : try_receive(operation, has_rest);
  interest.readable = (has_ended && has_filled_room(operation) && has_rest) || interest.ended;
  return has_ended;
}

/// Who reads a message in parts finds a rest each time: from then on the kernel is asked, for the
/// byte that was looked at costs a receive of its own.
bool ReadinessReactor::look_ahead(Operation& operation, Interest& interest,
                                  bool& has_rest) noexcept {
  std::optional<char> ahead;
  const bool has_ended = try_receive_ahead(operation, ahead);
  has_rest = ahead.has_value();
  if (!has_rest) return has_ended;
  interest.ahead = *ahead;
  interest.rest = Rest::ahead;
  return true;
}

/// Alone: an error that a receive behind it met would be lost.
bool ReadinessReactor::give_ahead(Operation& operation, Interest& interest) noexcept {
  operation.result = 0;
  if (operation.size == 0) return true;
  *operation.data = interest.ahead;
  operation.result = 1;
  interest.rest = Rest::told;
  return true;
}

void ReadinessReactor::cancel(Operation& operation) noexcept {
  if (operation.descriptor < 0) return;
  Operation*& waiting = interest_of(operation.descriptor).slot(operation);
  if (waiting != &operation) return;
  waiting = nullptr;
  --pending_;
  operation.complete(-ECANCELED);
}

void ReadinessReactor::close(int descriptor) noexcept {
  if (descriptor < 0) return;
  if (Operation* reader = interest_of(descriptor).reader) cancel(*reader);
  if (Operation* writer = interest_of(descriptor).writer) cancel(*writer);
  interest_of(descriptor) = Interest{};
  ::close(descriptor);
}

bool ReadinessReactor::is_quiet(int descriptor) noexcept {
  if (descriptor < 0) return false;
  Interest& interest = interest_of(descriptor);
  if (interest.ended || interest.rest == Rest::ahead) return false;
  if (!interest.readable && interest.watched && sees_idle_descriptors()) return true;
  // What is believed readable may be empty: a receive may have filled its buffer exactly.
  Operation probe([](Operation&) noexcept {});
  probe.kind = Kind::readable;
  probe.descriptor = descriptor;
  interest.readable = try_operation(probe);
  return !interest.readable;
}

void ReadinessReactor::became(int descriptor, unsigned events) noexcept {
  constexpr unsigned kEnd = POLLRDHUP | POLLHUP | POLLERR | POLLNVAL;
  Interest& interest = interest_of(descriptor);
  interest.ended |= (events & kEnd) != 0;
  interest.readable |= (events & (POLLIN | kEnd)) != 0;
  interest.writable |= (events & (POLLOUT | kEnd)) != 0;
  // Whoever is completed may submit: the interests may move then, and what is new has been tried.
  const bool has_reader = interest.readable && interest.reader != nullptr;
  const bool has_writer = interest.writable && interest.writer != nullptr;
  if (has_reader) settle(interest, interest.reader);
  if (!has_writer) return;
  Interest& moved = interest_of(descriptor);
  if (moved.writer != nullptr) settle(moved, moved.writer);
}

void ReadinessReactor::settle(Interest& interest, Operation*& waiting) noexcept {
  Operation& operation = *waiting;
  if (operation.kind == Kind::connect) {
    finish_connect(operation);
  } else if (!try_now(operation, interest)) {
    return;
  }
  waiting = nullptr;
  --pending_;
  arrivals().note_end(operation);
  operation.complete(operation.result);
}

void ReadinessReactor::wake() noexcept {
  // Called from signal handlers too: errno belongs to what was interrupted.
  const int saved = errno;
  const std::uint64_t one = 1;
  [[maybe_unused]] const auto written = ::write(wake_descriptor_, &one, sizeof one);
  errno = saved;
}

void ReadinessReactor::clear_wake() const noexcept {
  std::uint64_t count = 0;
  [[maybe_unused]] const auto taken = ::read(wake_descriptor_, &count, sizeof count);
}

}  // namespace rondo::detail
