// The task owns what it works on; whoever started it holds the other end, through which it can be
// cancelled and its end be awaited.

#include "rondo/http/background_write.hpp"

#include <utility>

#include "rondo/runtime/cancel_scope.hpp"
#include "rondo/runtime/cancelled.hpp"
#include "rondo/runtime/wait_queue.hpp"

namespace rondo::http {

struct BackgroundWrite::State {
  std::shared_ptr<net::ByteStream> stream;
  OutgoingRequest request;
  CancelScope* scope = nullptr;  // while the write is under way
  bool is_given_up = false;
  bool has_ended = false;
  std::exception_ptr error;
  rondo::detail::WaitQueue waiting;
};

BackgroundWrite::BackgroundWrite(std::shared_ptr<net::ByteStream> stream, OutgoingRequest request)
    : state_(std::make_shared<State>()) {
  state_->stream = std::move(stream);
  state_->request = std::move(request);
  EventLoop& loop = get_running_loop();
  loop.add_resident(*this);
  loop.finish_in_background(write(state_));
}

BackgroundWrite::~BackgroundWrite() {
  give_up();
}

void BackgroundWrite::give_up() noexcept {
  if (std::exchange(state_->is_given_up, true)) return;
  state_->request.trace = nullptr;
  if (state_->scope != nullptr) state_->scope->cancel("nobody waits for the answer any more");
}

Task<> BackgroundWrite::write(std::shared_ptr<State> state) {
  if (!state->is_given_up) {
    CancelScope scope;
    state->scope = &scope;
    try {
      co_await write_request(*state->stream, state->request);
    } catch (const Cancelled&) {
      state->is_given_up = true;
    } catch (...) {
      state->error = std::current_exception();
    }
    state->scope = nullptr;
  }
  state->has_ended = true;
  state->waiting.wake_all();
}

Task<> BackgroundWrite::wait() {
  const auto state = state_;
  while (!state->has_ended) co_await state->waiting.wait();
}

bool BackgroundWrite::has_ended() const noexcept {
  return state_->has_ended;
}

bool BackgroundWrite::has_succeeded() const noexcept {
  return state_->has_ended && !state_->is_given_up && state_->error == nullptr;
}

const std::exception_ptr& BackgroundWrite::error() const noexcept {
  return state_->error;
}

}  // namespace rondo::http
