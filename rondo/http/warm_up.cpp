// Each connection goes back into the pool as soon as it is there, so that a request need not wait
// for the others.

#include "rondo/http/warm_up.hpp"

#include <algorithm>
#include <exception>
#include <optional>
#include <vector>

#include "rondo/http/errors.hpp"
#include "rondo/http/failures.hpp"
#include "rondo/http/pool.hpp"
#include "rondo/http/stage.hpp"
#include "rondo/runtime/gather.hpp"
#include "rondo/runtime/timeout.hpp"

namespace rondo::http {
namespace {

std::size_t within(std::size_t count, std::size_t limit) noexcept {
  return limit == 0 ? count : std::min(count, limit);
}

Task<> open_one(SessionCore& core, const Request& request, RouteView route) {
  Stage stage;
  auto acquiring = core.pool->acquire(route, true, request.timeout.sock_connect, stage);
  if (request.timeout.connect) {
    acquiring = timeout(*request.timeout.connect, std::move(acquiring));
  }
  try {
    const Lease lease = co_await std::move(acquiring);
  } catch (const Error&) {
    throw_connect_error(std::current_exception(), {request.url.without_credentials(), stage.phase});
  }
}

}  // namespace

Task<std::size_t> warm_up(std::shared_ptr<SessionCore> core, Request request, std::size_t count) {
  const auto detour = core->detour_for(request);
  const RouteView route = route_to(request.url, detour.get());
  const PoolLimits& limits = core->pool->limits();
  if (limits.keep_alive <= Clock::duration::zero()) co_return 0;
  const std::size_t wanted = within(within(count, limits.total), limits.per_host);
  const std::size_t there = core->pool->connections(route);
  if (there >= wanted) co_return 0;
  std::vector<Task<>> opening;
  for (std::size_t i = there; i < wanted; ++i) opening.push_back(open_one(*core, request, route));
  const std::size_t opened = opening.size();
  co_await gather(std::move(opening));
  co_return opened;
}

}  // namespace rondo::http
