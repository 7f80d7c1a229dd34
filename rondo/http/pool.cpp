// A place is one of the `total` connections that may be in use; who has one either takes an idle
// connection or opens a new one. Waiters queue by route. A route is eligible while it has waiters
// and is below its own limit; places that become free go round the eligible routes, one waiter
// each. Idle connections hold no place, but open ones are never more than `total`: the one that has
// been idle for longest makes room.

#include "rondo/http/pool.hpp"

#include <utility>

#include "rondo/http/request_trace.hpp"
#include "rondo/runtime/exit_report.hpp"
#include "rondo/runtime/source_site.hpp"
#include "rondo/runtime/timeout.hpp"

namespace rondo::http {
namespace {

/// A shut-down that fails or takes too long is as good as any: the connection ends with it.
Task<> end_in_order(std::unique_ptr<Connection> connection) {
  try {
    co_await timeout(Pool::kShutDownLimit, connection->shut_down());
  } catch (const std::exception&) {
    co_return;
  }
}

}  // namespace

using rondo::detail::Timer;

Pool::Pool(EventLoop& loop, std::unique_ptr<ConnectionSource> source, PoolLimits limits,
           std::source_location owner_site)
    : Timer([](Timer& timer) noexcept { static_cast<Pool&>(timer).close_expired(); }),
      loop_(&loop),
      handle_(loop.reference()),
      source_(std::move(source)),
      limits_(limits),
      owner_site_(owner_site) {
  loop.add_resident(*this);
}

Pool::~Pool() {
  close();
}

bool Pool::may_enter(const PooledRoute& route) const noexcept {
  return has_room() && has_room(route) && route.waiting.empty() && eligible_.empty();
}

bool Pool::has_room() const noexcept {
  return limits_.total == 0 || active_ < limits_.total;
}

bool Pool::has_room(const PooledRoute& route) const noexcept {
  return limits_.per_host == 0 || route.active < limits_.per_host;
}

Pool::PooledRoute* Pool::find_route(const RouteView& view) noexcept {
  if (last_route_ == nullptr || RouteView(last_route_->route) != view) {
    const auto known = routes_.find(view);
    if (known == routes_.end()) return nullptr;
    last_route_ = known->second.get();
  }
  return last_route_;
}

Pool::PooledRoute& Pool::route_for(const RouteView& view) {
  if (PooledRoute* known = find_route(view)) return *known;
  Route route(view);
  auto pooled = std::make_unique<PooledRoute>(route);
  return *routes_.emplace(std::move(route), std::move(pooled)).first->second;
}

Lease Pool::acquire_idle(const RouteView& view, Stage& stage) {
  PooledRoute* route = find_route(view);
  if (route == nullptr || !may_enter(*route)) return {};
  stage.phase = Phase::queue;
  take_place(*route);
  PoolPlace place(*this, *route);
  return lease_idle(place, stage);
}

Lease Pool::take_idle(PoolPlace& place, const Stage& stage) noexcept {
  return lease_idle(place, stage);
}

// In line in both: one is part of each request.
inline Lease Pool::lease_idle(PoolPlace& place, const Stage& stage) noexcept {
  auto connection = take_idle(*place.route_);
  if (!connection) return {};
  if (stage.trace != nullptr) stage.trace->on_connection_reuseconn();
  ++counters_.reused;
  place.hand_over();
  return Lease(*this, std::move(connection), true);
}

Task<Lease> Pool::acquire(RouteView view, bool fresh, std::optional<Clock::duration> connect_limit,
                          Stage& stage) {
  PoolPlace place = co_await enter(view, stage);
  Lease lease = fresh ? Lease() : take_idle(place, stage);
  if (!lease) lease = co_await open(std::move(place), connect_limit, stage);
  co_return lease;
}

Task<Lease> Pool::open(PoolPlace place, std::optional<Clock::duration> connect_limit,
                       Stage& stage) {
  PooledRoute& route = *place.route_;
  make_room_for_new();
  if (stage.trace != nullptr) stage.trace->on_connection_create_start();
  auto connection = std::make_unique<PooledConnection>();
  connection->route = &route;
  ++counters_.failed;  // unless it comes to its end
  auto opening = source_->connect(route.route, stage);
  if (connect_limit) opening = timeout(*connect_limit, std::move(opening));
  connection->connection = co_await std::move(opening);
  if (stage.trace != nullptr) stage.trace->on_connection_create_end();
  --counters_.failed;
  ++counters_.opened;
  place.hand_over();
  co_return Lease(*this, std::move(connection), false);
}

void Pool::take_place(PooledRoute& route) {
  if (active_++ == 0) self_ = shared_from_this();
  ++route.active;
}

void Pool::leave(PooledRoute& route) noexcept {
  --active_;
  --route.active;
  if (!route.waiting.empty()) mark_eligible(route);
  if (!eligible_.empty()) admit();
  forget_if_unused(route);
  if (active_ == 0) self_.reset();
}

void Pool::mark_eligible(PooledRoute& route) noexcept {
  if (!route.is_linked() && has_room(route)) eligible_.push_back(route);
}

void Pool::admit() noexcept {
  while (has_room() && !eligible_.empty()) {
    PooledRoute& route = *eligible_.pop_front();
    if (!has_room(route) || !route.waiting.wake_one()) continue;
    take_place(route);
    mark_eligible(route);
  }
}

void Pool::forget_if_unused(PooledRoute& route) noexcept {
  const bool is_unused = route.active == 0 && route.waiting.empty() && route.idle.empty();
  if (!is_unused) return;
  if (last_route_ == &route) last_route_ = nullptr;
  routes_.erase(routes_.find(RouteView(route.route)));
}

std::unique_ptr<Pool::PooledConnection> Pool::take_idle(PooledRoute& route) noexcept {
  while (PooledConnection* candidate = route.idle.front()) {
    auto connection = remove_idle(*candidate);
    if (connection->connection->is_quiet()) return connection;
    ++counters_.closed.stale;
  }
  return nullptr;
}

std::unique_ptr<Pool::PooledConnection> Pool::remove_idle(PooledConnection& connection) noexcept {
  connection.ListElement<detail::IdleInRoute>::unlink();
  connection.ListElement<detail::IdleByAge>::unlink();
  --idle_;
  --connection.route->kept;
  return std::unique_ptr<PooledConnection>(&connection);
}

void Pool::put_back(std::unique_ptr<PooledConnection> connection) noexcept {
  PooledRoute& route = *connection->route;
  const bool is_kept = limits_.keep_alive > Clock::duration::zero() && !is_closed_;
  if (!is_kept || !connection->connection->is_reusable()) {
    count_closed(*connection);
    discard(std::move(connection->connection));
  } else {
    if (std::exchange(connection->is_unread, false)) ++counters_.drained;
    connection->connection->rest();
    connection->idle_since = loop_->now();
    ++idle_;
    ++route.kept;
    route.idle.push_front(*connection);
    // One that is set is not too late: when it comes, it looks how long the oldest has left.
    if (!Timer::is_linked()) loop_->schedule(*this, limits_.keep_alive);
    by_age_.push_back(*connection.release());
  }
  leave(route);
}

void Pool::count_closed(const PooledConnection& connection) noexcept {
  ClosedConnections& closed = counters_.closed;
  if (connection.is_unread) {
    ++closed.unread;
  } else {
    ++(is_closed_ ? closed.session : closed.spent);
  }
}

void Pool::make_room_for_new() noexcept {
  if (limits_.total == 0 || active_ + idle_ <= limits_.total) return;
  auto oldest = remove_idle(*by_age_.front());
  PooledRoute& route = *oldest->route;
  ++counters_.closed.evicted;
  discard(std::move(oldest->connection));
  forget_if_unused(route);
}

void Pool::discard(std::unique_ptr<Connection> connection) noexcept {
  // One that is given up in the middle of an exchange has nothing to say in good order.
  const bool ends_in_order = connection->needs_shut_down() && connection->is_reusable();
  EventLoop* loop = handle_.get();
  if (ends_in_order && loop != nullptr) {
    loop->finish_in_background(end_in_order(std::move(connection)));
  }
}

void Pool::close_expired() noexcept {
  while (PooledConnection* oldest = by_age_.front()) {
    const Clock::duration left = oldest->idle_since + limits_.keep_alive - loop_->now();
    if (left > Clock::duration::zero()) {
      loop_->schedule(*this, left);
      return;
    }
    auto expired = remove_idle(*oldest);
    ++counters_.closed.expired;
    discard(std::move(expired->connection));
    forget_if_unused(*expired->route);
  }
}

void Pool::close() noexcept {
  is_closed_ = true;
  Timer::unlink();
  while (PooledConnection* oldest = by_age_.front()) {
    auto connection = remove_idle(*oldest);
    ++counters_.closed.session;
    discard(std::move(connection->connection));
    forget_if_unused(*connection->route);
  }
}

ConnectionStatistics Pool::statistics() const noexcept {
  ConnectionStatistics statistics = counters_;
  statistics.active = active_;
  statistics.idle = idle_;
  source_->report(statistics);
  return statistics;
}

std::size_t Pool::connections(const RouteView& view) const noexcept {
  const auto known = routes_.find(view);
  return known == routes_.end() ? 0 : known->second->active + known->second->kept;
}

void Pool::on_loop_exit(rondo::detail::ExitReport& report) noexcept {
  if (!is_closed_) {
    report.add("ClientSession not closed: created at " + rondo::detail::to_string(owner_site_));
  }
  close();
}

void Lease::release() noexcept {
  if (connection_) pool_->put_back(std::move(connection_));
}

}  // namespace rondo::http
