#pragma once
// One question on behalf of all who ask it at the same time.

#include <cstddef>
#include <functional>
#include <memory>
#include <utility>

#include "rondo/dns/answer_store.hpp"
#include "rondo/dns/resolver.hpp"
#include "rondo/runtime/cancel_scope.hpp"
#include "rondo/runtime/task.hpp"
#include "rondo/runtime/wait_queue.hpp"

namespace rondo::dns::detail {

/// Asked in a task of its own, in the loop's background, so that the end of one who waits is not
/// the end of the question. Shared by that task and those who wait. Loop thread only.
class SharedQuestion {
 public:
  /// Called once: with the answer, before those who wait go on; or with null when nobody waits any
  /// more and the question is given up.
  using OnEnd = std::function<void(const SharedQuestion&, const Answer*)>;

  explicit SharedQuestion(OnEnd on_end) : on_end_(std::move(on_end)) {}

  /// Asks `source`. To be run once, in the background.
  [[nodiscard]] static Task<> ask(std::shared_ptr<SharedQuestion> self,
                                  std::shared_ptr<Resolver> source, QuestionKey key);

  /// Waits for the answer; throws it when it is an error. When the last of those who wait is
  /// cancelled, so is the question.
  [[nodiscard]] static Task<Resolution> wait(std::shared_ptr<SharedQuestion> self);

 private:
  class Waiting;

  void give_up() noexcept;
  void end(Answer answer);

  OnEnd on_end_;
  rondo::detail::WaitQueue ended_;
  std::size_t waiting_ = 0;
  bool has_ended_ = false;
  bool is_given_up_ = false;
  CancelScope* scope_ = nullptr;  // while the task runs
  Answer answer_;
};

}  // namespace rondo::dns::detail
