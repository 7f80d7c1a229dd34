#pragma once
// Which certificates were found good, and for whom.

#include <array>
#include <cstddef>
#include <ctime>
#include <map>
#include <mutex>
#include <optional>
#include <string_view>

struct x509_store_ctx_st;

namespace rondo::tls::detail {

/// To verify a chain takes an eighth of a handshake, and programs meet the same few again and
/// again. One that was found good counts as good for the same name for five minutes, and no longer
/// than each of its certificates is valid. What was found bad is not kept. For one trust store, and
/// connections that differ in nothing that verification looks at but the name. Any thread.
class VerifiedChains {
 public:
  static constexpr std::size_t kMostKept = 256;
  static constexpr std::time_t kSecondsKept = 300;

  /// As `X509_verify_cert`, for a peer that is to be `name`. The callback of `verification` is told
  /// of each certificate, as ever, unless the chain is known.
  [[nodiscard]] int verify(x509_store_ctx_st& verification, std::string_view name,
                           std::time_t now = std::time(nullptr)) noexcept;

  [[nodiscard]] std::size_t size() const;

 private:
  using Digest = std::array<unsigned char, 32>;  // SHA-256
  struct Period {
    std::time_t begin = 0;
    std::time_t end = 0;
  };

  [[nodiscard]] static std::optional<Digest> digest_of(const x509_store_ctx_st& verification,
                                                       std::string_view name) noexcept;
  [[nodiscard]] bool knows(const Digest& chain, std::time_t now) const;
  void add(const Digest& chain, Period period) noexcept;

  mutable std::mutex mutex_;
  std::map<Digest, Period> known_;
};

}  // namespace rondo::tls::detail
