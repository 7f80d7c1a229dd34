#pragma once
// c-ares on a loop: its questions, its sockets and its time-outs.

#include <chrono>
#include <cstddef>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "rondo/dns/cares_question.hpp"
#include "rondo/dns/cares_socket.hpp"
#include "rondo/net/address.hpp"
#include "rondo/runtime/event_loop.hpp"
#include "rondo/runtime/runnable.hpp"
#include "rondo/runtime/timer_wheel.hpp"

struct ares_channeldata;

namespace rondo::dns::detail {

/// An ares_channel, driven by the loop. Used on the loop's thread only. What c-ares calls back only
/// notes things: nobody is resumed and c-ares is not entered again in there. When the loop exits,
/// all questions end and nothing of c-ares is left.
class CaresChannel final : private rondo::detail::Runnable,
                           private rondo::detail::Timer,
                           private rondo::detail::LoopResident {
 public:
  /// Without servers it asks those of the system. Throws `Error` when c-ares cannot start.
  CaresChannel(EventLoop& loop, const std::vector<net::SocketAddress>& servers,
               std::chrono::milliseconds timeout, int tries);
  CaresChannel(const CaresChannel&) = delete;
  CaresChannel& operator=(const CaresChannel&) = delete;
  virtual ~CaresChannel() { close(); }

  /// Starts a question, which may have ended when this returns. Each is to be forgotten once.
  [[nodiscard]] std::shared_ptr<CaresQuestion> ask(std::string host, Family family);

  /// One of those who asked does not wait any more. When nobody does, open questions are given up.
  void forget() noexcept;

  /// A socket is ready, or the time is over: c-ares is to be visited in the loop's next turn.
  void needs_to_run() noexcept;

 private:
  struct Asked;

  static void on_interest(void* channel, int descriptor, int reads, int writes) noexcept;

  void run() noexcept override;
  void on_loop_exit(rondo::detail::ExitReport&) noexcept override { close(); }
  void close() noexcept;
  bool process_ready_socket() noexcept;

  /// After each visit to c-ares: waits for what it wants now.
  void settle() noexcept;

  EventLoop* loop_;
  ares_channeldata* channel_ = nullptr;
  std::map<int, CaresSocket> sockets_;
  std::size_t waiting_ = 0;  // those who asked and wait
  std::size_t open_ = 0;     // questions without an answer
};

}  // namespace rondo::dns::detail
