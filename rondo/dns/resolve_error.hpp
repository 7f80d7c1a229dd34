#pragma once
// Why a host name gave no address.

#include <cstdint>
#include <string>

#include "rondo/base/error.hpp"

namespace rondo::dns {

/// A name could not be resolved. `what()` reads "cannot resolve example.test: there is no such
/// name".
class ResolveError : public Error {
 public:
  enum class Kind : std::uint8_t {
    bad_name,        ///< no host name: empty, too long, or with bytes that no name has
    not_found,       ///< the name does not exist (NXDOMAIN)
    no_address,      ///< the name exists, but has no address of the family asked for (NODATA)
    timed_out,       ///< no server answered in time
    server_failure,  ///< the server could not find out (SERVFAIL), or answered nonsense
    refused,         ///< the server refuses to answer (REFUSED)
    unreachable,     ///< no server could be reached, or none of several gave an answer
    closed,          ///< the resolver was closed meanwhile
    internal,        ///< memory ran out, or the like
  };

  ResolveError(Kind kind, std::string host, const std::string& reason);

  [[nodiscard]] Kind kind() const noexcept { return kind_; }
  [[nodiscard]] const std::string& host() const noexcept { return host_; }

 private:
  Kind kind_;
  std::string host_;
};

}  // namespace rondo::dns
