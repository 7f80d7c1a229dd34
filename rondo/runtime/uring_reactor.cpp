// What has to be told of a request when it has ended stands in its token: an operation's address
// where the kernel uses its memory (sends, files, large receives), so that nothing ends before the
// kernel has let go; a descriptor with a serial number for everything else, so that what is
// cancelled ends at once, and a late completion meets nobody.

#include "rondo/runtime/uring_reactor.hpp"

#include <liburing.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include "rondo/base/error.hpp"
#include "rondo/runtime/system_calls.hpp"
#include "rondo/runtime/uring_files.hpp"
#include "rondo/runtime/uring_token.hpp"

namespace rondo::detail {
namespace {

using Kind = Operation::Kind;

/// How often a request is cancelled again that somebody waits for without going on.
constexpr std::chrono::milliseconds kCancelAgain{10};

bool reads(const Operation& operation) noexcept {
  return operation.kind == Kind::receive || operation.kind == Kind::accept ||
         operation.kind == Kind::readable;
}

bool is_tried_when_ready(const Operation& operation) noexcept {
  return operation.kind == Kind::accept || operation.kind == Kind::receive;
}

iovec piece_of(std::string_view part) noexcept {
  return {const_cast<char*>(part.data()), std::min(part.size(), kLargestUringTransfer)};
}

}  // namespace

struct UringReactor::Message {
  msghdr head{};
  std::array<iovec, 2> pieces{};
};

UringReactor::UringReactor()
    : buffers_(ring_),
      pieces_(UringBuffers::kMost),
      messages_(std::make_unique<Message[]>(UringRing::kCapacity)),
      wake_descriptor_(::eventfd(0, EFD_CLOEXEC)) {
  if (wake_descriptor_ < 0) throw OsError(errno, "create the loop's wake-up descriptor");
}

UringReactor::~UringReactor() {
  // In a child of the process that made it, the kernel works for the parent.
  while (ring_.is_own() && held_ > 0) {
    io_uring_sqe& request = note();
    ::io_uring_prep_cancel64(&request, 0, IORING_ASYNC_CANCEL_ANY | IORING_ASYNC_CANCEL_ALL);
    request.user_data = kNobody;
    // On another thread than its own the kernel does nothing: closing the ring has to do.
    if (!ring_.enter(kCancelAgain, completions_)) break;
    for (const UringCompletion& completion : completions_) {
      const bool held = is_kind(completion.token, kOperation) || is_kind(completion.token, kWake);
      if (held) --held_;
    }
    completions_.clear();
  }
  ::close(wake_descriptor_);
}

UringReactor::Descriptor& UringReactor::at(int descriptor) {
  const auto index = static_cast<std::size_t>(descriptor);
  if (index >= descriptors_.size()) {
    descriptors_.resize(std::max(index + 1, 2 * descriptors_.size()));
  }
  return descriptors_[index];
}

UringReactor::Token UringReactor::token_for(int descriptor, unsigned kind) noexcept {
  last_serial_ = (last_serial_ + 1) % (std::uint32_t{1} << kSerialBits);
  return std::uint64_t(static_cast<std::uint32_t>(descriptor)) << 32 |
         std::uint64_t{last_serial_} << 3 | kind;
}

io_uring_sqe& UringReactor::note() noexcept {
  io_uring_sqe* request = ring_.next();
  // The kernel takes nothing more only while it has no memory, or too much to tell.
  for (; request == nullptr; request = ring_.next()) ring_.enter(kCancelAgain, completions_);
  return *request;
}

bool UringReactor::submit(Operation& operation) noexcept {
  operation.result = 0;
  arrivals().note_wait(operation);
  if (operation.kind == Kind::file) return submit_file(operation);
  if (operation.descriptor < 0) {
    operation.result = -EBADF;
    return true;
  }
  const Descriptor& descriptor = at(operation.descriptor);
  const bool is_taken = (reads(operation) ? descriptor.reader : descriptor.writer) != nullptr;
  if (is_taken) {
    operation.result = -EBUSY;
    return true;
  }
  if (operation.kind == Kind::receive) return submit_receive(operation);
  if (operation.kind == Kind::send) return submit_send(operation);
  return submit_readiness(operation);
}

void UringReactor::cancel(Operation& operation) noexcept {
  if (operation.kind == Kind::file) return ask_to_cancel(token_of(operation));
  if (operation.descriptor < 0) return;
  Descriptor& descriptor = at(operation.descriptor);
  if (descriptor.reader == &operation) {
    if (!descriptor.direct) return cancel_at_once(descriptor.reader, descriptor.reader_poll);
    descriptor.cancels_reader = true;
  } else if (descriptor.writer == &operation) {
    if (operation.kind != Kind::send) {
      return cancel_at_once(descriptor.writer, descriptor.writer_poll);
    }
    descriptor.cancels_writer = true;
  } else {
    return;
  }
  ask_to_cancel(token_of(operation));
}

void UringReactor::cancel_at_once(Operation*& slot, Token& poll) noexcept {
  if (poll != 0) ask_to_cancel(std::exchange(poll, 0));
  end(slot, -ECANCELED);
}

void UringReactor::ask_to_cancel(Token token) noexcept {
  io_uring_sqe& request = note();
  ::io_uring_prep_cancel64(&request, token, 0);
  request.user_data = kNobody;
  request.flags |= IOSQE_CQE_SKIP_SUCCESS;
}

void UringReactor::close(int descriptor) noexcept {
  if (descriptor < 0) return;
  if (at(descriptor).reader != nullptr) finish(*at(descriptor).reader);
  if (at(descriptor).writer != nullptr) finish(*at(descriptor).writer);
  Descriptor& closing = at(descriptor);
  end_receive(closing);
  closing.inlet.clear(pieces_, buffers_);
  closing = Descriptor{};
  // Behind this the kernel knows the socket by no request any more: closing it closes it, and what
  // is noted under its number meets no other socket.
  if (ring_.has_noted()) ring_.enter(std::chrono::milliseconds(0), completions_);
  ::close(descriptor);
}

void UringReactor::finish(Operation& operation) noexcept {
  const bool is_direct = operation.kind == Kind::receive && at(operation.descriptor).direct;
  const bool is_held = operation.kind == Kind::send || is_direct;
  cancel(operation);
  if (!is_held) return;
  const auto of_operation = [token = token_of(operation)](const UringCompletion& one) {
    return one.token == token;
  };
  while (true) {
    ring_.enter(kCancelAgain, completions_);
    const auto unhandled = completions_.begin() + static_cast<std::ptrdiff_t>(handled_);
    const auto found = std::find_if(unhandled, completions_.end(), of_operation);
    if (found != completions_.end()) {
      found->token = kNobody;
      return on_operation(operation, found->result);
    }
    ask_to_cancel(token_of(operation));
  }
}

bool UringReactor::is_quiet(int descriptor) noexcept {
  if (descriptor < 0) return false;
  Descriptor& known = at(descriptor);
  if (known.ended || known.error != 0 || !known.inlet.empty()) return false;
  if (known.receive != 0 && !known.ending) return true;
  Operation probe([](Operation&) noexcept {});
  probe.kind = Kind::readable;
  probe.descriptor = descriptor;
  known.readable = try_operation(probe);
  return !known.readable;
}

bool UringReactor::poll(std::chrono::milliseconds limit) noexcept {
  watch_wake();
  has_grown_ = false;
  ring_.enter(completions_.empty() ? limit : std::chrono::milliseconds(0), completions_);
  while (handled_ < completions_.size()) {
    // A copy: what is completed may ask for more, and the kernel be entered again meanwhile.
    const UringCompletion completion = completions_[handled_++];
    handle(completion);
  }
  completions_.clear();
  return std::exchange(handled_, 0) > 0;
}

void UringReactor::handle(const UringCompletion& completion) noexcept {
  const auto number = static_cast<int>(completion.token >> 32);
  switch (completion.token & kKindBits) {
    case kOperation:
      return on_operation(*reinterpret_cast<Operation*>(completion.token), completion.result);
    case kReceive:
      return on_received(number, completion);
    case kReaderPoll:
      if (at(number).reader_poll == completion.token) on_ready(number, true, completion.result);
      return;
    case kWriterPoll:
      if (at(number).writer_poll == completion.token) on_ready(number, false, completion.result);
      return;
    case kWake:
      watches_wake_ = false;
      --held_;
      return;
    default:
      return;
  }
}

void UringReactor::on_operation(Operation& operation, std::int32_t result) noexcept {
  --held_;
  if (operation.kind == Kind::send) return on_sent(operation, result);
  if (operation.kind == Kind::receive) return on_direct(operation, result);
  --pending_files_;
  // A call that a worker of the kernel had begun was interrupted because it was cancelled.
  operation.complete(result == -EINTR ? -ECANCELED : result);
}

void UringReactor::end(Operation*& slot, std::int64_t result) noexcept {
  Operation* operation = std::exchange(slot, nullptr);
  --pending_;
  if (reads(*operation)) arrivals().note_end(*operation);
  operation->complete(result);
}

void UringReactor::flush() noexcept {
  if (ring_.has_noted()) ring_.enter(std::chrono::milliseconds(0), completions_);
}

void UringReactor::wake() noexcept {
  // Called from signal handlers too: errno belongs to what was interrupted.
  const int saved = errno;
  const std::uint64_t one = 1;
  [[maybe_unused]] const auto written = ::write(wake_descriptor_, &one, sizeof one);
  errno = saved;
}

void UringReactor::watch_wake() noexcept {
  if (watches_wake_) return;
  io_uring_sqe& request = note();
  ::io_uring_prep_read(&request, wake_descriptor_, &wakes_, sizeof wakes_, 0);
  request.user_data = kWake;
  watches_wake_ = true;
  ++held_;
}

bool UringReactor::submit_file(Operation& operation) noexcept {
  io_uring_sqe& request = note();
  prepare(request, *static_cast<const FileRequest*>(operation.address));
  request.user_data = token_of(operation);
  ++pending_files_;
  ++held_;
  return false;
}

bool UringReactor::submit_readiness(Operation& operation) noexcept {
  Descriptor& descriptor = at(operation.descriptor);
  const bool has_received = !descriptor.inlet.empty() || descriptor.ended || descriptor.error != 0;
  if (operation.kind == Kind::readable && has_received) return true;
  const bool is_probe = operation.kind == Kind::readable || operation.kind == Kind::writable;
  if (is_probe && try_operation(operation)) return true;
  if (operation.kind == Kind::connect && start_connect(operation)) return true;
  (reads(operation) ? descriptor.reader : descriptor.writer) = &operation;
  ++pending_;
  start_poll(operation);
  return false;
}

void UringReactor::start_poll(const Operation& operation) noexcept {
  Descriptor& descriptor = at(operation.descriptor);
  const bool in = reads(operation);
  const Token token = token_for(operation.descriptor, in ? kReaderPoll : kWriterPoll);
  (in ? descriptor.reader_poll : descriptor.writer_poll) = token;
  io_uring_sqe& request = note();
  ::io_uring_prep_poll_add(&request, operation.descriptor, in ? POLLIN : POLLOUT);
  request.user_data = token;
}

void UringReactor::on_ready(int number, bool in, std::int32_t result) noexcept {
  Descriptor& descriptor = at(number);
  (in ? descriptor.reader_poll : descriptor.writer_poll) = 0;
  Operation*& slot = in ? descriptor.reader : descriptor.writer;
  if (result < 0) return end(slot, result);
  Operation& operation = *slot;
  if (operation.kind == Kind::connect) {
    finish_connect(operation);
  } else if (operation.kind == Kind::receive && !operation.has_room()) {
    return end(slot, operation.result);
  } else if (is_tried_when_ready(operation) && !try_operation(operation)) {
    return start_poll(operation);
  }
  if (operation.kind == Kind::receive) note_plain_receive(descriptor, operation);
  end(slot, operation.result);
}

bool UringReactor::submit_send(Operation& operation) noexcept {
  if (operation.parts[0].empty() && operation.parts[1].empty()) return true;
  Descriptor& descriptor = at(operation.descriptor);
  descriptor.writer = &operation;
  descriptor.cancels_writer = false;
  ++pending_;
  start_send(operation);
  return false;
}

void UringReactor::start_send(Operation& operation) noexcept {
  // With MSG_WAITALL the kernel goes on by itself after a part.
  constexpr int kFlags = MSG_NOSIGNAL | MSG_WAITALL;
  io_uring_sqe& request = note();
  const auto& [first, second] = operation.parts;
  if (first.empty() || second.empty()) {
    const iovec piece = piece_of(first.empty() ? second : first);
    ::io_uring_prep_send(&request, operation.descriptor, piece.iov_base, piece.iov_len, kFlags);
  } else {
    // As many of them as requests can be noted: the kernel has read one before it is used again.
    Message& message = messages_[next_message_++ % UringRing::kCapacity];
    message.pieces = {piece_of(first), piece_of(second)};
    message.head.msg_iov = message.pieces.data();
    message.head.msg_iovlen = message.pieces.size();
    ::io_uring_prep_sendmsg(&request, operation.descriptor, &message.head, kFlags);
  }
  request.user_data = token_of(operation);
  ++held_;
}

void UringReactor::on_sent(Operation& operation, std::int32_t result) noexcept {
  Descriptor& descriptor = at(operation.descriptor);
  if (result > 0) advance(operation, static_cast<std::size_t>(result));
  if (operation.parts[0].empty() && operation.parts[1].empty()) {
    return end(descriptor.writer, operation.result);
  }
  if (descriptor.cancels_writer) return end(descriptor.writer, -ECANCELED);
  if (result >= 0 || is_to_be_repeated(result)) return start_send(operation);
  end(descriptor.writer, result);
}

}  // namespace rondo::detail
