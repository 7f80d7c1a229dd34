#pragma once
// Suites of requests in a session whose network is a `MemoryServer`, under a virtual clock.

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <string>
#include <utility>

#include "rondo/testing/virtual_time.hpp"

#include "tests/http/memory_server.hpp"
#include "tests/support/each_backend.hpp"

namespace rondo::http::test {

using Core = std::shared_ptr<SessionCore>;
using Body = std::function<Task<>(Core)>;

inline Task<> with_server(MemoryServer::Log& log, Behaviour behaviour, Body body,
                          PoolLimits limits) {
  co_await with_task_group([&](TaskGroup& group) -> Task<> {
    auto source = std::make_unique<MemoryServer>(group, log, behaviour);
    const Core core = make_core(get_running_loop(), std::move(source), limits);
    co_await body(core);
    EXPECT_EQ(core->pool->active(), 0U) << "every place is given back";
    core->pool->close();
    group.cancel();
  });
}

class ExchangeSuite : public rondo::test::EachBackend {
 protected:
  /// Runs `body` in a session whose server does as `behaviour` says.
  void session(Behaviour behaviour, Body body, PoolLimits limits = {}) {
    run(with_server(log_, std::move(behaviour), std::move(body), limits), {.time = &time_});
    EXPECT_EQ(log_.open, 0) << "every connection is closed";
  }

  /// The same with one answer to everything.
  void session(std::string answer, Body body, PoolLimits limits = {}) {
    const Behaviour same = [answer](const Received&) { return Reaction{.bytes = answer}; };
    session(same, std::move(body), limits);
  }

  [[nodiscard]] const std::vector<Received>& requests() const { return log_.requests; }

  testing::VirtualTime time_;
  MemoryServer::Log log_;
};

/// The error that `task` ends with.
template <class E, class T>
Task<E> failure_of(Task<T> task) {
  std::optional<E> error;
  try {
    co_await std::move(task);
  } catch (const E& caught) {
    error.emplace(caught);
  }
  if (!error) throw Error("the expected error was not thrown");
  co_return std::move(*error);
}

template <class E, rondo::detail::MovableAwaiter Awaiter>
Task<E> failure_of(Awaiter awaiter) {
  return failure_of<E>(rondo::detail::as_task(std::move(awaiter)));
}

}  // namespace rondo::http::test
