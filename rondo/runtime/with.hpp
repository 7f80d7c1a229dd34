#pragma once
// `async with`: something that is closed on every way out.
//
//   rondo::http::ClientSession session;
//   auto page = co_await rondo::with(session, [&](auto& its) -> rondo::Task<std::string> {
//     auto response = co_await its.get(url);
//     co_return co_await response.text();
//   });   // closed here, whatever has happened

#include <exception>
#include <functional>
#include <source_location>
#include <type_traits>
#include <utility>
#include <vector>

#include "rondo/runtime/cancelled.hpp"
#include "rondo/runtime/cleanup.hpp"
#include "rondo/runtime/exception_group.hpp"
#include "rondo/runtime/outcome.hpp"
#include "rondo/runtime/safe_in_await.hpp"
#include "rondo/runtime/task.hpp"
#include "rondo/runtime/task_value.hpp"

namespace rondo {

namespace detail {

/// Throws what there is to throw when a body ended with `body` and the closing with `closing`, each
/// of which may be null: a failure weighs more than a cancellation.
void rethrow_body_and_closing(const std::exception_ptr& body, const std::exception_ptr& closing);

template <class Resource>
Task<> close(Resource& resource) {
  using Result = decltype(resource.close());
  static_assert(is_task<Result> || std::is_void_v<Result>,
                "with() closes what has a close() that gives a Task or nothing");
  if constexpr (is_task<Result>) {
    co_await resource.close();
  } else {
    resource.close();
    co_return;
  }
}

template <class R, class Resource, class Body>
Task<R> run_with(Resource resource, Body body, Clock::duration close_limit,
                 std::source_location where) {
  Outcome<R> result;
  try {
    if constexpr (std::is_void_v<R>) {
      co_await std::invoke(body, resource);
      result.set_value();
    } else {
      result.set_value(co_await std::invoke(body, resource));
    }
  } catch (...) {
    result.set_error(std::current_exception());
  }
  std::exception_ptr failure_to_close;
  try {
    Cleanup closing{close(resource), close_limit, "close() of with()", where};
    co_await perform(closing);
  } catch (...) {
    failure_to_close = std::current_exception();
  }
  rethrow_body_and_closing(result.error(), failure_to_close);
  if constexpr (!std::is_void_v<R>) co_return std::move(result).value();
}

}  // namespace detail

/// Awaits `body(resource)`, a task, then closes the resource, whichever way the body ended: by
/// return, exception or cancellation. Gives what the body gives.
///
/// A `resource.close()` that gives a task is awaited out of reach of every cancellation, for at
/// most `close_limit`: then it is cancelled, and `TimeoutError` names the place `where`. At the end
/// of a run the shutdown time-out ends it as well. One that gives nothing is called. A failure of
/// the body and one of the closing come out together, as an `ExceptionGroup`; beside a failure a
/// cancellation is not mentioned.
///
/// Ownership: a resource with a name is referred to and must outlive the task; a temporary is moved
/// into it. A closure with captures that own something must have a name: GCC 12 destroys it twice
/// otherwise.
template <class Resource, class Body>
auto with(Resource&& resource, Body&& body, Clock::duration close_limit = kCleanupTimeout,
          std::source_location where = std::source_location::current())
    -> Task<detail::TaskValue<std::decay_t<Body>, std::remove_reference_t<Resource>&>> {
  static_assert(detail::is_safe_in_await<Resource> && detail::is_safe_in_await<Body>,
                "give this lambda or aggregate a name first, or capture by reference: GCC 12 "
                "destroys it twice in an awaiting expression");
  using R = detail::TaskValue<std::decay_t<Body>, std::remove_reference_t<Resource>&>;
  return detail::run_with<R, Resource, std::decay_t<Body>>(
      std::forward<Resource>(resource), std::forward<Body>(body), close_limit, where);
}

}  // namespace rondo
