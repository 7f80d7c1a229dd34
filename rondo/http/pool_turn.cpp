// A waiter stands in the queue of its route, and knows by itself how long: no scope and no
// coroutine frame, for thousands of requests may stand there.

#include "rondo/http/pool_turn.hpp"

#include "rondo/http/pool.hpp"
#include "rondo/http/request_trace.hpp"
#include "rondo/runtime/event_loop.hpp"
#include "rondo/runtime/fiber.hpp"

namespace rondo::http {

void PoolPlace::give_back() noexcept {
  std::exchange(pool_, nullptr)->leave(*route_);
}

PoolTurn::PoolTurn(Pool& pool, const RouteView& view, Stage& stage, const TotalLimit* limit)
    : PoolTurn(pool, pool.route_for(view), stage, limit) {}

PoolTurn::PoolTurn(Pool& pool, detail::PooledRoute& route, Stage& stage, const TotalLimit* limit)
    : WaitPlace(route.waiting),
      Timer(&PoolTurn::expire),
      pool_(pool),
      route_(route),
      stage_(stage),
      limit_(limit),
      arrived_(pool.loop_->now()) {
  stage.phase = Phase::queue;
}

bool PoolTurn::await_ready() {
  pool_.admit();  // drops the routes whose waiters have all been cancelled
  if (!pool_.may_enter(route_)) return false;
  pool_.take_place(route_);
  return true;
}

void PoolTurn::begin_wait(bool waits) noexcept {
  if (!waits) return pool_.forget_if_unused(route_);
  is_counted_ = true;
  ++pool_.counters_.waiting;
  pool_.mark_eligible(route_);
  if (limit_ != nullptr) pool_.loop_->schedule_at(*this, limit_->deadline);
  if (stage_.trace != nullptr) stage_.trace->on_connection_queued_start();
}

void PoolTurn::stop_counting() noexcept {
  if (std::exchange(is_counted_, false)) --pool_.counters_.waiting;
}

void PoolTurn::cancel() noexcept {
  Timer::unlink();
  WaitPlace::cancel();
  pool_.forget_if_unused(route_);
}

void PoolTurn::wake() noexcept {
  Timer::unlink();
  WaitPlace::wake();
}

void PoolTurn::expire(Timer& timer) noexcept {
  auto& turn = static_cast<PoolTurn&>(timer);
  turn.has_expired_ = true;
  turn.fiber().interrupt();
}

PoolPlace PoolTurn::await_resume() {
  const bool has_waited = is_counted_;
  stop_counting();
  if (has_expired_ && !fiber().is_cancelled()) return {};
  WaitPlace::await_resume();
  // Whoever wakes a waiter has counted its place already.
  PoolPlace place(pool_, route_);
  stage_.timings.queued += pool_.loop_->now() - arrived_;
  if (has_waited && stage_.trace != nullptr) stage_.trace->on_connection_queued_end();
  return place;
}

}  // namespace rondo::http
