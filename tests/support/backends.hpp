#pragma once
// The back ends that suites run on, and their names in the output.

#include <gtest/gtest.h>

#include <ostream>
#include <string>
#include <vector>

#include "rondo/runtime/backend.hpp"
#include "rondo/runtime/uring_support.hpp"

namespace rondo {

inline const char* name_of(Backend backend) {
  switch (backend) {
    case Backend::epoll:
      return "epoll";
    case Backend::poll:
      return "poll";
    case Backend::io_uring:
      return "io_uring";
    case Backend::automatic:
      break;
  }
  return "automatic";
}

inline void PrintTo(Backend backend, std::ostream* out) {
  *out << name_of(backend);
}

namespace test {

/// All that can be had here. That io_uring cannot is said by a test of its own, which is skipped
/// then: `Backend.IoUringTakesPart`.
inline std::vector<Backend> backends() {
  std::vector<Backend> all{Backend::epoll, Backend::poll};
  if (!rondo::detail::uring_refusal()) all.push_back(Backend::io_uring);
  return all;
}

/// Names the back end in the output: `On/SleepTest.TakesItsTime/epoll`.
inline std::string backend_name(const ::testing::TestParamInfo<Backend>& info) {
  return name_of(info.param);
}

}  // namespace test

}  // namespace rondo
