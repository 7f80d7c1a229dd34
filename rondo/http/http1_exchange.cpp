// One operation is the write first and the receive then.

#include "rondo/http/http1_exchange.hpp"

#include <cstddef>
#include <exception>
#include <optional>
#include <string_view>

#include "rondo/base/error.hpp"
#include "rondo/base/prefetch.hpp"
#include "rondo/http/hop.hpp"
#include "rondo/http/http1_connection.hpp"
#include "rondo/http/request.hpp"

namespace rondo::http {

Http1Exchange::Http1Exchange(const Context& context, bool is_usual)
    : ReceiveAwaiter(context.transport.stream(), context.transport.progress_,
                     &Http1Exchange::on_end),
      context_(context),
      is_usual_(is_usual) {
  if (!is_usual) return;
  kind = Kind::send;
  parts[0] = context.hop.head;
  if (context.hop.body != nullptr) parts[1] = *context.hop.body->bytes();
  receive_into(context.transport.buffer(), context.transport.answer_room());
  find_room = &Http1Exchange::prepare_for_answer;
  context.transport.begin(context.hop);
}

/// The answer has come. Of what its fiber is about to look at, much has left the processor's cache
/// where many requests wait; it comes back while the kernel hands the answer over.
char* Http1Exchange::prepare_for_answer(Operation& operation) noexcept {
  constexpr std::size_t kFrame = 832;  // of its coroutine, in front of this
  const auto& exchange = static_cast<Http1Exchange&>(operation);
  const Context& context = exchange.context_;
  prefetch<kFrame>(reinterpret_cast<const char*>(&exchange) - kFrame);
  prefetch<kCacheLine>(exchange.fiber());
  prefetch<sizeof(Http1Connection)>(&context.connection);
  prefetch<2 * kCacheLine>(&exchange.stream());
  if (context.hop.request != nullptr) prefetch<sizeof(Request)>(context.hop.request);
  return prepare_buffer(operation);
}

bool Http1Exchange::start(Operation& operation) {
  return StreamAwaiter::start(operation) && receive();
}

/// The write has ended; goes on to the receive, and says whether that has ended as well.
bool Http1Exchange::receive() {
  if (result < 0) return true;
  context_.connection.note_sent(context_.hop, context_.stage);
  kind = Kind::receive;
  return StreamAwaiter::start(*this);
}

void Http1Exchange::on_end(Operation& operation) noexcept {
  auto& exchange = static_cast<Http1Exchange&>(operation);
  const bool is_written = exchange.kind == Kind::send && !exchange.was_cancelled();
  if (is_written && !exchange.receive()) {
    exchange.limit_wait();
  } else {
    on_complete(operation);
  }
}

/// What is sent or received now waits no longer than the piece and the whole request may take.
void Http1Exchange::limit_wait() noexcept {
  const Hop& hop = context_.hop;
  constexpr std::optional<Clock::duration> kWhileSending;
  ReceiveAwaiter::limit_wait(kind == Kind::receive ? hop.read_limit : kWhileSending,
                             hop.total_limit);
}

bool Http1Exchange::await_resume() {
  if (!is_usual_) return false;
  if (kind == Kind::send) {
    note_unreceived();
    return false;
  }
  if (const void* caller = fiber()->callers_frame()) prefetch<2 * kCacheLine>(caller);
  context_.connection.require_answer(ReceiveAwaiter::await_resume());
  return true;
}

/// The write has failed, or was cancelled, perhaps when all had left.
void Http1Exchange::note_unreceived() {
  end_limit();
  try {
    static_cast<void>(transferred());
    context_.connection.note_sent(context_.hop, context_.stage);
  } catch (const Error&) {
    context_.connection.write_error_ = std::current_exception();
  }
}

}  // namespace rondo::http
