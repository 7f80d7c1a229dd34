// Behind thousands of others a request waits until nothing of it is in the processor's caches any
// more. Between the moment when a place is free for it and that in which it goes on, it comes back.

#include "rondo/http/hop_turn.hpp"

#include <cstddef>

#include "rondo/base/prefetch.hpp"
#include "rondo/http/hop_exchange.hpp"
#include "rondo/http/request.hpp"
#include "rondo/runtime/fiber.hpp"

namespace rondo::http {

void HopTurn::wake() noexcept {
  constexpr std::size_t kFrame = 1280;  // of its coroutine, as far as it is needed
  prefetch<kFrame>(fiber().frame());
  prefetch<sizeof(Request)>(&request_);
  PoolTurn::wake();
}

bool HopTurn::await_resume() {
  return hop_.take_turn(PoolTurn::await_resume());
}

}  // namespace rondo::http
