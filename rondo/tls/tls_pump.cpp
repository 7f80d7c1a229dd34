// Whenever an operation starts or ends, on either side, `run` lets the user's read and write go as
// far as they get, and starts what they then need on the lower stream, until that has to wait. Ends
// are reported after `run`: an end may start the next operation at once, when the user is another
// TLS stream on top of this one.

#include "rondo/tls/tls_pump.hpp"

#include <algorithm>
#include <cerrno>
#include <new>
#include <span>
#include <string_view>

#include "rondo/base/error.hpp"
#include "rondo/runtime/cancel_scope.hpp"
#include "rondo/runtime/event_loop.hpp"

namespace rondo::tls::detail {
namespace {

using Status = TlsEngine::Status;

/// The most that a record holds (RFC 8446 §5.1).
constexpr std::size_t kRecordSize = std::size_t{16} * 1024;

/// How much is encrypted before it is sent.
constexpr std::size_t kSendSize = 4 * kRecordSize;

/// How much memory for output an idle connection may keep.
constexpr std::size_t kKeptOutput = 1024;

/// How many receives a question whether the stream is quiet may make.
constexpr int kMaxQuietReceives = 8;

/// The result of an operation that failed by TLS, not by the lower stream.
constexpr std::int64_t kTlsFailure = -EPROTO;

bool is_used_up(const Operation& write) noexcept {
  return write.parts[0].empty() && write.parts[1].empty();
}

/// The next record's worth of what is to be written; put together in `gathered` where it has a bit
/// of both parts.
std::string_view next_record(const Operation& write, std::span<char, kRecordSize> gathered) {
  const auto& [first, second] = write.parts;
  if (first.empty()) return second.substr(0, kRecordSize);
  if (second.empty() || first.size() >= kRecordSize) return first.substr(0, kRecordSize);
  const std::size_t size = first.copy(gathered.data(), first.size());
  return {gathered.data(), size + second.copy(gathered.data() + size, kRecordSize - size)};
}

void advance(Operation& write, std::size_t count) noexcept {
  write.result += static_cast<std::int64_t>(count);
  for (auto& part : write.parts) {
    const std::size_t taken = std::min(count, part.size());
    part.remove_prefix(taken);
    count -= taken;
  }
}

}  // namespace

TlsPump::Inner::Inner(TlsPump& owner, Kind kind_of_operation) noexcept
    : Operation(&TlsPump::on_end), pump(owner) {
  kind = kind_of_operation;
  if (kind != Kind::receive) return;
  find_room = [](Operation& receive) noexcept {
    return static_cast<Inner&>(receive).pump.engine_.input_space().data();
  };
  size = TlsEngine::kInputSize;
}

Task<> TlsPump::shake_hands() {
  while (true) {
    const Status status = engine_.handshake();
    if (status == Status::done && engine_.is_client()) {
      get_running_loop().make_ready(last_flight_);
      break;
    }
    co_await send_flight(engine_.take_output());
    if (status == Status::failed) engine_.throw_failure();
    if (status == Status::done) break;
    const std::span<char> space = engine_.input_space();
    if (space.empty()) throw std::bad_alloc();
    const std::size_t count = co_await lower_->read(space);
    if (count == 0) {
      engine_.end_input();
    } else {
      engine_.received(count);
    }
  }
  engine_.release_input();
}

void TlsPump::LastFlight::run() noexcept {
  pump.run();
  pump.report();
}

Task<> TlsPump::send_flight(std::string flight) {
  if (flight.empty()) co_return;
  try {
    co_await lower_->write(flight);
  } catch (const Error&) {
    // What goes out last is an alert, to a peer that may have gone: the failure itself says more.
    if (!engine_.has_failed()) throw;
  }
}

bool TlsPump::start(Operation& operation) noexcept {
  Outer& outer = operation.kind == Operation::Kind::receive ? reader_ : writer_;
  operation.result = 0;
  const bool is_late = is_closed_ && &outer == &writer_ && !is_used_up(operation);
  if (outer.operation != nullptr || is_late) {
    operation.result = is_late ? -EPIPE : -EBUSY;
    return true;
  }
  outer = {.operation = &operation};
  run();
  const bool has_ended = outer.has_ended;
  if (has_ended) outer = {};
  report();
  return has_ended;
}

void TlsPump::stop(Operation& operation) noexcept {
  for (Outer* outer : {&reader_, &writer_}) {
    if (outer->operation != &operation) continue;
    outer->is_stopped = true;
    stop_inner(outer == &reader_ ? receive_ : send_);
    run();
    report();
    return;
  }
}

void TlsPump::stop_inner(Inner& inner) noexcept {
  if (!inner.is_pending || inner.is_stopped) return;
  inner.is_stopped = true;
  lower_->stop(inner);
}

void TlsPump::throw_if_tls_failed(const Operation& operation) const {
  if (operation.result == kTlsFailure && engine_.has_failed()) engine_.throw_failure();
}

void TlsPump::run() noexcept {
  runs_again_ = true;
  if (is_running_) return;
  is_running_ = true;
  while (std::exchange(runs_again_, false)) {
    if (reader_.operation != nullptr && !reader_.has_ended) reader_.has_ended = advance_read();
    if (writer_.operation != nullptr && !writer_.has_ended) writer_.has_ended = advance_write();
    if (wants_input()) begin_receive();
    begin_send();
  }
  if (!receive_.is_pending) engine_.release_input();
  is_running_ = false;
}

void TlsPump::report() noexcept {
  if (is_running_) return;  // whoever runs it reports afterwards
  for (Outer* outer : {&reader_, &writer_}) {
    if (!outer->has_ended) continue;
    Operation& ended = *std::exchange(*outer, {}).operation;
    ended.complete(ended.result);
  }
  if (is_idle()) idle_.wake_all();
}

bool TlsPump::advance_read() noexcept {
  if (receive_.is_pending && !engine_.has_failed()) return false;
  Operation& read = *reader_.operation;
  std::size_t count = 0;
  const bool must_wait = read.size > 0 && engine_.is_empty();
  if (!must_wait && !read.has_room()) return true;
  const Status status =
      must_wait ? Status::wants_input : engine_.read({read.data, read.size}, count);
  read.result = static_cast<std::int64_t>(count);
  if (count > 0 || status == Status::done || status == Status::closed) return true;
  if (status == Status::failed) {
    read.result = kTlsFailure;
    return true;
  }
  read.result = reader_.is_stopped ? -ECANCELED : input_error_;
  return read.result != 0;
}

bool TlsPump::advance_write() noexcept {
  Operation& write = *writer_.operation;
  if (send_.is_pending) return false;
  if (output_error_ != 0) {
    write.result = writer_.is_stopped ? -ECANCELED : output_error_;
    return true;
  }
  const bool goes_on = !writer_.is_stopped || is_used_up(write);
  const Status status = goes_on ? encrypt(write) : Status::wants_input;
  writer_wants_input_ = status == Status::wants_input && goes_on;
  if (status == Status::failed) {
    write.result = kTlsFailure;
    return true;
  }
  if (engine_.has_output()) return false;
  if (is_used_up(write)) return true;
  write.result = writer_.is_stopped ? -ECANCELED : input_error_;
  return write.result != 0;
}

TlsEngine::Status TlsPump::encrypt(Operation& write) noexcept {
  char gathered[kRecordSize];
  while (!is_used_up(write) && engine_.output_size() < kSendSize) {
    const std::string_view record = next_record(write, gathered);
    const Status status = engine_.write(record);
    if (status != Status::done) return status;
    advance(write, record.size());
  }
  return Status::done;
}

bool TlsPump::wants_input() const noexcept {
  if (receive_.is_pending || input_error_ != 0) return false;
  const bool reads = reader_.operation != nullptr && !reader_.has_ended && !reader_.is_stopped;
  const bool writes = writer_.operation != nullptr && !writer_.has_ended;
  return reads || (writes && writer_wants_input_);
}

/// A connection that waits holds no memory for what is to come.
void TlsPump::begin_receive() noexcept {
  receive_.data = nullptr;
  begin(receive_);
}

void TlsPump::begin_send() noexcept {
  if (send_.is_pending || output_error_ != 0 || !engine_.has_output()) return;
  engine_.take_output(sending_);
  send_.parts = {sending_, {}};
  begin(send_);
}

void TlsPump::begin(Inner& inner) noexcept {
  inner.is_stopped = false;
  inner.is_pending = true;
  if (!lower_->start(inner)) return;
  inner.is_pending = false;
  take_result(inner);
  runs_again_ = true;
}

void TlsPump::on_end(Operation& operation) noexcept {
  auto& inner = static_cast<Inner&>(operation);
  inner.is_pending = false;
  inner.pump.take_result(inner);
  inner.pump.run();
  inner.pump.report();
}

void TlsPump::take_result(const Inner& inner) noexcept {
  const bool was_cancelled = inner.is_stopped && inner.result == -ECANCELED;
  if (&inner == &send_) {
    sending_.clear();  // small ones are written again and again with the same memory
    if (sending_.capacity() > kKeptOutput) sending_ = {};
    // Half a record may be out: nothing can follow it.
    if (inner.result < 0) output_error_ = was_cancelled ? -EPIPE : inner.result;
  } else if (inner.result > 0) {
    engine_.received(static_cast<std::size_t>(inner.result));
  } else if (inner.result == 0) {
    engine_.end_input();
  } else if (!was_cancelled) {
    input_error_ = inner.result;
  }
}

bool TlsPump::is_quiet() noexcept {
  const bool is_in_use = reader_.operation != nullptr || writer_.operation != nullptr;
  if (is_in_use || !is_idle() || is_closed_ || is_broken()) return false;
  if (engine_.is_empty() && lower_->is_quiet()) return true;
  bool lower_is_quiet = false;
  for (int receives = 0; receives < kMaxQuietReceives && engine_.is_quiet(); ++receives) {
    lower_is_quiet = lower_->is_quiet();
    if (lower_is_quiet) break;
    begin_receive();
    stop_inner(receive_);
    if (receive_.is_pending || input_error_ != 0) break;
  }
  run();
  return lower_is_quiet && is_idle() && !is_broken();
}

void TlsPump::close() noexcept {
  if (!is_closed_) engine_.close();
  is_closed_ = true;
}

void TlsPump::abandon() noexcept {
  if (input_error_ == 0) input_error_ = -ECANCELED;
  if (output_error_ == 0) output_error_ = -ECANCELED;
}

bool TlsPump::stop_all() noexcept {
  stop_inner(receive_);
  stop_inner(send_);
  return is_idle();
}

Task<> TlsPump::ended() {
  const CancelScope shielded(CancelScope::Shield::yes);
  while (!is_idle()) co_await idle_.wait();
}

}  // namespace rondo::tls::detail
