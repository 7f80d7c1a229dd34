// Nothing is open and nothing runs until somebody looks. `rondo ps` listens on a socket and sends
// SIGURG, whose default action is to do nothing, with a word that says what it wants. The handler
// passes it on to each thread that runs a loop, and there wakes the loop, which answers in its next
// turn by connecting to that socket. If the loop has been in one turn for long, the handler itself
// answers: it interrupted that very step, so what it reads stands still.

#include "rondo/runtime/inspection.hpp"

#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <cstdlib>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>

#include "rondo/runtime/event_loop.hpp"
#include "rondo/runtime/inspection_channel.hpp"
#include "rondo/runtime/signal_text.hpp"
#include "rondo/runtime/sleep.hpp"
#include "rondo/runtime/source_site.hpp"
#include "rondo/runtime/task_tree.hpp"
#include "rondo/runtime/to_thread.hpp"

namespace rondo::detail {
namespace {

/// Loops beyond that many at a time in a process cannot be looked at.
constexpr std::size_t kMaxLoops = 256;

/// So many tasks are looked at in one turn: a few milliseconds.
constexpr std::size_t kTasksATurn = 2000;

/// In the word of a signal that one thread has passed on to another.
constexpr int kForwarded = 0x100;

std::array<std::atomic<pid_t>, kMaxLoops> inspected_threads{};
std::mutex handlers_mutex;
int runs = 0;
std::array<bool, 2> is_handled{};
constexpr std::array kSignals = {SIGURG, SIGQUIT};

bool is_switched_off() noexcept {
  const char* value = std::getenv("RONDO_INSPECT");
  return value != nullptr && std::string_view(value) == "0";
}

/// Sends SIGURG to one thread of this process, with a word.
void pass_on(pid_t thread, int requests) noexcept {
  siginfo_t info{};
  info.si_signo = SIGURG;
  info.si_code = SI_QUEUE;
  info.si_pid = ::getpid();
  info.si_uid = ::getuid();
  info.si_value.sival_int = kInspectionWord | kForwarded | requests;
  ::syscall(SYS_rt_tgsigqueueinfo, ::getpid(), thread, SIGURG, &info);
}

void on_signal(int number, siginfo_t* info, void*) {
  const int saved = errno;
  int word = kPrintTasks;
  if (number == SIGURG) {
    const bool is_ours = info->si_code == SI_QUEUE &&
                         (info->si_value.sival_int & kInspectionMask) == kInspectionWord;
    if (!is_ours) return;  // somebody's urgent data
    word = info->si_value.sival_int & ~kInspectionMask;
  }
  const int requests = word & ~kForwarded;
  if ((word & kForwarded) == 0) {
    for (const auto& thread : inspected_threads) {
      const pid_t id = thread.load(std::memory_order_acquire);
      if (id != 0 && id != ::gettid()) pass_on(id, requests);
    }
  }
  if (EventLoop* loop = running_loop()) loop->request_inspection(requests);
  errno = saved;
}

void take_signals() noexcept {
  for (std::size_t i = 0; i < kSignals.size(); ++i) {
    struct sigaction current{};
    ::sigaction(kSignals[i], nullptr, &current);
    is_handled[i] = current.sa_handler == SIG_DFL && (current.sa_flags & SA_SIGINFO) == 0;
    if (!is_handled[i]) continue;
    struct sigaction action{};
    action.sa_sigaction = &on_signal;
    action.sa_flags = SA_SIGINFO | SA_RESTART;
    ::sigaction(kSignals[i], &action, nullptr);
  }
}

void give_signals_back() noexcept {
  for (std::size_t i = 0; i < kSignals.size(); ++i) {
    struct sigaction current{};
    ::sigaction(kSignals[i], nullptr, &current);
    const bool is_still_ours = is_handled[i] && current.sa_sigaction == &on_signal;
    if (is_still_ours) ::signal(kSignals[i], SIG_DFL);
    is_handled[i] = false;
  }
}

int count_loops() noexcept {
  int loops = 0;
  for (const auto& thread : inspected_threads) loops += thread.load() != 0 ? 1 : 0;
  return loops;
}

void send_answer(int requests, std::string_view text) noexcept {
  if ((requests & kPrintTasks) != 0) write_all(STDERR_FILENO, text);
  if ((requests & (kInspectHeadlines | kInspectTasks)) != 0) {
    connect_and_send(count_loops(), text);
  }
}

Task<> inspect(EventLoop& loop, int requests) {
  loop.current_fiber()->hide();
  const std::string headline = headline_of(loop);
  std::vector<TaskRecord> records;
  if (requests != kInspectHeadlines) {
    TaskTreeWalk walk(loop);
    bool has_more = walk.advance(kTasksATurn);
    while (has_more) {
      co_await sleep(Clock::duration::zero());
      has_more = walk.advance(kTasksATurn);
    }
    records = walk.take();
  }
  co_await to_thread([&] {
    const std::vector<TaskRecord> own = std::move(records);  // freed here, too: there are many
    send_answer(requests, format_task_tree(headline, own));
  });
}

}  // namespace

InspectedRun::InspectedRun() noexcept : slot_(-1) {
  if (is_switched_off()) return;
  for (std::size_t i = 0; i < kMaxLoops && slot_ < 0; ++i) {
    pid_t nobody = 0;
    if (inspected_threads[i].compare_exchange_strong(nobody, ::gettid())) {
      slot_ = static_cast<int>(i);
    }
  }
  if (slot_ < 0) return;
  const std::lock_guard lock(handlers_mutex);
  if (runs++ == 0) take_signals();
}

InspectedRun::~InspectedRun() {
  if (slot_ < 0) return;
  inspected_threads[static_cast<std::size_t>(slot_)].store(0, std::memory_order_release);
  const std::lock_guard lock(handlers_mutex);
  if (--runs == 0) give_signals_back();
}

void begin_inspection(EventLoop& loop, int requests) {
  loop.finish_in_background(inspect(loop, requests));
}

void answer_for_stuck_loop(const EventLoop& loop, int requests) noexcept {
  SignalText text;
  text << "event loop created at " << loop.created_at() << " is stuck: for " << loop.time_in_turn()
       << " in one step of ";
  if (const Fiber* fiber = loop.current_fiber()) {
    text << (fiber->name().empty() ? std::string_view("a task") : std::string_view(fiber->name()))
         << "\n";
    fiber->visit_stack([&](const std::source_location& site) {
      text << "   at " << site << " in ";
      write_function_name(site.function_name(), [&](char c) { text << c; });
      text << "\n";
    });
  } else {
    text << "a callback\n";
  }
  send_answer(requests, text.view());
}

}  // namespace rondo::detail
