#pragma once
// A request body that leaves while the answer is read.

#include <exception>
#include <memory>

#include "rondo/http/body_writer.hpp"
#include "rondo/net/byte_stream.hpp"
#include "rondo/runtime/event_loop.hpp"
#include "rondo/runtime/task.hpp"

namespace rondo::http {

/// Writes to a stream in a task of the loop's own, which shares the stream: whoever started the
/// write may go away at any moment, and so may the loop. Loop thread only.
class BackgroundWrite final : private rondo::detail::LoopResident {
 public:
  BackgroundWrite(std::shared_ptr<net::ByteStream> stream, OutgoingRequest request);
  BackgroundWrite(const BackgroundWrite&) = delete;
  BackgroundWrite& operator=(const BackgroundWrite&) = delete;

  /// Gives up what has not left yet.
  ~BackgroundWrite();

  /// Waits until all has left, or the write has failed. Cancelling ends the waiting only.
  Task<> wait();

  [[nodiscard]] bool has_ended() const noexcept;

  /// Whether all has left.
  [[nodiscard]] bool has_succeeded() const noexcept;

  /// What it failed with, or null.
  [[nodiscard]] const std::exception_ptr& error() const noexcept;

 private:
  struct State;
  static Task<> write(std::shared_ptr<State> state);
  void on_loop_exit(rondo::detail::ExitReport&) noexcept override { give_up(); }
  void give_up() noexcept;

  std::shared_ptr<State> state_;
};

}  // namespace rondo::http
