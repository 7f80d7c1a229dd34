#pragma once
// What a connection through a proxy fails with, before it is told which URL it was for.

#include <exception>
#include <string>
#include <string_view>
#include <utility>

#include "rondo/base/error.hpp"
#include "rondo/proto/header_map.hpp"

namespace rondo::http {

/// Of a proxy whose Digest proof (RFC 7616 §3.5) is wrong.
inline constexpr std::string_view kWrongProof =
    "it does not prove that it knows the password (rspauth is wrong)";

/// The proxy could not be reached, or did not do its part. `what()` names it without credentials.
class ProxyFailure : public Error {
 public:
  explicit ProxyFailure(std::string message, std::exception_ptr cause = nullptr)
      : Error(std::move(message)), cause_(std::move(cause)) {}

  /// The exception behind this one, or null.
  [[nodiscard]] const std::exception_ptr& cause() const noexcept { return cause_; }

 private:
  std::exception_ptr cause_;
};

/// An HTTP proxy answered that it opens no tunnel.
class TunnelRefused : public ProxyFailure {
 public:
  TunnelRefused(std::string message, int status, proto::HeaderMap headers)
      : ProxyFailure(std::move(message)), status_(status), headers_(std::move(headers)) {}

  [[nodiscard]] int status() const noexcept { return status_; }
  [[nodiscard]] const proto::HeaderMap& headers() const noexcept { return headers_; }

 private:
  int status_;
  proto::HeaderMap headers_;
};

}  // namespace rondo::http
