#pragma once
// Results in the order in which they come.
//
//   co_await rondo::as_completed(std::move(tasks), [&](rondo::Completions<Page>& pages) -> Task<> {
//     while (pages.has_next()) {
//       Page page = co_await pages.next();
//       ...
//     }
//   });   // all of them have ended here, also if the block was left early

#include <cstddef>
#include <source_location>
#include <type_traits>
#include <utility>
#include <vector>

#include "rondo/runtime/end_watch.hpp"
#include "rondo/runtime/home_loop.hpp"
#include "rondo/runtime/loop_errors.hpp"
#include "rondo/runtime/outcome.hpp"
#include "rondo/runtime/safe_in_await.hpp"
#include "rondo/runtime/scoped_children.hpp"
#include "rondo/runtime/task.hpp"
#include "rondo/runtime/task_group.hpp"

namespace rondo {

template <class T>
class Completions;

namespace detail {
template <class R, class T, class Body>
Task<R> run_as_completed(std::vector<Task<T>> tasks, Body body, std::source_location where);
}  // namespace detail

/// The tasks of one `as_completed` call, given out as they end. One task uses it at a time, under
/// the loop it was made under.
template <class T>
class Completions {
 public:
  Completions(const Completions&) = delete;
  Completions& operator=(const Completions&) = delete;

  /// Whether there is a task that `next` has not given yet.
  [[nodiscard]] bool has_next() const noexcept { return given_ < frames_.size(); }

  /// Waits for the next task to end; gives its value or throws its exception. Cancelling ends the
  /// wait, and gives nothing. Throws `InvalidStateError` when all were given, and while another
  /// call waits.
  Task<T> next() {
    home_.settle();
    if (!has_next()) throw InvalidStateError("as_completed() has given all its tasks");
    if (watch_.is_awaited()) throw InvalidStateError("Completions::next() is awaited already");
    co_await watch_.until(given_ + 1);
    index_ = watch_.ended()[given_++];
    co_return frames_[index_]->take_result();
  }

  /// Which task the last `next` gave, by its place in the vector.
  [[nodiscard]] std::size_t index() const noexcept { return index_; }

 private:
  template <class R, class U, class Body>
  friend Task<R> detail::run_as_completed(std::vector<Task<U>> tasks, Body body,
                                          std::source_location where);

  Completions(std::vector<Task<T>> tasks, std::source_location where)
      : home_("Completions", where),
        frames_(children_.make(std::move(tasks))),
        watch_(frames_.size()) {
    home_.settle();
    for (const auto& frame : frames_) watch_.add(*frame);
    for (const auto& frame : frames_) children_.start(*frame, where);
  }

  /// All have ended: logs the errors that `next` has not thrown.
  void report_not_given() const noexcept {
    for (std::size_t i = given_; i < frames_.size(); ++i) {
      children_.report(*frames_[watch_.ended()[i]]);
    }
  }

  detail::HomeLoop home_;
  detail::ScopedChildren children_;
  std::vector<detail::FiberFrame<T>> frames_;
  detail::EndWatch watch_;
  std::size_t given_ = 0;
  std::size_t index_ = 0;
};

namespace detail {

template <class R, class T, class Body>
Task<R> run_as_completed(std::vector<Task<T>> tasks, Body body, std::source_location where) {
  Completions<T> completions(std::move(tasks), where);
  Outcome<R> result;
  try {
    if constexpr (std::is_void_v<R>) {
      co_await std::invoke(body, completions);
      result.set_value();
    } else {
      result.set_value(co_await std::invoke(body, completions));
    }
  } catch (...) {
    result.set_error(std::current_exception());
  }
  completions.children_.cancel("as_completed() was left", where);
  co_await completions.children_.all_ended();
  completions.report_not_given();
  if constexpr (std::is_void_v<R>) {
    result.value();
  } else {
    co_return std::move(result).value();
  }
}

}  // namespace detail

/// Runs the tasks side by side, in a scope of their own, and `body(completions)`, a task, which
/// takes their results as they come. When the body has ended, however, those that still run are
/// cancelled, and awaited. Gives what the body gives, or throws what it throws; the error of a task
/// that the body did not ask for goes to the log. A cancellation reaches body and tasks alike.
///
/// A closure with captures that own something must have a name: GCC 12 destroys it twice otherwise.
template <class T, class Body>
auto as_completed(std::vector<Task<T>> tasks, Body&& body,
                  std::source_location where = std::source_location::current())
    -> Task<detail::TaskValue<std::decay_t<Body>, Completions<T>&>> {
  static_assert(detail::is_safe_in_await<Body>,
                "give this lambda a name first, or capture by reference: GCC 12 destroys owning "
                "captures in an awaiting expression twice");
  using R = detail::TaskValue<std::decay_t<Body>, Completions<T>&>;
  return detail::run_as_completed<R, T, std::decay_t<Body>>(std::move(tasks),
                                                            std::forward<Body>(body), where);
}

}  // namespace rondo
