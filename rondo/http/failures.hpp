#pragma once
// From what went wrong inside to the error tree.

#include <exception>

#include "rondo/http/connection.hpp"
#include "rondo/http/errors.hpp"

namespace rondo::http {

/// Throws the `ClientError` for a failed exchange: before the answer's head was complete.
[[noreturn]] void throw_exchange_error(const ExchangeFailure& failure, const ErrorSite& site);

/// Throws the `ClientError` for a body that could not be read to its end.
[[noreturn]] void throw_body_error(const ExchangeFailure& failure, const ErrorSite& site);

/// Throws the `ClientError` for `error`, which stood in the way of a new connection.
[[noreturn]] void throw_connect_error(const std::exception_ptr& error, const ErrorSite& site);

}  // namespace rondo::http
