// An operation is tried when its descriptor is believed ready, and otherwise waits in the
// descriptor's reader or writer slot until a wait finds the descriptor ready. The belief is
// edge-shaped: it ends with EAGAIN and with a short read (what had come has been taken), so a warm
// connection makes no receive call in vain. A hang-up is remembered for good: no further edge would
// tell of it.

#include "rondo/runtime/readiness_reactor.hpp"

#include <sys/eventfd.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "rondo/base/error.hpp"
#include "rondo/runtime/system_calls.hpp"

namespace rondo::detail {

using Kind = Operation::Kind;

ReadinessReactor::ReadinessReactor() : wake_descriptor_(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)) {
  if (wake_descriptor_ < 0) throw OsError(errno, "create the loop's wake-up descriptor");
}

ReadinessReactor::~ReadinessReactor() {
  ::close(wake_descriptor_);
}

ReadinessReactor::Slot ReadinessReactor::slot_of(const Operation& operation) noexcept {
  switch (operation.kind) {
    case Kind::receive:
    case Kind::accept:
    case Kind::readable:
    case Kind::file:
      return &Interest::reader;
    case Kind::send:
    case Kind::connect:
    case Kind::writable:
      return &Interest::writer;
  }
  return &Interest::reader;
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
  const Slot slot = slot_of(operation);
  Interest& interest = interest_of(operation.descriptor);
  if (interest.*slot != nullptr) {
    operation.result = -EBUSY;
    return true;
  }
  if (try_now(operation, interest, slot)) return true;
  if (const int error = watch(operation.descriptor, interest); error != 0) {
    operation.result = -error;
    return true;
  }
  interest.*slot = &operation;
  ++pending_;
  return false;
}

bool ReadinessReactor::try_now(Operation& operation, Interest& interest, Slot slot) noexcept {
  bool& ready = slot == &Interest::reader ? interest.readable : interest.writable;
  const bool is_probe = operation.kind == Kind::readable || operation.kind == Kind::writable;
  if (operation.kind == Kind::connect) return ready = start_connect(operation);
  if (!ready && !is_probe) return false;
  const bool has_ended = try_operation(operation);
  const bool is_short = operation.kind == Kind::receive &&
                        operation.result < static_cast<std::int64_t>(operation.size);
  if (!has_ended || is_short) ready = interest.ended;
  return has_ended;
}

void ReadinessReactor::cancel(Operation& operation) noexcept {
  if (operation.descriptor < 0) return;
  const Slot slot = slot_of(operation);
  Interest& interest = interest_of(operation.descriptor);
  if (interest.*slot != &operation) return;
  take_off(interest, slot);
  operation.complete(-ECANCELED);
}

void ReadinessReactor::take_off(Interest& interest, Slot slot) noexcept {
  interest.*slot = nullptr;
  --pending_;
}

void ReadinessReactor::close(int descriptor) noexcept {
  if (descriptor < 0) return;
  for (const Slot slot : {&Interest::reader, &Interest::writer}) {
    Operation* operation = interest_of(descriptor).*slot;
    if (operation != nullptr) cancel(*operation);
  }
  interest_of(descriptor) = Interest{};
  ::close(descriptor);
}

bool ReadinessReactor::is_quiet(int descriptor) noexcept {
  if (descriptor < 0) return false;
  Interest& interest = interest_of(descriptor);
  if (interest.ended) return false;
  if (!interest.readable && interest.watched && sees_idle_descriptors()) return true;
  // What is believed readable may be empty: the last receive may have filled its buffer exactly.
  Operation probe([](Operation&) noexcept {});
  probe.kind = Kind::readable;
  probe.descriptor = descriptor;
  interest.readable = try_operation(probe);
  return !interest.readable;
}

void ReadinessReactor::became(int descriptor, Readiness readiness) noexcept {
  Interest& interest = interest_of(descriptor);
  interest.ended |= readiness.ended;
  interest.readable |= readiness.readable || readiness.ended;
  interest.writable |= readiness.writable || readiness.ended;
  // Whoever is completed may submit: the interests may move then, and what is new has been tried.
  const bool has_reader = interest.readable && interest.reader != nullptr;
  const bool has_writer = interest.writable && interest.writer != nullptr;
  if (has_reader) settle(interest, &Interest::reader);
  if (has_writer) settle(interest_of(descriptor), &Interest::writer);
}

void ReadinessReactor::settle(Interest& interest, Slot slot) noexcept {
  Operation* operation = interest.*slot;
  if (operation == nullptr) return;
  if (operation->kind == Kind::connect) {
    finish_connect(*operation);
  } else if (!try_now(*operation, interest, slot)) {
    return;
  }
  take_off(interest, slot);
  operation->complete(operation->result);
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
