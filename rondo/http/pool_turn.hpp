#pragma once
// Waiting for a place among the connections of a pool that may be in use.

#include <coroutine>
#include <utility>

#include "rondo/http/total_limit.hpp"
#include "rondo/runtime/clock.hpp"
#include "rondo/runtime/timer_wheel.hpp"
#include "rondo/runtime/wait_queue.hpp"

namespace rondo::http {

class Pool;
struct RouteView;
struct Stage;

namespace detail {
struct PooledRoute;
}

/// The right to use one connection along a route. Given back when it goes out of scope, unless a
/// lease has taken it over.
class PoolPlace {
 public:
  PoolPlace() noexcept = default;
  PoolPlace(PoolPlace&& other) noexcept
      : pool_(std::exchange(other.pool_, nullptr)), route_(other.route_) {}
  PoolPlace& operator=(PoolPlace&& other) noexcept {
    PoolPlace moved(std::move(other));
    std::swap(pool_, moved.pool_);
    std::swap(route_, moved.route_);
    return *this;
  }
  ~PoolPlace() {
    if (pool_ != nullptr) give_back();
  }

  explicit operator bool() const noexcept { return pool_ != nullptr; }

 private:
  friend class Pool;
  friend class PoolTurn;
  PoolPlace(Pool& pool, detail::PooledRoute& route) noexcept : pool_(&pool), route_(&route) {}
  void give_back() noexcept;
  void hand_over() noexcept { pool_ = nullptr; }

  Pool* pool_ = nullptr;  // is there as long as a place of it is taken
  detail::PooledRoute* route_ = nullptr;
};

/// The awaiter of `Pool::enter`: waits in the queue of its route. The pool and all that it is given
/// outlive it.
class PoolTurn : public rondo::detail::WaitPlace, private rondo::detail::Timer {
 public:
  /// Without `limit` the wait has no end.
  PoolTurn(Pool& pool, const RouteView& view, Stage& stage, const TotalLimit* limit);
  ~PoolTurn() override { stop_counting(); }

  bool await_ready();
  template <class P>
  bool await_suspend(std::coroutine_handle<P> frame) noexcept {
    const bool waits = WaitPlace::await_suspend(frame);
    begin_wait(waits);
    return waits;
  }

  /// No place: the limit has passed. Throws `Cancelled`.
  PoolPlace await_resume();

  void cancel() noexcept override;

 protected:
  void wake() noexcept override;

 private:
  PoolTurn(Pool& pool, detail::PooledRoute& route, Stage& stage, const TotalLimit* limit);
  void begin_wait(bool waits) noexcept;
  void stop_counting() noexcept;
  static void expire(Timer& timer) noexcept;

  Pool& pool_;
  detail::PooledRoute& route_;  // once the wait was cancelled, it may be gone
  Stage& stage_;
  const TotalLimit* limit_;
  Clock::time_point arrived_;
  bool is_counted_ = false;  // among those who wait
  bool has_expired_ = false;
};

}  // namespace rondo::http
