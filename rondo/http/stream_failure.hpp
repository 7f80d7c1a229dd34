#pragma once
// What a broken stream means for the exchange on it.

#include <exception>

#include "rondo/http/connection.hpp"

namespace rondo::http {

/// Sorts the exception of a read or write: the peer has gone, the system failed, or TLS did. Throws
/// a `RuntimeError` on: it says nothing about the stream.
[[nodiscard]] ExchangeFailure stream_failure(const std::exception_ptr& error);

}  // namespace rondo::http
