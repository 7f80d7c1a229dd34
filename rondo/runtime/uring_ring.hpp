#pragma once
// One io_uring: the queue of what is asked, and that of what has ended.

#include <cerrno>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

struct io_uring;
struct io_uring_sqe;

namespace rondo::detail {

/// What the kernel says about a request: one entry of the completion queue.
struct UringCompletion {
  std::uint64_t token = 0;  ///< the request's user_data
  std::int32_t result = 0;
  std::uint32_t flags = 0;
};

/// Whether a request that ended with `result` has done nothing, and may be made again.
inline bool is_to_be_repeated(std::int32_t result) noexcept {
  return result == -EAGAIN || result == -EINTR;
}

/// A ring for one thread. Requests are only noted until the next `enter`.
class UringRing {
 public:
  /// So many requests can be noted.
  static constexpr unsigned kCapacity = 256;

  /// Throws `OsError`, whose words say which step the kernel has refused.
  UringRing();
  /// Nothing may be under way any more that uses memory.
  ~UringRing();
  UringRing(const UringRing&) = delete;
  UringRing& operator=(const UringRing&) = delete;

  /// An entry to be filled in. Null: the queue is full, and the kernel takes nothing from it before
  /// it has ended something (`enter`).
  [[nodiscard]] io_uring_sqe* next() noexcept;

  /// Hands everything noted to the kernel, waits for at least one completion, at most `limit`
  /// (`Reactor::kForever`: without end), and appends all that there are to `completions`. Without
  /// anything to hand over or to wait for, it makes no system call. A signal ends the wait, too.
  /// False: this is not the thread that made the ring.
  bool enter(std::chrono::milliseconds limit, std::vector<UringCompletion>& completions) noexcept;

  /// Whether something is noted that the kernel has not got yet.
  [[nodiscard]] bool has_noted() const noexcept;

  [[nodiscard]] io_uring& raw() noexcept { return *ring_; }

  /// Whether this is the process that made the ring, and not a child of it.
  [[nodiscard]] bool is_own() const noexcept;

 private:
  int wait_at_most(std::chrono::milliseconds limit) noexcept;
  void take(std::vector<UringCompletion>& completions) noexcept;

  std::unique_ptr<io_uring> ring_;
  int process_;
};

}  // namespace rondo::detail
