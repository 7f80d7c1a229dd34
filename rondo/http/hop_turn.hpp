#pragma once
// What a hop waits for when all connections are in use.

#include "rondo/http/pool_turn.hpp"

namespace rondo::http {

class HopExchange;
struct Request;

/// The awaiter of `HopExchange::turn`.
class HopTurn final : public PoolTurn {
 public:
  HopTurn(HopExchange& hop, const Request& request, Pool& pool, const RouteView& view, Stage& stage,
          const TotalLimit* limit)
      : PoolTurn(pool, view, stage, limit), hop_(hop), request_(request) {}

  /// Whether the hop has a connection now.
  bool await_resume();

 private:
  void wake() noexcept override;

  HopExchange& hop_;
  const Request& request_;  // here, as the hop itself has to be fetched first
};

}  // namespace rondo::http
