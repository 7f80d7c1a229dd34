#pragma once
// A socket of c-ares, and what c-ares waits for on it.

#include <cstdint>

#include "rondo/runtime/operation.hpp"
#include "rondo/runtime/reactor.hpp"

struct ares_channeldata;

namespace rondo {
class EventLoop;
}

namespace rondo::dns::detail {

class CaresChannel;

/// Waits for a descriptor of c-ares to become readable or writable, and tells the channel. The
/// descriptor is c-ares's.
class CaresSocket {
 public:
  CaresSocket(CaresChannel& channel, rondo::detail::Reactor& reactor, int descriptor) noexcept;
  CaresSocket(const CaresSocket&) = delete;
  CaresSocket& operator=(const CaresSocket&) = delete;
  ~CaresSocket();

  /// Sets what c-ares waits for; takes effect with `watch`.
  void want(bool reads, bool writes) noexcept;

  /// Starts the waits that are wanted and not under way, and ends those that are not wanted.
  void watch() noexcept;

  /// Whether the socket has become readable since the last call.
  [[nodiscard]] bool take_readable() noexcept { return reader_.take_ready(); }
  [[nodiscard]] bool take_writable() noexcept { return writer_.take_ready(); }

  /// Makes `channel` open and close its sockets in a way that the reactor of `loop` knows of.
  static void install(ares_channeldata* channel, EventLoop& loop) noexcept;

 private:
  class Wait final : public rondo::detail::Operation {
   public:
    Wait(CaresChannel& channel, rondo::detail::Reactor& reactor, Kind kind_of_wait,
         int of_descriptor) noexcept;
    void watch() noexcept;
    void stop() noexcept;
    [[nodiscard]] bool take_ready() noexcept;

    bool wanted = false;

   private:
    static void on_complete(Operation& operation) noexcept;
    void has_ended() noexcept;

    CaresChannel& channel_;
    rondo::detail::Reactor& reactor_;
    bool pending_ = false;
    bool ready_ = false;
  };

  Wait reader_;
  Wait writer_;
};

}  // namespace rondo::dns::detail
