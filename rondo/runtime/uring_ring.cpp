// Set up with the newest way of running completions that the kernel has: deferred to our own calls
// (6.1), else cooperative, without interrupting this thread. The queue of completions is much
// longer than that of requests, as one request can bring many.

#include "rondo/runtime/uring_ring.hpp"

#include <liburing.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>

#include "rondo/base/error.hpp"
#include "rondo/runtime/reactor.hpp"

namespace rondo::detail {
namespace {

constexpr unsigned kRequests = UringRing::kCapacity;
constexpr unsigned kCompletions = 4096;

constexpr unsigned kAlways =
    IORING_SETUP_CQSIZE | IORING_SETUP_CLAMP | IORING_SETUP_SUBMIT_ALL | IORING_SETUP_TASKRUN_FLAG;

constexpr std::array kWays{IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_DEFER_TASKRUN,
                           IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_COOP_TASKRUN,
                           IORING_SETUP_COOP_TASKRUN};

/// Without them completions could be lost, or memory be read after the call that handed it over.
constexpr unsigned kNeeded =
    IORING_FEAT_NODROP | IORING_FEAT_SUBMIT_STABLE | IORING_FEAT_EXT_ARG | IORING_FEAT_CQE_SKIP;

int set_up(io_uring& ring) noexcept {
  int error = -EINVAL;
  for (const unsigned way : kWays) {
    io_uring_params parameters{};
    parameters.flags = kAlways | way;
    parameters.cq_entries = kCompletions;
    error = ::io_uring_queue_init_params(kRequests, &ring, &parameters);
    if (error == 0) return 0;
    if (error != -EINVAL) break;
  }
  return error;
}

}  // namespace

UringRing::UringRing() : ring_(std::make_unique<io_uring>()), process_(::getpid()) {
  const int error = set_up(*ring_);
  if (error < 0) throw OsError(-error, "set up an io_uring");
  if ((ring_->features & kNeeded) != kNeeded) {
    ::io_uring_queue_exit(ring_.get());
    throw OsError(ENOSYS, "set up an io_uring with all that is needed");
  }
  // A child of this process gets the descriptor, but must not take the completions.
  ::io_uring_ring_dontfork(ring_.get());
}

UringRing::~UringRing() {
  ::io_uring_queue_exit(ring_.get());
}

bool UringRing::is_own() const noexcept {
  return process_ == ::getpid();
}

io_uring_sqe* UringRing::next() noexcept {
  io_uring_sqe* request = ::io_uring_get_sqe(ring_.get());
  if (request != nullptr) return request;
  ::io_uring_submit(ring_.get());
  return ::io_uring_get_sqe(ring_.get());
}

bool UringRing::has_noted() const noexcept {
  return ::io_uring_sq_ready(ring_.get()) > 0;
}

bool UringRing::enter(std::chrono::milliseconds limit,
                      std::vector<UringCompletion>& completions) noexcept {
  // What a signal or another thread's request for memory cuts short is entered again by the loop.
  int result = 0;
  if (limit < std::chrono::milliseconds(0)) {
    result = ::io_uring_submit_and_wait(ring_.get(), 1);
  } else if (limit > std::chrono::milliseconds(0)) {
    result = wait_at_most(limit);
  } else {
    const unsigned state = IO_URING_READ_ONCE(*ring_->sq.kflags);
    const bool has_work = (state & (IORING_SQ_TASKRUN | IORING_SQ_CQ_OVERFLOW)) != 0;
    if (has_noted() || has_work) result = ::io_uring_submit_and_get_events(ring_.get());
  }
  take(completions);
  return result != -EEXIST;
}

int UringRing::wait_at_most(std::chrono::milliseconds limit) noexcept {
  constexpr auto kLongest = std::chrono::milliseconds(std::chrono::hours(24 * 365));
  const auto wait = std::min(limit, kLongest);
  const auto seconds = std::chrono::floor<std::chrono::seconds>(wait);
  __kernel_timespec time{};
  time.tv_sec = seconds.count();
  time.tv_nsec = std::chrono::nanoseconds(wait - seconds).count();
  io_uring_cqe* first = nullptr;
  return ::io_uring_submit_and_wait_timeout(ring_.get(), &first, 1, &time, nullptr);
}

void UringRing::take(std::vector<UringCompletion>& completions) noexcept {
  unsigned head = 0;
  unsigned count = 0;
  io_uring_cqe* entry = nullptr;
  io_uring_for_each_cqe(ring_.get(), head, entry) {
    completions.push_back({entry->user_data, entry->res, entry->flags});
    ++count;
  }
  ::io_uring_cq_advance(ring_.get(), count);
}

}  // namespace rondo::detail
