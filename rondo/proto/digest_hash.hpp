#pragma once
// The hash functions of Digest authentication (RFC 7616 §3.3, §6.1).

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace rondo::proto {

enum class DigestHash : std::uint8_t { md5, sha256, sha512_256 };

/// Whether this OpenSSL offers it: one in FIPS mode has no MD5.
[[nodiscard]] bool is_offered(DigestHash hash) noexcept;

/// The hash of `bytes` in lower-case hexadecimal digits. Throws `Error` if it is not offered.
[[nodiscard]] std::string digest_hash(DigestHash hash, std::string_view bytes);

}  // namespace rondo::proto
