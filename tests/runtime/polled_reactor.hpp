#pragma once
// A reactor for tests of how a reactor is polled.

#include <cstddef>
#include <string_view>

#include "rondo/runtime/reactor.hpp"

namespace rondo {

/// Takes no operations; a derived class says what a poll brings.
class PolledReactor : public detail::Reactor {
 public:
  bool submit(detail::Operation&) noexcept override { return true; }
  void cancel(detail::Operation&) noexcept override {}
  void close(int) noexcept override {}
  bool is_quiet(int) noexcept override { return true; }
  void wake() noexcept override {}
  std::size_t pending() const noexcept override { return 0; }
  std::string_view name() const noexcept override { return "polled"; }
};

}  // namespace rondo
