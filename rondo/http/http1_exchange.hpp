#pragma once
// What a usual exchange waits for, without a coroutine frame of its own.

#include <coroutine>

#include "rondo/http/http1_receive.hpp"
#include "rondo/runtime/operation.hpp"

namespace rondo::http {

class Http1Connection;
class Http1Transport;
struct Hop;
struct Stage;

/// The awaiter of `Connection::begin_exchange`: sends a request that leaves in one write, and then
/// receives what comes first of the answer. The fiber sleeps once for both.
class Http1Exchange final : private ReceiveAwaiter {
 public:
  /// All of them outlive it.
  struct Context {
    Http1Connection& connection;
    Http1Transport& transport;
    Hop& hop;
    Stage& stage;
  };

  /// Unless `is_usual`, nothing is sent, and the await is over at once.
  Http1Exchange(const Context& context, bool is_usual);

  bool await_ready() const noexcept { return !is_usual_; }
  template <class P>
  bool await_suspend(std::coroutine_handle<P> frame) {
    const bool waits = StreamAwaiter::await_suspend(frame);
    if (waits) limit_wait();
    return waits;
  }

  /// Whether something of the answer has come.
  bool await_resume();

 private:
  bool start(Operation& operation) override;
  bool receive();
  void limit_wait() noexcept;
  void note_unreceived();
  static void on_end(Operation& operation) noexcept;
  static char* prepare_for_answer(Operation& operation) noexcept;

  Context context_;
  bool is_usual_;
};

}  // namespace rondo::http
