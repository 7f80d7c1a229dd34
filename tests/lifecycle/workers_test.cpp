// Programs on several loops in several threads, whose tasks go from loop to loop.

#include "rondo/runtime/workers.hpp"

#include <gtest/gtest.h>

#include <deque>
#include <string>
#include <vector>

#include "rondo/runtime/loop_errors.hpp"

#include "hang_alarm.hpp"
#include "interpreter.hpp"
#include "outside.hpp"
#include "seed_range.hpp"
#include "tests/runtime/own_resources.hpp"
#include "tests/support/each_backend.hpp"

namespace rondo::lifecycle {
namespace {

constexpr unsigned kLoops = 3;

/// That of the loop on this thread, which logs.
thread_local World* world_of_thread = nullptr;

class ProgramsOnSeveralLoops : public rondo::test::EachBackend {};
RONDO_ON_EACH_BACKEND(ProgramsOnSeveralLoops);

/// A program for each loop, and what it needs.
class Crowd {
 public:
  Crowd(std::uint64_t seed, Backend backend) : backend_(backend) {
    for (unsigned i = 0; i < kLoops; ++i) {
      programs_.push_back(make_program(kLoops * seed + i, Setting::worker, backend));
      words_ += describe(programs_.back());
    }
    for (const Program& program : programs_) {
      interpreters_.emplace_back(worlds_.emplace_back(program, Setting::worker, ledger_));
    }
  }

  [[nodiscard]] const std::string& words() const { return words_; }

  /// Gives what is wrong, a line each.
  std::string run() {
    RunOptions options;
    options.backend = backend_;
    options.log = [this](std::string_view report) { log(report); };
    try {
      Workers workers(kLoops, options);
      introduce(workers);
      workers.run([this](std::size_t index) -> Task<> {
        world_of_thread = &worlds_[index];
        return interpreters_[index].main();
      });
    } catch (...) {
      ledger_.receive(std::current_exception());  // or one has cancelled itself
    }
    return problems();
  }

 private:
  void introduce(const Workers& workers) {
    for (unsigned i = 0; i < kLoops; ++i) {
      std::vector<Interpreter::Peer> peers;
      for (unsigned k = 1; k < kLoops; ++k) {
        const unsigned other = (i + k) % kLoops;
        peers.push_back({workers.handle(other), &interpreters_[other]});
      }
      interpreters_[i].set_peers(std::move(peers));
    }
  }

  void log(std::string_view report) {
    if (world_of_thread != nullptr) return world_of_thread->log(report);
    if (!ledger_.report(report))
      unknown_ += "should not be reported: " + std::string(report) + '\n';
  }

  std::string problems() {
    std::string text = unknown_;
    for (World& world : worlds_) {
      for (const auto& problem : world.problems()) text += problem + '\n';
    }
    for (const auto& problem : ledger_.problems()) text += problem + '\n';
    return text;
  }

  Backend backend_;
  ErrorLedger ledger_;
  std::deque<Program> programs_;
  std::deque<World> worlds_;
  std::deque<Interpreter> interpreters_;
  std::string words_;
  std::string unknown_;
};

TEST_P(ProgramsOnSeveralLoops, EndInOrder) {
  static_cast<void>(shared_tls());
  static_cast<void>(silent_name_server());
  const std::size_t descriptors = open_descriptors();
  const std::size_t threads = live_threads();
  const SeedRange seeds = chosen_seeds({.first = 0, .count = 300});
  for (auto seed = seeds.first; seed < seeds.first + seeds.count; ++seed) {
    std::string problems;
    std::string words;
    {
      Crowd crowd(seed, GetParam());
      words = "seed " + std::to_string(seed) + ", of these programs:\n" + crowd.words();
      const HangAlarm alarm(words);
      problems = crowd.run();
    }
    if (open_descriptors() != descriptors) problems += "descriptors are left\n";
    if (!has_threads(threads)) problems += "threads are left\n";
    ASSERT_TRUE(problems.empty()) << problems << words;
  }
}

}  // namespace
}  // namespace rondo::lifecycle
