#pragma once
// The connections of a session: how many there may be, who waits for one, which are kept.

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <source_location>
#include <unordered_map>

#include "rondo/base/intrusive_list.hpp"
#include "rondo/base/long_lived.hpp"
#include "rondo/http/connection.hpp"
#include "rondo/http/connection_statistics.hpp"
#include "rondo/http/pool_turn.hpp"
#include "rondo/http/route.hpp"
#include "rondo/http/stage.hpp"
#include "rondo/runtime/event_loop.hpp"
#include "rondo/runtime/wait_queue.hpp"

namespace rondo::http {

/// Opens connections; what the pool does not know about.
class ConnectionSource {
 public:
  virtual ~ConnectionSource() = default;

  /// A new connection along `route`; notes the phases `resolve`, `connect` and `tls`, and their
  /// times. Throws what stands in its way.
  virtual Task<std::unique_ptr<Connection>> connect(const Route& route, Stage& stage) = 0;

  /// Adds what only the source knows.
  virtual void report([[maybe_unused]] ConnectionStatistics& statistics) const noexcept {}
};

struct PoolLimits {
  std::size_t total = 100;   ///< connections in use at a time; 0: no limit
  std::size_t per_host = 0;  ///< the same for each route; 0: no limit
  Clock::duration keep_alive =
      std::chrono::seconds(15);  ///< how long an idle connection is kept; 0: not at all
};

namespace detail {

struct IdleInRoute;
struct IdleByAge;
struct EligibleRoute;
struct PooledConnection;

/// What the pool knows of one route.
struct PooledRoute : ListElement<EligibleRoute> {
  explicit PooledRoute(Route where) : route(std::move(where)) {}

