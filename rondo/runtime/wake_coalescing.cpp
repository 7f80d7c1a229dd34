// A client that is faster than its server sleeps before nearly each answer, and a sleep with its
// wake-up costs as much as the rest of a small request. With many requests in flight the server
// goes on with the others meanwhile: a nap costs no throughput then, and spares most wake-ups.

#include "rondo/runtime/wake_coalescing.hpp"

#include <algorithm>
#include <thread>
#include <utility>

#include "rondo/runtime/reactor.hpp"

namespace rondo::detail {
namespace {

using std::chrono::microseconds;

constexpr microseconds kAskedNap{25};

/// With the slack that Linux gives a thread's timers (prctl(2), PR_SET_TIMERSLACK).
constexpr microseconds kNap{80};

constexpr std::uint32_t kWindow = 128;

/// A nap is for as many answers as this at least.
constexpr std::uint32_t kSeveral = 4;

/// What the next poll brings may have waited for nothing but the nap.
constexpr std::uint32_t kLeastAge = 2;

/// What has been waited for this long is not noticeably later for a nap.
constexpr microseconds kLongWait = 3 * kNap;

/// A loop that sleeps less than one part in so many has no use for naps.
constexpr std::uint32_t kLeastRest = 8;

}  // namespace

void WakeCoalescing::poll(Reactor& reactor, Clock::time_point now,
                          std::chrono::milliseconds limit) noexcept {
  if (reactor.arrivals().ended >= kWindow) [[unlikely]]
    judge(reactor.arrivals(), now);
  if (is_on_) return nap_and_poll(reactor, now);
  reactor.poll(limit);
}

void WakeCoalescing::nap_and_poll(Reactor& reactor, Clock::time_point now) noexcept {
  Arrivals& arrivals = reactor.arrivals();
  const std::uint32_t before = arrivals.ended;
  reactor.flush();
  std::this_thread::sleep_for(kAskedNap);
  reactor.poll(std::chrono::milliseconds(0));
  if (arrivals.ended - before >= kSeveral) return;
  is_on_ = false;
  begin_window(arrivals, now, Arrivals::kAlwaysYoung);
}

// On, when answers come one by one, but so fast that a nap gathers several. Off again, when it does
// not, or when the loop would hardly sleep without naps. Both only where few answers are young:
// neither does the next poll after the question bring them, when it may be the nap that they wait
// for, nor do they come within a few naps' time.
void WakeCoalescing::judge(Arrivals& arrivals, Clock::time_point now) noexcept {
  const std::uint32_t polls = arrivals.polls - first_poll_;
  const Clock::duration passed = std::max<Clock::duration>(now - window_begun_, microseconds(1));
  const bool are_grown_up = arrivals.young <= arrivals.ended / 4;
  const bool come_singly = arrivals.ended < kSeveral * polls;
  const bool come_fast = arrivals.ended * kNap >= kSeveral * passed;
  const bool has_rest = kLeastRest * polls * kNap >= passed;
  const bool was_on =
      std::exchange(is_on_, come_fast && are_grown_up && (is_on_ ? has_rest : come_singly));
  std::uint32_t grown_up = Arrivals::kAlwaysYoung;
  if (is_on_ != was_on) {
    // How many polls a long wait lasts is to be learnt anew.
    if (is_on_) grown_up = kLeastAge;
  } else if (come_fast) {
    grown_up = std::max(kLeastAge, static_cast<std::uint32_t>(kLongWait * polls / passed) + 1);
  }
  begin_window(arrivals, now, grown_up);
}

void WakeCoalescing::begin_window(Arrivals& arrivals, Clock::time_point now,
                                  std::uint32_t grown_up) noexcept {
  window_begun_ = now;
  first_poll_ = arrivals.polls;
  arrivals.ended = 0;
  arrivals.young = 0;
  arrivals.grown_up = grown_up;
}

}  // namespace rondo::detail
