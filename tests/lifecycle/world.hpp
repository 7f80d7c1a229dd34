#pragma once
// What the tasks of one program share.

#include <array>
#include <cstddef>
#include <future>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "rondo/dns/resolver.hpp"
#include "rondo/http/client_session.hpp"
#include "rondo/http/response.hpp"
#include "rondo/http/session_core.hpp"
#include "rondo/runtime/barrier.hpp"
#include "rondo/runtime/cancel_scope.hpp"
#include "rondo/runtime/condition.hpp"
#include "rondo/runtime/event.hpp"
#include "rondo/runtime/lock.hpp"
#include "rondo/runtime/queue.hpp"
#include "rondo/runtime/semaphore.hpp"
#include "rondo/runtime/task_handle.hpp"

#include "error_ledger.hpp"
#include "program_generator.hpp"

namespace rondo::lifecycle {

/// Made before the loop of its program and destroyed after it, as what users keep too long is: the
/// handles, the responses, the session. One thread, but for the ledger.
struct World {
  World(const Program& its_program, Setting its_setting, ErrorLedger& its_ledger)
      : program(its_program), setting(its_setting), ledger(its_ledger) {}

  /// Takes what the loop logs.
  void log(std::string_view report);

  /// The loop has closed: receives what detached tasks ended with, and says what is wrong here. The
  /// ledger is for itself.
  std::vector<std::string> problems();

  const Program& program;
  Setting setting;
  ErrorLedger& ledger;
  std::vector<std::string> reports;  ///< that should not be

  int live_steps = 0;
  int cleanups_due = 0;
  int cleanups_begun = 0;
  int refusing = 0;       ///< tasks that do not end
  int named_as_late = 0;  ///< of which the exit report tells
  bool stop_asked = false;

  std::array<Lock, 2> locks;
  std::array<Event, 3> events;
  Semaphore semaphore{2};
  Condition condition;
  Queue<int> queue{2};
  Barrier barrier{2};

  std::vector<CancelScope*> scopes;
  std::vector<TaskHandle<void>> tasks;
  std::vector<std::future<void>> detached;
  std::shared_ptr<http::SessionCore> core;       ///< in virtual time
  std::unique_ptr<http::ClientSession> session;  ///< in real time
  std::string server_url;
  std::vector<http::Response> kept_responses;
  std::unique_ptr<dns::Resolver> resolver;
  std::string secure_server_url;

 private:
  void check_exit_report(std::string_view report);
  void check_line(std::string_view line);
  void check_detached();
};

}  // namespace rondo::lifecycle
