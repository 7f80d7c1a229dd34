#pragma once
// An operation that notes its end, and a reactor to try it on.

#include <gtest/gtest.h>

#include <cerrno>
#include <chrono>
#include <memory>
#include <string>
#include <string_view>

#include "rondo/runtime/backend.hpp"
#include "rondo/runtime/operation.hpp"
#include "rondo/runtime/reactor.hpp"

#include "on_each_backend.hpp"

namespace rondo {

class Probe : public detail::Operation {
 public:
  Probe(Kind kind_of_operation, int its_descriptor)
      : Operation([](Operation& operation) noexcept { ++static_cast<Probe&>(operation).ended; }) {
    kind = kind_of_operation;
    descriptor = its_descriptor;
  }

  int ended = 0;
};

class Receive : public Probe {
 public:
  explicit Receive(int its_descriptor, std::size_t room = 1024)
      : Probe(Kind::receive, its_descriptor), buffer_(room, '\0') {
    data = buffer_.data();
    size = buffer_.size();
  }

  /// What has been received.
  [[nodiscard]] std::string text() const {
    return buffer_.substr(0, static_cast<std::size_t>(std::max<std::int64_t>(result, 0)));
  }

 protected:
  std::string buffer_;
};

/// Shows no memory before it is asked for it, and none then while `has_memory` is false.
class LateReceive : public Receive {
 public:
  explicit LateReceive(int its_descriptor, std::size_t room = 1024)
      : Receive(its_descriptor, room) {
    data = nullptr;
    find_room = [](Operation& operation) noexcept {
      auto& receive = static_cast<LateReceive&>(operation);
      ++receive.questions;
      return receive.has_memory ? receive.buffer_.data() : nullptr;
    };
  }

  int questions = 0;
  bool has_memory = true;
};

class Send : public Probe {
 public:
  Send(int its_descriptor, std::string_view first, std::string_view second = {})
      : Probe(Kind::send, its_descriptor) {
    parts = {first, second};
  }
};

/// A reactor of each back end, polled by hand.
class ReactorSuite : public ::testing::TestWithParam<Backend> {
 protected:
  /// Starts `probe`; true: it has ended at once.
  bool submit(Probe& probe) {
    const bool has_ended = reactor_->submit(probe);
    EXPECT_EQ(probe.ended, 0) << "completed inside submit";
    return has_ended;
  }

  /// Polls until `probe` has ended; fails when that takes too long.
  void finish(Probe& probe) {
    const auto last = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    while (probe.ended == 0 && std::chrono::steady_clock::now() < last) {
      reactor_->poll(std::chrono::milliseconds(100));
    }
    ASSERT_EQ(probe.ended, 1);
  }

  /// Starts `probe` and brings it to its end.
  void carry_out(Probe& probe) {
    if (!submit(probe)) finish(probe);
  }

  /// One poll that finds what is there and does not wait.
  void poll_once() { reactor_->poll(std::chrono::milliseconds(0)); }

  std::unique_ptr<detail::Reactor> reactor_ = detail::choose_reactor(GetParam()).reactor;
};

}  // namespace rondo
