#pragma once
// Tests that run on every back end, under a virtual clock unless they ask for the real one.

#include <gtest/gtest.h>

#include <source_location>
#include <string>
#include <utility>
#include <vector>

#include "rondo/runtime/event_loop.hpp"
#include "rondo/runtime/run.hpp"
#include "rondo/testing/virtual_time.hpp"

#include "tests/support/backends.hpp"

namespace rondo {

/// To be derived from; `RONDO_ON_EACH_BACKEND` makes the two instances.
class OnEachBackend : public ::testing::TestWithParam<Backend> {
 protected:
  /// Virtual time; what is logged goes to `reports_`.
  RunOptions options() {
    RunOptions options = real_time_options();
    options.time = &time_;
    return options;
  }

  RunOptions real_time_options() {
    return {.backend = GetParam(),
            .log = [this](std::string_view report) { reports_.emplace_back(report); }};
  }

  /// `rondo::run` with `options()`.
  template <class T>
  T run(Task<T> main, std::source_location where = std::source_location::current()) {
    return rondo::run(std::move(main), options(), where);
  }

  testing::VirtualTime time_;
  std::vector<std::string> reports_;
};

}  // namespace rondo

#define RONDO_ON_EACH_BACKEND(Suite)                                                  \
  INSTANTIATE_TEST_SUITE_P(On, Suite, ::testing::ValuesIn(::rondo::test::backends()), \
                           ::rondo::test::backend_name)
