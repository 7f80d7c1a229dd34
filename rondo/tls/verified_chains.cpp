// A chain is known by the SHA-256 of what the peer has sent, all of it: whether an intermediate
// certificate was sent decides whether verification succeeds, and should go on to do so.

#include "rondo/tls/verified_chains.hpp"

#include <openssl/evp.h>
#include <openssl/x509.h>
#include <openssl/x509_vfy.h>

#include <algorithm>
#include <memory>
#include <new>

namespace rondo::tls::detail {
namespace {

struct FreeDigest {
  void operator()(EVP_MD_CTX* digest) const noexcept { EVP_MD_CTX_free(digest); }
};

/// In DER, whose lengths tell one certificate from the next.
bool add_certificate(EVP_MD_CTX* digest, const X509* certificate) noexcept {
  unsigned char* encoded = nullptr;
  const int size = i2d_X509(certificate, &encoded);
  if (size < 0) return false;
  const bool is_added = EVP_DigestUpdate(digest, encoded, static_cast<std::size_t>(size)) == 1;
  OPENSSL_free(encoded);
  return is_added;
}

bool add_chain(EVP_MD_CTX* digest, const X509_STORE_CTX& verification) noexcept {
  if (!add_certificate(digest, X509_STORE_CTX_get0_cert(&verification))) return false;
  const STACK_OF(X509)* sent = X509_STORE_CTX_get0_untrusted(&verification);
  for (int i = 0; i < sk_X509_num(sent); ++i) {
    if (!add_certificate(digest, sk_X509_value(sent, i))) return false;
  }
  return true;
}

/// How long from now on all of the chain is valid.
std::time_t seconds_left(const X509_STORE_CTX& verification) noexcept {
  constexpr std::time_t kDay = 86'400;
  std::time_t left = VerifiedChains::kSecondsKept;
  const STACK_OF(X509)* chain = X509_STORE_CTX_get0_chain(&verification);
  for (int i = 0; i < sk_X509_num(chain); ++i) {
    int days = 0;
    int seconds = 0;
    const ASN1_TIME* end = X509_get0_notAfter(sk_X509_value(chain, i));
    if (ASN1_TIME_diff(&days, &seconds, nullptr, end) != 1) return 0;
    left = std::min(left, days * kDay + seconds);
  }
  return left;
}

}  // namespace

int VerifiedChains::verify(x509_store_ctx_st& verification, std::string_view name,
                           std::time_t now) noexcept {
  const std::optional<Digest> chain = digest_of(verification, name);
  if (chain && knows(*chain, now)) {
    X509_STORE_CTX_set_error(&verification, X509_V_OK);
    return 1;
  }
  const int result = X509_verify_cert(&verification);
  if (chain && result == 1) add(*chain, {now, now + seconds_left(verification)});
  return result;
}

std::optional<VerifiedChains::Digest> VerifiedChains::digest_of(
    const x509_store_ctx_st& verification, std::string_view name) noexcept {
  const std::unique_ptr<EVP_MD_CTX, FreeDigest> digest(EVP_MD_CTX_new());
  Digest result{};
  constexpr unsigned char kEndOfName = 0;
  const bool is_done = digest && EVP_DigestInit_ex(digest.get(), EVP_sha256(), nullptr) == 1 &&
                       EVP_DigestUpdate(digest.get(), name.data(), name.size()) == 1 &&
                       EVP_DigestUpdate(digest.get(), &kEndOfName, 1) == 1 &&
                       add_chain(digest.get(), verification) &&
                       EVP_DigestFinal_ex(digest.get(), result.data(), nullptr) == 1;
  return is_done ? std::optional(result) : std::nullopt;
}

bool VerifiedChains::knows(const Digest& chain, std::time_t now) const {
  const std::lock_guard lock(mutex_);
  const auto found = known_.find(chain);
  return found != known_.end() && found->second.begin <= now && now < found->second.end;
}

void VerifiedChains::add(const Digest& chain, Period period) noexcept {
  const std::lock_guard lock(mutex_);
  try {
    known_.insert_or_assign(chain, period);
  } catch (const std::bad_alloc&) {
    return;  // the next connection verifies it again
  }
  if (known_.size() <= kMostKept) return;
  const auto ends_earlier = [](const auto& a, const auto& b) {
    return a.second.end < b.second.end;
  };
  known_.erase(std::min_element(known_.begin(), known_.end(), ends_earlier));
}

std::size_t VerifiedChains::size() const {
  const std::lock_guard lock(mutex_);
  return known_.size();
}

}  // namespace rondo::tls::detail
