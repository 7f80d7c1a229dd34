#pragma once
// The reactor on epoll.

#include <cstdint>

#include "rondo/runtime/readiness_reactor.hpp"
#include "rondo/runtime/wait_timer.hpp"

namespace rondo::detail {

class EpollReactor final : public ReadinessReactor {
 public:
  /// Throws `OsError`.
  EpollReactor();
  ~EpollReactor() override;

  bool poll(std::chrono::milliseconds limit) noexcept override;
  std::string_view name() const noexcept override { return "epoll"; }

 private:
  int watch(int descriptor, Interest& interest) noexcept override;
  bool sees_idle_descriptors() const noexcept override { return true; }
  void watch_own(int descriptor, std::uint32_t events, const char* attempted) const;
  bool handle(int descriptor, std::uint32_t events) noexcept;

  WaitTimer timer_;
  int epoll_;
};

}  // namespace rondo::detail
