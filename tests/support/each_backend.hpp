#pragma once
// Suites that run once on each back end of the loop.
//
//   class TcpTest : public rondo::test::EachBackend {};
//   RONDO_ON_EACH_BACKEND(TcpTest);
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

/// epoll, poll, and io_uring where the system lets us have it.
#define RONDO_ON_EACH_BACKEND(suite)                                                \
  INSTANTIATE_TEST_SUITE_P(, suite, ::testing::ValuesIn(::rondo::test::backends()), \
                           ::rondo::test::backend_name)
