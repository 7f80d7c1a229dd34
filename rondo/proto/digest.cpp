// OpenSSL's EVP interface, which picks the processor's own instructions. The algorithm is fetched
// once a process: an implicit fetch at each start costs more than hashing a small body.

#include "rondo/proto/digest.hpp"

#include <openssl/evp.h>

#include <new>

#include "rondo/base/ascii.hpp"
#include "rondo/base/error.hpp"

namespace rondo::proto {
namespace {

const EVP_MD* sha256_algorithm() {
  static EVP_MD* const algorithm = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  if (algorithm == nullptr) throw Error("OpenSSL offers no SHA-256");
  return algorithm;
}

void check(int succeeded) {
  if (succeeded != 1) throw Error("OpenSSL failed to compute a SHA-256");
}

}  // namespace

struct Sha256::State {
  State() {
    if (context == nullptr) throw std::bad_alloc();
  }
  State(const State&) = delete;
  State& operator=(const State&) = delete;
  ~State() { EVP_MD_CTX_free(context); }

  void start() const { check(EVP_DigestInit_ex(context, sha256_algorithm(), nullptr)); }

  EVP_MD_CTX* context = EVP_MD_CTX_new();
};

Sha256::Sha256() : state_(std::make_unique<State>()) {
  state_->start();
}
Sha256::Sha256(Sha256&&) noexcept = default;
Sha256& Sha256::operator=(Sha256&&) noexcept = default;
Sha256::~Sha256() = default;

void Sha256::update(std::string_view bytes) {
  check(EVP_DigestUpdate(state_->context, bytes.data(), bytes.size()));
}

Sha256::Value Sha256::finish() {
  Value value{};
  check(EVP_DigestFinal_ex(state_->context, value.data(), nullptr));
  state_->start();
  return value;
}

std::string Sha256::finish_hex() {
  std::string text;
  ascii::append_hex(finish(), text);
  return text;
}

std::string sha256_hex(std::string_view bytes) {
  Sha256 hash;
  hash.update(bytes);
  return hash.finish_hex();
}

}  // namespace rondo::proto
