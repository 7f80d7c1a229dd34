#pragma once
// How the faults of a context's options are reported.

#include <string>
#include <string_view>

namespace rondo::tls::detail {

/// Throws a `TlsError` with `Reason::configuration`.
[[noreturn]] void refuse_option(std::string words);

/// Throws it for `file`, with what OpenSSL says. `attempted` is as in "read the private key in".
[[noreturn]] void refuse_file(std::string_view attempted, const std::string& file);

/// Throws it when `file` cannot be opened for reading, with what the system says.
void require_readable(std::string_view attempted, const std::string& file);

}  // namespace rondo::tls::detail
