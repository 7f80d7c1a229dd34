// How a run may end follows from how it was stopped; everything else is a finding.

#include "program_run.hpp"

#include <optional>
#include <vector>

#include "rondo/runtime/cancelled.hpp"
#include "rondo/runtime/event_loop.hpp"
#include "rondo/runtime/loop_errors.hpp"
#include "rondo/runtime/run.hpp"
#include "rondo/runtime/sleep.hpp"
#include "rondo/testing/virtual_time.hpp"

#include "hang_alarm.hpp"
#include "interpreter.hpp"
#include "outside.hpp"
#include "tests/runtime/own_resources.hpp"
#include "world.hpp"

namespace rondo::lifecycle {
namespace {

class ProgramRun {
 public:
  ProgramRun(const Program& program, Setting setting)
      : program_(program),
        setting_(setting),
        world_(program, setting, ledger_),
        interpreter_(world_) {}

  std::vector<std::string> problems() {
    run();
    if (world_.refusing > 0) ledger_.let_errors_be_lost();
    auto problems = world_.problems();
    const auto errors = ledger_.problems();
    problems.insert(problems.end(), errors.begin(), errors.end());
    problems.insert(problems.end(), problems_.begin(), problems_.end());
    return problems;
  }

 private:
  void run() {
    try {
      if (program_.stop >= Stop::stop_and_close) {
        run_on_loop();
      } else {
        rondo::run(timed_main(), options());
      }
    } catch (const Interrupted&) {
      require(program_.stop == Stop::interrupt, "Interrupted");
    } catch (const DeadlockError& error) {
      require(program_.stop == Stop::never, "DeadlockError: " + error.details());
    } catch (const InvalidStateError& error) {
      require(program_.stop >= Stop::stop_and_close, error.what());
    } catch (...) {
      const bool is_error = world_.ledger.receive(std::current_exception());
      require(is_error || program_.stop == Stop::main_is_cancelled, "Cancelled");
    }
    check_time();
    check_second_run();
  }

  void run_on_loop() {
    EventLoop loop(options());
    try {
      loop.run_until_complete(timed_main());
    } catch (const InvalidStateError&) {
      main_ended_ = now();
      if (program_.stop == Stop::stop_and_close) loop.close();
      throw;
    }
  }

  Task<> timed_main() {
    struct Note {
      ProgramRun& run;
      ~Note() { run.main_ended_ = run.now(); }
    } note{*this};
    co_await interpreter_.main();
  }

  [[nodiscard]] RunOptions options() {
    RunOptions options;
    options.backend = program_.backend;
    options.shutdown_timeout = kShutdownTimeout;
    const bool runs_into_it =
        setting_ == Setting::real_time && contains(program_.main, Action::refuse);
    if (runs_into_it) options.shutdown_timeout = milliseconds(50);
    if (setting_ == Setting::virtual_time) options.time = &time_;
    options.log = [this](std::string_view report) { world_.log(report); };
    return options;
  }

  [[nodiscard]] Clock::time_point now() const {
    return setting_ == Setting::virtual_time ? time_.now() : Clock::now();
  }

  void require(bool is_right, const std::string& ending) {
    if (!is_right) problems_.push_back("it must not end with " + ending);
  }

  void check_time() {
    const auto took = now() - main_ended_;
    if (took <= kShutdownTimeout) return;
    problems_.push_back("the end took " +
                        std::to_string(std::chrono::ceil<milliseconds>(took).count()) + " ms");
  }

  void check_second_run() {
    auto options = this->options();
    options.log = [this](std::string_view report) {
      problems_.push_back("a second run reports: " + std::string(report));
    };
    auto nothing = []() -> Task<int> {
      co_await sleep(milliseconds(1));
      co_return 7;
    };
    if (rondo::run(nothing(), options) != 7) problems_.emplace_back("a second run fails");
  }

  const Program& program_;
  Setting setting_;
  testing::VirtualTime time_;
  ErrorLedger ledger_;
  World world_;
  Interpreter interpreter_;
  Clock::time_point main_ended_ = now();
  std::vector<std::string> problems_;
};

}  // namespace

std::string run_program(const Program& program, Setting setting) {
  const HangAlarm alarm(describe(program));
  static_cast<void>(shared_tls());
  static_cast<void>(silent_name_server());
  const std::size_t descriptors = open_descriptors();
  const std::size_t threads = live_threads();
  std::vector<std::string> problems;
  {
    ProgramRun run(program, setting);
    problems = run.problems();
    // A task that refuses to end in real time keeps what its frames hold: the server's socket.
    const bool keeps_some = setting == Setting::real_time && contains(program.main, Action::refuse);
    if (open_descriptors() != descriptors && !keeps_some)
      problems.emplace_back("descriptors are left");
    if (!has_threads(threads)) problems.emplace_back("threads are left");
  }
  std::string text;
  for (const auto& problem : problems) text += problem + '\n';
  return text.empty() ? text : text + describe(program);
}

}  // namespace rondo::lifecycle
