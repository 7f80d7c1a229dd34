#pragma once
// Which errors may be gone next time.

#include "rondo/http/errors.hpp"

namespace rondo::http {

/// Whether it was the connection that failed, or a body was cut or damaged on its way: what may be
/// different next time. Certificates, address policies, names that do not exist, bodies that are
/// too large and answers that are no HTTP are not.
[[nodiscard]] bool is_transient(const ClientError& error) noexcept;

}  // namespace rondo::http
