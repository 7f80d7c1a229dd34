#pragma once
// Application-Layer Protocol Negotiation (RFC 7301).

#include <string>
#include <vector>

struct ssl_ctx_st;

namespace rondo::tls::detail {

/// The list as the extension has it (§3.1). Throws `TlsError` for a name that does not fit in.
[[nodiscard]] std::string alpn_extension(const std::vector<std::string>& protocols);

/// Makes a server choose from `own`, in that order; `own` outlives the context. A client that
/// offers none of them is refused (§3.2).
void choose_alpn(ssl_ctx_st& context, const std::string& own);

}  // namespace rondo::tls::detail
