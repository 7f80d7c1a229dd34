#pragma once
// The reactor on poll(2): everywhere, and the second opinion in tests.

#include <vector>

#include "rondo/runtime/readiness_reactor.hpp"

namespace rondo::detail {

class PollReactor final : public ReadinessReactor {
 public:
  bool poll(std::chrono::milliseconds limit) noexcept override;
  std::string_view name() const noexcept override { return "poll"; }

 private:
  int watch(int descriptor, Interest& interest) noexcept override;
  bool sees_idle_descriptors() const noexcept override { return false; }

  std::vector<int> watched_;
};

}  // namespace rondo::detail
