// Fetched once a process, and for Digest authentication only, so that nobody else pays for it.

#include "rondo/proto/digest_hash.hpp"

#include <openssl/evp.h>

#include <array>
#include <span>

#include "rondo/base/ascii.hpp"
#include "rondo/base/error.hpp"

namespace rondo::proto {
namespace {

const EVP_MD* algorithm_of(DigestHash hash) noexcept {
  static const std::array<EVP_MD*, 3> kAlgorithms = {EVP_MD_fetch(nullptr, "MD5", nullptr),
                                                     EVP_MD_fetch(nullptr, "SHA256", nullptr),
                                                     EVP_MD_fetch(nullptr, "SHA512-256", nullptr)};
  return kAlgorithms[static_cast<std::size_t>(hash)];
}

[[noreturn]] void refuse() {
  throw Error("OpenSSL does not offer the hash function of this Digest authentication");
}

std::string hexadecimal(std::span<const unsigned char> value) {
  std::string text;
  ascii::append_hex(value, text);
  return text;
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
    refuse();
  }
  return hexadecimal(std::span(value).first(size));
}

struct DigestHasher::Context {
  Context() = default;
  Context(const Context&) = delete;
  Context& operator=(const Context&) = delete;
  ~Context() { EVP_MD_CTX_free(evp); }

  EVP_MD_CTX* evp = EVP_MD_CTX_new();
};

DigestHasher::DigestHasher(DigestHash hash) : context_(std::make_unique<Context>()) {
  const EVP_MD* const algorithm = algorithm_of(hash);
  if (context_->evp == nullptr || algorithm == nullptr ||
      EVP_DigestInit_ex(context_->evp, algorithm, nullptr) != 1) {
    refuse();
  }
}
DigestHasher::DigestHasher(DigestHasher&&) noexcept = default;
DigestHasher& DigestHasher::operator=(DigestHasher&&) noexcept = default;
DigestHasher::~DigestHasher() = default;

void DigestHasher::update(std::string_view bytes) {
  if (EVP_DigestUpdate(context_->evp, bytes.data(), bytes.size()) != 1) refuse();
}

std::string DigestHasher::finish() {
  std::array<unsigned char, EVP_MAX_MD_SIZE> value{};
  unsigned size = 0;
  if (EVP_DigestFinal_ex(context_->evp, value.data(), &size) != 1) refuse();
  return hexadecimal(std::span(value).first(size));
}

}  // namespace rondo::proto
