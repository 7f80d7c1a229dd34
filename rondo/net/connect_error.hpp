#pragma once
// Why no address of a host could be connected to.

#include <exception>
#include <string>
#include <vector>

#include "rondo/base/error.hpp"
#include "rondo/net/address.hpp"

namespace rondo::net {

/// One attempt that failed.
struct ConnectFailure {
  SocketAddress address;
  std::exception_ptr error;
  std::string reason;  ///< in words, as in "Connection refused"
};

/// Every attempt failed. `what()` names each address with its reason, `details()` has a line for
/// each.
class ConnectError : public Error {
 public:
  explicit ConnectError(std::vector<ConnectFailure> failures);

  /// In the order in which they happened; empty if there was no address to try.
  [[nodiscard]] const std::vector<ConnectFailure>& failures() const noexcept { return failures_; }

 private:
  std::vector<ConnectFailure> failures_;
};

/// The failure that `error` tells of. The reason of an `OsError` is that of the system alone, since
/// the rest of its message names the address again.
[[nodiscard]] ConnectFailure describe_failure(const SocketAddress& address,
                                              std::exception_ptr error);

}  // namespace rondo::net
