#pragma once
// Which loop a lock, an event, a queue, ... belongs to (docs/design.md §5, L5).

#include <cstdint>
#include <optional>
#include <source_location>
#include <string>

#include "rondo/runtime/loop_handle.hpp"
#include "rondo/runtime/wait_queue.hpp"

namespace rondo::detail {

/// The owner check of all primitives. A primitive belongs to the loop under which it was waited on
/// first, whether that wait had to suspend or not; before that to none. Loops are told apart by
/// generation, never by address.
class HomeLoop {
 public:
  /// From where a call comes.
  enum class Reach : std::uint8_t {
    here,       // there is no home yet, or the caller is on its thread: waiters may be woken
    gone,       // the home is closed: nobody will ever go on who still waits
    elsewhere,  // another thread's: nothing may be touched
  };

  /// `type` is a literal, as in "Lock".
  HomeLoop(const char* type, std::source_location created_at) noexcept
      : type_(type), created_at_(created_at) {}

  /// A wait begins: the running loop becomes the home, if there is none yet. Throws
  /// `WrongLoopError` under another loop than the home, `NoRunningLoopError` under none.
  void settle() {
    if (!is_running()) settle_or_refuse();
  }

  /// Something is to be changed, which may wake those who wait in `queues`. Throws `WrongLoopError`
  /// when another loop runs here and `WrongThreadError` on another thread. After the home's end
  /// only what has to wake somebody is refused, with `LoopClosedError`.
  template <class... Queues>
  void require(const char* function, const Queues&... queues) const {
    if (generation_ == 0 || is_running()) return;
    const bool is_gone = refuse_unless_reached(function) == Reach::gone;
    if (is_gone && !(queues.empty() && ...)) handle_->refuse(function, description());
  }

  /// The same question, for destructors: never throws.
  [[nodiscard]] Reach reach() const noexcept;

  /// The primitive is being destroyed: the waits in `queue` throw `DestroyedError`.
  void abandon(WaitQueue& queue) const noexcept;

  /// "Lock created at feed.cpp:17".
  [[nodiscard]] std::string description() const;

 private:
  [[nodiscard]] bool is_running() const noexcept;
  void settle_or_refuse();
  [[noreturn]] void throw_wrong_loop(const EventLoop& running) const;
  Reach refuse_unless_reached(const char* function) const;

  const char* type_;
  std::source_location created_at_;
  std::uint64_t generation_ = 0;
  std::optional<LoopReference> handle_;
};

}  // namespace rondo::detail
