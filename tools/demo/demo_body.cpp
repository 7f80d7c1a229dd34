// SHAKE gives as many bytes as one asks for, and Python's hashlib has it too.

#include "tools/demo/demo_body.hpp"

#include <openssl/evp.h>

#include <memory>
#include <stdexcept>

namespace rondo::demo {

std::string bytes_of(std::string_view seed, std::size_t size) {
  std::string bytes(size, '\0');
  if (size == 0) return bytes;
  const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> hash(EVP_MD_CTX_new(),
                                                                     &EVP_MD_CTX_free);
  if (hash == nullptr || EVP_DigestInit_ex(hash.get(), EVP_shake128(), nullptr) != 1 ||
      EVP_DigestUpdate(hash.get(), seed.data(), seed.size()) != 1 ||
      EVP_DigestFinalXOF(hash.get(), reinterpret_cast<unsigned char*>(bytes.data()), size) != 1) {
    throw std::runtime_error("OpenSSL cannot compute SHAKE-128");
  }
  return bytes;
}

std::string text_of(std::string_view seed, std::size_t size) {
  static constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text;
  text.reserve(size + 1);
  for (const char byte : bytes_of(seed, (size + 1) / 2)) {
    const auto value = static_cast<unsigned char>(byte);
    text += kDigits[value / 16U];
    text += kDigits[value % 16U];
  }
  text.resize(size);
  return text;
}

}  // namespace rondo::demo