  Route route;
  std::size_t active = 0;
  std::size_t kept = 0;  // the size of `idle`
  rondo::detail::WaitQueue waiting;
  IntrusiveList<PooledConnection, IdleInRoute> idle;  // the one used last in front
};

struct PooledConnection : ListElement<IdleInRoute>, ListElement<IdleByAge>, LongLived {
  std::unique_ptr<Connection> connection;
  PooledRoute* route = nullptr;
  Clock::time_point idle_since;
  bool is_unread = false;  // its response was dropped before its end
};

}  // namespace detail

class Lease;

/// Hands connections out, each to one request at a time, and keeps those that can be used again.
/// Loop thread only. Who has to wait is served in order within a route, and routes take turns, so
/// that a busy one does not starve the others; a waiter that is cancelled takes no place with it.
class Pool final : public std::enable_shared_from_this<Pool>,
                   private rondo::detail::LoopResident,
                   private rondo::detail::Timer {
 public:
  /// How long the orderly end of a connection may take.
  static constexpr std::chrono::seconds kShutDownLimit{2};

  /// `owner_site` is where the session was made that the pool belongs to.
  Pool(EventLoop& loop, std::unique_ptr<ConnectionSource> source, PoolLimits limits,
       std::source_location owner_site = std::source_location::current());
  ~Pool();

  /// Waits for the right to use a connection along `view`, in the phase `queue`; see `PoolTurn`.
  [[nodiscard]] PoolTurn enter(const RouteView& view, Stage& stage,
                               const TotalLimit* limit = nullptr) {
    return PoolTurn(*this, view, stage, limit);
  }

  /// For who has a place: an idle connection that is still alive, which takes the place over, or
  /// none.
  Lease take_idle(PoolPlace& place, const Stage& stage) noexcept;

  /// For who has a place: a new connection. One that takes longer than `connect_limit` is a
  /// `TimeoutError`.
  Task<Lease> open(PoolPlace place, std::optional<Clock::duration> connect_limit, Stage& stage);

  /// All of that: an idle connection, unless `fresh`, or a new one.
  Task<Lease> acquire(RouteView view, bool fresh, std::optional<Clock::duration> connect_limit,
                      Stage& stage);

  /// An idle connection along `view` that is still alive, when it can be had without waiting and
  /// without overtaking anybody; otherwise none: then `acquire` is the way.
  Lease acquire_idle(const RouteView& view, Stage& stage);

  /// Closes the idle connections, and from now on those that come back. In the background; the loop
  /// waits for it.
  void close() noexcept;

  [[nodiscard]] bool is_closed() const noexcept { return is_closed_; }
  [[nodiscard]] const std::source_location& owner_site() const noexcept { return owner_site_; }
  [[nodiscard]] std::size_t active() const noexcept { return active_; }
  [[nodiscard]] std::size_t idle() const noexcept { return idle_; }
  [[nodiscard]] ConnectionStatistics statistics() const noexcept;
  [[nodiscard]] const PoolLimits& limits() const noexcept { return limits_; }

  /// Connections along `view` that are in use or kept.
  [[nodiscard]] std::size_t connections(const RouteView& view) const noexcept;

 private:
  friend class Lease;
  friend class PoolPlace;
  friend class PoolTurn;
  using PooledRoute = detail::PooledRoute;
  using PooledConnection = detail::PooledConnection;

  PooledRoute* find_route(const RouteView& view) noexcept;
  PooledRoute& route_for(const RouteView& view);
  [[nodiscard]] bool may_enter(const PooledRoute& route) const noexcept;
  [[nodiscard]] bool has_room() const noexcept;
  [[nodiscard]] bool has_room(const PooledRoute& route) const noexcept;
  void take_place(PooledRoute& route);
  void leave(PooledRoute& route) noexcept;
  void admit() noexcept;
  void mark_eligible(PooledRoute& route) noexcept;
  void forget_if_unused(PooledRoute& route) noexcept;

  Lease lease_idle(PoolPlace& place, const Stage& stage) noexcept;
  std::unique_ptr<PooledConnection> take_idle(PooledRoute& route) noexcept;
  std::unique_ptr<PooledConnection> remove_idle(PooledConnection& connection) noexcept;
  void put_back(std::unique_ptr<PooledConnection> connection) noexcept;
  void count_closed(const PooledConnection& connection) noexcept;
  void make_room_for_new() noexcept;
  void discard(std::unique_ptr<Connection> connection) noexcept;
  void close_expired() noexcept;
  void on_loop_exit(rondo::detail::ExitReport& report) noexcept override;

  EventLoop* loop_;
  LoopReference handle_;
  std::unique_ptr<ConnectionSource> source_;
  PoolLimits limits_;
  std::source_location owner_site_;
  std::unordered_map<Route, std::unique_ptr<PooledRoute>, RouteHash, RouteEqual> routes_;
  IntrusiveList<PooledRoute, detail::EligibleRoute> eligible_;  // have waiters, and room for them
  IntrusiveList<PooledConnection, detail::IdleByAge> by_age_;   // idle ones, the oldest in front
  PooledRoute* last_route_ = nullptr;  // the one asked for last: most requests ask again
  std::size_t active_ = 0;
  std::shared_ptr<Pool> self_;  // while one is active: leases outlive the session
  std::size_t idle_ = 0;
  ConnectionStatistics counters_;  // but for what is counted elsewhere
  bool is_closed_ = false;
};

/// A connection that belongs to one request. Going out of scope gives it back, or closes it when it
/// cannot be used again.
class Lease {
 public:
  Lease() noexcept = default;
  Lease(Lease&&) noexcept = default;
  Lease& operator=(Lease&& other) noexcept {
    Lease moved(std::move(other));
    std::swap(pool_, moved.pool_);
    std::swap(connection_, moved.connection_);
    std::swap(is_reused_, moved.is_reused_);
    return *this;
  }
  ~Lease() {
    if (connection_ != nullptr) release();
  }

  [[nodiscard]] Connection& operator*() const noexcept { return *connection_->connection; }
  [[nodiscard]] Connection* operator->() const noexcept { return connection_->connection.get(); }
  explicit operator bool() const noexcept { return connection_ != nullptr; }

  /// Whether other requests have used the connection before.
  [[nodiscard]] bool is_reused() const noexcept { return is_reused_; }

  /// Where the session was made that it comes from; nowhere for one without a connection.
  [[nodiscard]] std::source_location owner_site() const noexcept {
    return connection_ == nullptr ? std::source_location() : pool_->owner_site();
  }

  /// Gives the connection back now.
  void release() noexcept;

  /// The response is dropped before its end: what becomes of the connection is counted as such.
  void mark_unread() const noexcept {
    if (connection_) connection_->is_unread = true;
  }

 private:
  friend class Pool;
  Lease(Pool& pool, std::unique_ptr<detail::PooledConnection> connection, bool is_reused) noexcept
      : pool_(&pool), connection_(std::move(connection)), is_reused_(is_reused) {}

  Pool* pool_ = nullptr;  // is there as long as a connection of it is in use
  std::unique_ptr<detail::PooledConnection> connection_;
  bool is_reused_ = false;
};

}  // namespace rondo::http
