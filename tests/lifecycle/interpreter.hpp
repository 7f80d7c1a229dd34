#pragma once
// Runs a program.

#include <string_view>
#include <utility>
#include <vector>

#include "rondo/http/response.hpp"
#include "rondo/runtime/loop_handle.hpp"
#include "rondo/runtime/task.hpp"
#include "rondo/runtime/task_group.hpp"

#include "program.hpp"
#include "world.hpp"

namespace rondo::lifecycle {

/// The tasks of one program. Outlives its loop, as its world does.
class Interpreter {
 public:
  /// Another loop, whose tasks run in a world of their own.
  struct Peer {
    LoopHandle loop;
    Interpreter* interpreter;
  };

  explicit Interpreter(World& world) : world_(world) {}

  /// Lets the program go to other loops. Before `main`.
  void set_peers(std::vector<Peer> peers) { peers_ = std::move(peers); }

  /// The main task: the program, and what stops it.
  Task<> main();

  /// Awaits `step`.
  Task<> perform(const Step& step);

 private:
  class Resource;
  using Handler = Task<> (Interpreter::*)(const Step&);
  static Handler handler_of(Action action);

  Task<> run_until_stopped();
  Task<> leave_after(TaskGroup& group);
  void stop_loop();
  std::vector<Task<>> branches(const Step& step);

  // The actions.
  Task<> pause(const Step& step);
  Task<> yield(const Step& step);
  Task<> fail(const Step& step);
  Task<> sequence(const Step& step);
  Task<> catch_errors(const Step& step);
  Task<> group(const Step& step);
  Task<> gather_all(const Step& step);
  Task<> gather_outcomes(const Step& step);
  Task<> wait_for_branches(const Step& step);
  Task<> take_as_completed(const Step& step);
  Task<> with_timeout(const Step& step);
  Task<> with_shield(const Step& step);
  Task<> with_scope(const Step& step);
  Task<> fail_when_cancelled(const Step& step);
  Task<> linger_when_cancelled(const Step& step);
  Task<> swallow_cancellation(const Step& step);

  Task<> hop(const Step& step);
  Task<> fail_in_callback(const Step& step);
  Task<> cancel_scope(const Step& step);
  Task<> cancel_task(const Step& step);
  Task<> leave_in_background(const Step& step);
  Task<> detach(const Step& step);
  Task<> refuse(const Step& step);
  Task<> call_thread(const Step& step);
  Task<> with_resource(const Step& step);

  Task<> with_lock(const Step& step);
  Task<> with_permit(const Step& step);
  Task<> wait_for_event(const Step& step);
  Task<> toggle_event(const Step& step);
  Task<> wait_for_condition(const Step& step);
  Task<> notify_condition(const Step& step);
  Task<> put_into_queue(const Step& step);
  Task<> get_from_queue(const Step& step);
  Task<> close_queue(const Step& step);
  Task<> meet_at_barrier(const Step& step);

  Task<> read_memory(const Step& step);
  Task<> read_tcp(const Step& step);
  Task<> read_tls(const Step& step);
  Task<> resolve(const Step& step);
  Task<> request(const Step& step);
  Task<http::Response> get(std::string_view path, bool secure);
  void close_session();
  Task<> use_response(http::Response response, unsigned pick);

  /// A clean-up that is due: waits, and may fail.
  Task<> clean_up(unsigned pick);

  /// One that only its limit ends.
  Task<> clean_up_for_ever();

  Task<> refuse_to_end();

  World& world_;
  std::vector<Peer> peers_;
};

}  // namespace rondo::lifecycle
