#pragma once
// A question to c-ares, and its answer.

#include <string>
#include <utility>

#include "rondo/dns/resolver.hpp"
#include "rondo/runtime/wait_queue.hpp"

namespace rondo::dns::detail {

/// Shared by c-ares, which answers it once, and by the one that waits for the answer.
class CaresQuestion {
 public:
  CaresQuestion(std::string host, Family family) : host_(std::move(host)), family_(family) {}

  [[nodiscard]] const std::string& host() const noexcept { return host_; }
  [[nodiscard]] Family family() const noexcept { return family_; }
  [[nodiscard]] bool has_ended() const noexcept { return has_ended_; }

  /// Takes the answer, a status of c-ares with the addresses that come with success, and wakes the
  /// one that waits.
  void end(int status, Resolution resolution) noexcept;

  /// The answer; throws the `ResolveError` for any other status than success.
  [[nodiscard]] Resolution take_result();

  rondo::detail::WaitQueue ended;

 private:
  std::string host_;
  Family family_;
  bool has_ended_ = false;
  int status_ = 0;
  Resolution resolution_;
};

}  // namespace rondo::dns::detail
