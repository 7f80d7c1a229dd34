#pragma once
// A counter of permits.
//
//   auto permit = co_await semaphore.hold();   // given back at the end of the block

#include <cstddef>
#include <source_location>
#include <utility>

#include "rondo/base/intrusive_list.hpp"
#include "rondo/runtime/home_loop.hpp"
#include "rondo/runtime/task.hpp"
#include "rondo/runtime/wait_queue.hpp"

namespace rondo {

namespace detail {
struct PermitTag;
}

/// `acquire` waits for a permit, first come, first served; `release` gives one back. A waiter that
/// is cancelled never takes a permit with it.
///
/// Owner: the loop of the first wait; under another loop, or on another thread, every call but
/// `locked` throws. Lifetime: when it is destroyed, those who wait get `DestroyedError`, and
/// permits that are held give nothing back; it is to be destroyed on its loop's thread.
class Semaphore {
 public:
  class Permit;

  explicit Semaphore(std::size_t permits,
                     std::source_location created_at = std::source_location::current()) noexcept
      : permits_(permits), home_("Semaphore", created_at) {}
  ~Semaphore();
  Semaphore(const Semaphore&) = delete;
  Semaphore& operator=(const Semaphore&) = delete;

  /// Takes a permit; waits while there is none, or while others wait. Cancelling ends the wait
  /// without a permit. A call of `release` gives it back, whoever makes it.
  Task<> acquire();

  /// The same, and gives the permit as an object that gives it back when it is destroyed.
  Task<Permit> hold();

  /// Takes a permit if that needs no waiting.
  [[nodiscard]] bool try_acquire();

  /// Gives a permit back: to the first waiter, if there is one.
  void release();

  [[nodiscard]] bool locked() const noexcept { return permits_ == 0; }

 private:
  void give_back() noexcept;

  std::size_t permits_;
  detail::HomeLoop home_;
  detail::WaitQueue waiters_;
  IntrusiveList<Permit, detail::PermitTag> held_;
};

/// One permit; gives it back at its end. It may be moved, also to another task, and may outlive the
/// semaphore. One that is destroyed on another thread than that of the semaphore's loop is lost: a
/// destructor can neither reach that loop nor throw.
class [[nodiscard]] Semaphore::Permit : private ListElement<detail::PermitTag> {
 public:
  Permit() noexcept = default;
  Permit(Permit&& other) noexcept { take_from(other); }
  Permit& operator=(Permit&& other) noexcept;
  ~Permit() { give_back(); }

  /// Gives the permit back before the end; does nothing where there is none.
  void release() {
    if (semaphore_ != nullptr) semaphore_->home_.require("Permit::release()", semaphore_->waiters_);
    give_back();
  }

  /// Whether there is a permit in it.
  explicit operator bool() const noexcept { return semaphore_ != nullptr; }

 private:
  friend class Semaphore;
  friend class IntrusiveList<Permit, detail::PermitTag>;

  explicit Permit(Semaphore& semaphore) noexcept : semaphore_(&semaphore) {
    semaphore.held_.push_back(*this);
  }
  void take_from(Permit& other) noexcept;
  void give_back() noexcept;

  Semaphore* semaphore_ = nullptr;
};

}  // namespace rondo
