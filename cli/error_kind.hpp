#pragma once
// The kinds of failure that results name: one word each, which scripts rely on.

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "rondo/http/errors.hpp"

namespace rondo::cli {

enum class ErrorKind : std::uint8_t {
  url,
  resolve,
  connect,
  tls,
  proxy,
  timeout,
  disconnected,
  protocol,
  payload,
  too_large,
  redirect,
  denied,
  status,
  cancelled,
  io,
  checksum,
};

inline constexpr std::size_t kErrorKinds = 16;

[[nodiscard]] std::string_view to_string(ErrorKind kind) noexcept;

/// Why a transfer failed, as results tell it.
struct TransferError {
  ErrorKind kind = ErrorKind::url;
  std::string class_name;  ///< in the error tree: "ClientConnectorDNSError"
  std::string phase;
  std::string message;
};

/// The kind of an error of the session.
[[nodiscard]] ErrorKind kind_of(const http::ClientError& error) noexcept;

/// An error of the session as results tell it.
[[nodiscard]] TransferError describe(const http::ClientError& error);

}  // namespace rondo::cli
