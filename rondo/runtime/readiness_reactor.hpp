#pragma once
// Completions on top of readiness: what the epoll and poll reactors share.

#include <cstdint>
#include <vector>

#include "rondo/runtime/reactor.hpp"

namespace rondo::detail {

/// Keeps, for each descriptor, what is known of its readiness and who waits for it; carries
/// operations out with plain system calls when they cannot block. A derived class only waits.
class ReadinessReactor : public Reactor {
 public:
  ReadinessReactor();
  ~ReadinessReactor() override;

  bool submit(Operation& operation) noexcept override;
  void cancel(Operation& operation) noexcept override;
  void close(int descriptor) noexcept override;
  bool is_quiet(int descriptor) noexcept override;
  void wake() noexcept override;
  std::size_t pending() const noexcept override { return pending_; }

 protected:
  /// How one learns whether a receive that has filled its buffer has left something. The ways in
  /// which one does come last; see `receive_now`.
  enum class Rest : std::uint8_t {
    not_asked,   ///< none has filled it yet
    untold,      ///< not at all: the next receive is tried
    told,        ///< the kernel says so
    looked_for,  ///< small receives take a byte more than they have room for; of others as `told`
    ahead,  ///< one has found it, in `ahead`; the next receive gets that, and from then on `told`
  };

  struct alignas(32) Interest {  // never in two lines of the cache
    Operation* reader = nullptr;
    Operation* writer = nullptr;
    bool readable = false;
    bool writable = true;  // a send is tried first: sockets are nearly always writable
    bool ended = false;    // hung up or failed: from now on it is always readable and writable
    bool watched = false;  // nothing has to be said to the derived class any more
    Rest rest = Rest::not_asked;
    char ahead = '\0';

    /// Where operations of that direction wait.
    [[nodiscard]] Operation*& slot(const Operation& operation) noexcept {
      return operation.is_writer() ? writer : reader;
    }
  };

  /// Somebody waits for `descriptor`, which is not `watched`. Returns 0 or an errno.
  virtual int watch(int descriptor, Interest& interest) noexcept = 0;

  /// Whether waits find what comes on a watched descriptor also while nobody waits for it.
  [[nodiscard]] virtual bool sees_idle_descriptors() const noexcept = 0;

  /// To be called for each descriptor that a wait has found, with what it is ready for: the events
  /// of poll(2).
  void became(int descriptor, unsigned events) noexcept;

  /// To be called when the wake-up descriptor was found readable.
  void clear_wake() const noexcept;

  [[nodiscard]] int wake_descriptor() const noexcept { return wake_descriptor_; }

  /// References last until the next `submit`, which may come with a completion.
  [[nodiscard]] Interest& interest_of(int descriptor) {
    const auto index = static_cast<std::size_t>(descriptor);
    if (index >= interests_.size()) [[unlikely]]
      make_room_for(index);
    return interests_[index];
  }

 private:
  static bool may_be_tried(const Operation& operation, const Interest& interest) noexcept;
  static bool try_now(Operation& operation, Interest& interest) noexcept;
  static bool receive_now(Operation& operation, Interest& interest) noexcept;
  static bool receive_knowing_rest(Operation& operation, Interest& interest) noexcept;
  static bool look_ahead(Operation& operation, Interest& interest, bool& has_rest) noexcept;
  static bool give_ahead(Operation& operation, Interest& interest) noexcept;
  void make_room_for(std::size_t index);
  void settle(Interest& interest, Operation*& waiting) noexcept;

  std::vector<Interest> interests_;  // by descriptor
  std::size_t pending_ = 0;
  int wake_descriptor_;
};

}  // namespace rondo::detail
