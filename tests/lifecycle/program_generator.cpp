// A tree of at most `kMaxSteps` steps and `kMaxDepth` levels. What a shield, a clean-up or anything
// else out of reach of cancellation waits for is short, so that the end of a program is always
// within the shutdown time-out.

#include "program_generator.hpp"

#include <algorithm>
#include <random>

namespace rondo::lifecycle {
namespace {

constexpr int kMaxDepth = 5;
constexpr int kMaxSteps = 40;

class Generator {
 public:
  Generator(std::uint64_t seed, Setting setting) : random_(seed), setting_(setting) {}

  Program make(std::uint64_t seed, Backend backend) {
    Program program;
    program.seed = seed;
    program.backend = backend;
    program.main = branch(Action::sequence, 0);
    program.stop = make_stop(program.main);
    const bool is_virtual = setting_ == Setting::virtual_time;
    program.stop_at = milliseconds(below(4) == 0 ? below(3) : below(is_virtual ? 400 : 8));
    return program;
  }

 private:
  unsigned below(unsigned limit) { return static_cast<unsigned>(random_() % limit); }

  /// Short ones as often as long ones, so that much happens at the same time.
  milliseconds make_time() {
    if (setting_ != Setting::virtual_time) return milliseconds(below(6));
    return milliseconds(below(3) == 0 ? 1 + below(3) : below(300));
  }

  /// A program that waits for the outside world would never end by itself.
  Stop make_stop(const Step& main) {
    if (setting_ == Setting::worker) {
      return static_cast<Stop>(1 + below(static_cast<unsigned>(Stop::main_is_cancelled)));
    }
    const bool waits_outside = contains(main, Action::tcp) || setting_ == Setting::real_time;
    const unsigned first = waits_outside ? 1 : 0;
    return static_cast<Stop>(first +
                             below(static_cast<unsigned>(Stop::stop_and_destroy) + 1 - first));
  }

  /// Threads and sockets are the part of the tests in real time.
  bool is_rare(Action action) {
    // Such a program takes its whole shutdown time-out, which is real here.
    if (action == Action::refuse && setting_ == Setting::worker) return true;
    if (action == Action::refuse) return below(setting_ == Setting::real_time ? 64 : 8) != 0;
    if (action == Action::tls_stream) return below(8) != 0;
    const bool is_costly = action == Action::thread || action == Action::tcp;
    return is_costly && setting_ == Setting::virtual_time && below(8) != 0;
  }

  Action make_leaf() {
    while (true) {
      const auto action = static_cast<Action>(below(static_cast<unsigned>(kLastLeaf) + 1));
      if (!is_rare(action)) return action;
    }
  }

  Action make_action(int depth) {
    const bool is_leaf = depth >= kMaxDepth || steps_ >= kMaxSteps || below(5) < 2;
    if (is_leaf) return make_leaf();
    constexpr auto kFirst = static_cast<unsigned>(kLastLeaf) + 1;
    return static_cast<Action>(kFirst + below(static_cast<unsigned>(kLastAction) + 1 - kFirst));
  }

  Step make_step(int depth) {
    const Action action = make_action(depth);
    if (action == Action::shield) return make_shield();
    if (action == Action::detach) return branch(action, kMaxDepth - 1);
    if (action > kLastLeaf) return branch(action, depth);
    return leaf(action);
  }

  Step leaf(Action action) {
    ++steps_;
    Step step;
    step.action = action;
    step.time = make_time();
    step.pick = below(1U << 16);
    return step;
  }

  Step branch(Action action, int depth) {
    Step step = leaf(action);
    for (unsigned count = 1 + below(depth == 0 ? 5 : 3); count > 0; --count) {
      step.branches.push_back(make_step(depth + 1));
    }
    return step;
  }

  Step make_shield() {
    Step step = leaf(Action::shield);
    for (const Action action : {Action::sleep, below(4) == 0 ? Action::fail : Action::yield}) {
      step.branches.push_back(leaf(action));
      step.branches.back().time = milliseconds(below(5));
    }
    return step;
  }

  std::mt19937_64 random_;
  Setting setting_;
  int steps_ = 0;
};

}  // namespace

Program make_program(std::uint64_t seed, Setting setting, Backend backend) {
  return Generator(seed, setting).make(seed, backend);
}

}  // namespace rondo::lifecycle
