#pragma once
// Where the logins of this user are.

#include "rondo/proto/netrc.hpp"

namespace rondo::http {

/// Reads the file that $NETRC names, or .netrc in the home directory. None that can be read: knows
/// nobody. Throws `std::invalid_argument` for one that cannot be understood. Waits for the disk.
[[nodiscard]] proto::Netrc read_netrc();

}  // namespace rondo::http
