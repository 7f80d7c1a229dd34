#pragma once
// What is done about an answer that says no.

#include <functional>
#include <memory>
#include <type_traits>
#include <utility>

#include "rondo/runtime/task.hpp"

namespace rondo::http {

class Response;

/// Awaited with each final answer before it is handed out; throws what the request is to throw, and
/// may read the body for that. One object serves any number of requests, also at the same time.
using StatusCheck = std::function<Task<>(Response&)>;

/// For a session: `true` throws `ClientResponseError` for a status of 400 and above, `false`
/// nothing, and a function decides itself.
class RaiseForStatus {
 public:
  RaiseForStatus(bool raises = false);
  RaiseForStatus(StatusCheck check)
      : check_(std::make_shared<const StatusCheck>(std::move(check))) {}
  template <class Callable>
    requires(std::is_invocable_r_v<Task<>, Callable&, Response&>)
  RaiseForStatus(Callable check) : RaiseForStatus(StatusCheck(std::move(check))) {}

  /// Null: every answer is as good as any other.
  [[nodiscard]] const std::shared_ptr<const StatusCheck>& check() const noexcept { return check_; }

 private:
  std::shared_ptr<const StatusCheck> check_;
};

/// The same for one request: by default it is as the session wants it. A view (docs/design.md §10).
class RaiseForStatusOption {
 public:
  constexpr RaiseForStatusOption() noexcept = default;
  constexpr RaiseForStatusOption(bool raises) noexcept : kind_(raises ? Kind::yes : Kind::no) {}
  constexpr RaiseForStatusOption(const RaiseForStatus& own) noexcept
      : kind_(Kind::own), own_(&own) {}

  /// What holds for a request in a session that has `defaults`.
  [[nodiscard]] std::shared_ptr<const StatusCheck> over(
      const std::shared_ptr<const StatusCheck>& defaults) const;

 private:
  enum class Kind : unsigned char { session, yes, no, own };

  Kind kind_ = Kind::session;
  const RaiseForStatus* own_ = nullptr;
};

static_assert(std::is_trivially_destructible_v<RaiseForStatusOption>);

}  // namespace rondo::http
