#pragma once
// Suites that run once on each back end of the loop.
//
//   class TcpTest : public rondo::test::EachBackend {};
//   RONDO_ON_ALL_BACKENDS(TcpTest);
//   TEST_P(TcpTest, ConnectsToAListener) { run(...); }   // .../epoll, .../poll, .../io_uring

#include <gtest/gtest.h>

#include <string>
#include <utility>

#include "rondo/runtime/event_loop.hpp"
#include "rondo/runtime/run.hpp"

#include "tests/support/backends.hpp"

namespace rondo::test {

class EachBackend : public ::testing::TestWithParam<Backend> {
 protected:
  /// `rondo::run` on the back end under test; the loop must confirm that it is the one.
  template <class T>
  T run(Task<T> main, RunOptions options = {}) {
    options.backend = GetParam();
    return rondo::run(confirm(name_of(GetParam()), std::move(main)), std::move(options));
  }

  [[nodiscard]] static RunOptions options() { return {.backend = GetParam()}; }

 private:
  template <class T>
  static Task<T> confirm(std::string name, Task<T> main) {
    EXPECT_EQ(get_running_loop().backend(), name);
    co_return co_await std::move(main);
  }
};

}  // namespace rondo::test

#define RONDO_ON_BACKENDS(suite, ...) \
  INSTANTIATE_TEST_SUITE_P(, suite, __VA_ARGS__, rondo::test::backend_name)

/// epoll and poll.
#define RONDO_ON_EACH_BACKEND(suite) \
  RONDO_ON_BACKENDS(suite, ::testing::Values(rondo::Backend::epoll, rondo::Backend::poll))

/// io_uring too, where the system lets us have it.
#define RONDO_ON_ALL_BACKENDS(suite) \
  RONDO_ON_BACKENDS(suite, ::testing::ValuesIn(rondo::test::backends()))
