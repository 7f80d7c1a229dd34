#pragma once
// From what went wrong inside to the error tree.

#include <exception>
#include <string_view>

#include "rondo/http/connection.hpp"
#include "rondo/http/errors.hpp"
#include "rondo/runtime/clock.hpp"

namespace rondo::http {

/// The failure of a request that had so much time.
[[nodiscard]] ExchangeFailure timed_out(Clock::duration whole);

/// Throws the `ClientError` for a failed exchange: before the answer's head was complete.
[[noreturn]] void throw_exchange_error(const ExchangeFailure& failure, const ErrorSite& site);

/// Throws the `ClientError` for a body that could not be read to its end.
[[noreturn]] void throw_body_error(const ExchangeFailure& failure, const ErrorSite& site);

/// Throws the `ClientError` for `error`, which stood in the way of a connection. A `RuntimeError`
/// is thrown on: it is about the program.
[[noreturn]] void throw_connect_error(const std::exception_ptr& error, const ErrorSite& site);

/// What a request does in that phase: "waiting for the answer".
[[nodiscard]] std::string_view activity(Phase phase) noexcept;

}  // namespace rondo::http
