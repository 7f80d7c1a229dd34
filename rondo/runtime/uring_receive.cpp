// One multishot receive a connection goes on while nobody reads, into buffers of the ring: it is
// how the end of an idle connection is seen without a system call. It is ended when too much lies
// unread, and makes way for a plain receive into the reader's memory where that is large. On a
// connection where much comes at once the ring tells only that there is something: what lies in the
// socket until the reader has a place for it is copied once, what lies in a buffer twice.

#include <liburing.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include "rondo/runtime/system_calls.hpp"
#include "rondo/runtime/uring_reactor.hpp"
#include "rondo/runtime/uring_token.hpp"

namespace rondo::detail {
namespace {

using Kind = Operation::Kind;

/// From this size on, copying costs more than changing the way of receiving.
constexpr std::size_t kDirectSize = std::size_t{128} * 1024;

/// With more buffers of a connection unread than these it counts as one where much comes at once.
constexpr std::size_t kMostUnread = 2;

/// After so many receives in a row that have left room it counts as such no more.
constexpr std::uint8_t kEnoughSmall = 16;

/// Then there is probably more.
bool has_filled_room(const Operation& receive, std::int64_t result) noexcept {
  return result > 0 && static_cast<std::size_t>(result) == receive.size;
}

}  // namespace

bool UringReactor::submit_receive(Operation& operation) noexcept {
  if (operation.size == 0 || take_received(operation)) return true;
  if (operation.size >= kDirectSize && !operation.has_room()) return true;
  Descriptor& descriptor = at(operation.descriptor);
  descriptor.reader = &operation;
  descriptor.cancels_reader = false;
  ++pending_;
  start_receive(operation.descriptor);
  return false;
}

bool UringReactor::take_received(Operation& operation) noexcept {
  Descriptor& descriptor = at(operation.descriptor);
  if (!descriptor.inlet.empty()) {
    if (!operation.has_room()) return true;
    const std::size_t count =
        descriptor.inlet.take(pieces_, buffers_, operation.data, operation.size);
    operation.result = static_cast<std::int64_t>(count);
    return true;
  }
  if (descriptor.error != 0) {
    operation.result = -std::exchange(descriptor.error, 0);
    return true;
  }
  if (descriptor.ended) return true;
  if (descriptor.receive != 0 || !descriptor.readable) return false;
  if (!operation.has_room()) return true;
  descriptor.readable = false;
  if (!try_operation(operation)) return false;
  note_plain_receive(descriptor, operation);
  return true;
}

void UringReactor::note_plain_receive(Descriptor& descriptor, const Operation& operation) noexcept {
  descriptor.ended |= operation.result == 0;
  descriptor.readable = has_filled_room(operation, operation.result);
  descriptor.small_ones = descriptor.readable ? 0 : descriptor.small_ones + 1;
  if (descriptor.small_ones >= kEnoughSmall) descriptor.is_bulky = false;
}

void UringReactor::start_receive(int number, bool must_be_direct) noexcept {
  Descriptor& descriptor = at(number);
  Operation& reader = *descriptor.reader;
  if (must_be_direct || reader.size >= kDirectSize) {
    // Two receives at a time would have the pieces in any order.
    if (descriptor.receive != 0) return end_receive(descriptor);
    if (!reader.has_room()) return end(descriptor.reader, reader.result);
    const std::size_t size = std::min(reader.size, kLargestUringTransfer);
    io_uring_sqe& request = note();
    ::io_uring_prep_recv(&request, number, reader.data, size, 0);
    request.user_data = token_of(reader);
    descriptor.direct = true;
    ++held_;
  } else if (descriptor.is_bulky) {
    if (descriptor.receive != 0) return end_receive(descriptor);
    start_poll(reader);
  } else if (descriptor.receive == 0) {
    io_uring_sqe& request = note();
    ::io_uring_prep_recv_multishot(&request, number, nullptr, 0, 0);
    request.flags |= IOSQE_BUFFER_SELECT;
    request.buf_group = UringBuffers::kGroup;
    request.user_data = descriptor.receive = token_for(number, kReceive);
  }
}

void UringReactor::end_receive(Descriptor& descriptor) noexcept {
  if (descriptor.receive != 0 && !std::exchange(descriptor.ending, true)) {
    ask_to_cancel(descriptor.receive);
  }
}

void UringReactor::on_direct(Operation& operation, std::int32_t result) noexcept {
  Descriptor& descriptor = at(operation.descriptor);
  descriptor.direct = false;
  if (is_to_be_repeated(result)) {
    if (!descriptor.cancels_reader) return start_receive(operation.descriptor, true);
    result = -ECANCELED;
  }
  descriptor.ended |= result == 0;
  descriptor.readable = has_filled_room(operation, result);
  end(descriptor.reader, result);
}

void UringReactor::on_received(int number, const UringCompletion& completion) noexcept {
  Descriptor& descriptor = at(number);
  const bool is_current = descriptor.receive == completion.token;
  const bool is_over = (completion.flags & IORING_CQE_F_MORE) == 0;
  if (is_current && is_over) {
    descriptor.receive = 0;
    descriptor.ending = false;
  }
  if ((completion.flags & IORING_CQE_F_BUFFER) != 0) {
    const auto id = static_cast<std::uint16_t>(completion.flags >> IORING_CQE_BUFFER_SHIFT);
    if (is_current && completion.result > 0) {
      return on_piece(number, id, static_cast<std::size_t>(completion.result));
    }
    buffers_.give_back(id);
  }
  if (is_current) on_receive_over(number, completion.result);
}

void UringReactor::on_piece(int number, std::uint16_t id, std::size_t size) noexcept {
  Descriptor& descriptor = at(number);
  Operation* reader = descriptor.reader;
  if (reader != nullptr && reader->kind == Kind::receive && reader->has_room()) {
    const std::size_t count = std::min(size, reader->size);
    std::memcpy(reader->data, buffers_.data(id), count);
    if (count < size) {
      descriptor.inlet.append(pieces_, id, count, size);
    } else {
      buffers_.give_back(id);
    }
    return end(descriptor.reader, static_cast<std::int64_t>(count));
  }
  descriptor.inlet.append(pieces_, id, 0, size);
  if (descriptor.inlet.count() > kMostUnread) {
    descriptor.is_bulky = true;
    descriptor.small_ones = 0;
    end_receive(descriptor);
  }
  if (reader != nullptr && reader->kind == Kind::receive) {
    return end(descriptor.reader, reader->result);  // there is no memory
  }
  tell_readable(descriptor);
}

void UringReactor::tell_readable(Descriptor& descriptor) noexcept {
  if (descriptor.reader == nullptr || descriptor.reader->kind != Kind::readable) return;
  if (descriptor.reader_poll != 0) ask_to_cancel(std::exchange(descriptor.reader_poll, 0));
  end(descriptor.reader, 0);
}

void UringReactor::on_receive_over(int number, std::int32_t result) noexcept {
  Descriptor& descriptor = at(number);
  const bool ran_out = result == -ENOBUFS;
  if (ran_out && !std::exchange(has_grown_, true)) can_grow_ = buffers_.grow();
  if (result == 0) {
    descriptor.ended = true;
  } else if (!ran_out && result != -ECANCELED && !is_to_be_repeated(result)) {
    descriptor.error = -result;
  }
  Operation* reader = descriptor.reader;
  if (reader == nullptr) return;
  if (reader->kind != Kind::receive) {
    if (descriptor.ended || descriptor.error != 0) tell_readable(descriptor);
    return;
  }
  if (take_received(*reader)) return end(descriptor.reader, reader->result);
  start_receive(number, ran_out && !can_grow_);
}

}  // namespace rondo::detail
