// Fetched once a process, and for Digest authentication only, so that nobody else pays for it.

#include "rondo/proto/digest_hash.hpp"

#include <openssl/evp.h>

#include <array>

#include "rondo/base/error.hpp"

namespace rondo::proto {
namespace {

const EVP_MD* algorithm_of(DigestHash hash) noexcept {
  static const std::array<EVP_MD*, 3> kAlgorithms = {EVP_MD_fetch(nullptr, "MD5", nullptr),
                                                     EVP_MD_fetch(nullptr, "SHA256", nullptr),
                                                     EVP_MD_fetch(nullptr, "SHA512-256", nullptr)};
  return kAlgorithms[static_cast<std::size_t>(hash)];
}

}  // namespace

bool is_offered(DigestHash hash) noexcept {
  return algorithm_of(hash) != nullptr;
}

std::string digest_hash(DigestHash hash, std::string_view bytes) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> value{};
  unsigned size = 0;
  const EVP_MD* const algorithm = algorithm_of(hash);
  if (algorithm == nullptr ||
      EVP_Digest(bytes.data(), bytes.size(), value.data(), &size, algorithm, nullptr) != 1) {
    throw Error("OpenSSL does not offer the hash function of this Digest authentication");
  }
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text;
  text.reserve(2 * std::size_t{size});
  for (unsigned i = 0; i < size; ++i) {
    text.push_back(kDigits[value[i] >> 4]);
    text.push_back(kDigits[value[i] & 15]);
  }
  return text;
}

}  // namespace rondo::proto
