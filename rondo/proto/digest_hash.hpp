#pragma once
// The hash functions of Digest authentication (RFC 7616 §3.3, §6.1).

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace rondo::proto {

enum class DigestHash : std::uint8_t { md5, sha256, sha512_256 };

/// Whether this OpenSSL offers it: one in FIPS mode has no MD5.
[[nodiscard]] bool is_offered(DigestHash hash) noexcept;

/// The hash of `bytes` in lower-case hexadecimal digits. Throws `Error` if it is not offered.
[[nodiscard]] std::string digest_hash(DigestHash hash, std::string_view bytes);

/// The same of bytes that come piece by piece. One thread at a time; a moved-from one may only be
/// destroyed or assigned to.
class DigestHasher {
 public:
  /// Throws `Error` if `hash` is not offered.
  explicit DigestHasher(DigestHash hash);
  DigestHasher(DigestHasher&&) noexcept;
  DigestHasher& operator=(DigestHasher&&) noexcept;
  ~DigestHasher();

  /// Adds `bytes` behind those before.
  void update(std::string_view bytes);

  /// Of all bytes, in lower-case hexadecimal digits. Once, and the last call.
  [[nodiscard]] std::string finish();

 private:
  struct Context;
  std::unique_ptr<Context> context_;
};

}  // namespace rondo::proto
