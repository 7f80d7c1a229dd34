// Pins are brought into the form in which fingerprints are written, and compared as text: they are
// no secret.

#include "rondo/tls/certificate_pins.hpp"

#include <fmt/format.h>
#include <openssl/evp.h>
#include <openssl/x509.h>

#include <algorithm>
#include <array>
#include <new>
#include <string_view>

#include "rondo/base/ascii.hpp"
#include "rondo/tls/configuration_error.hpp"

namespace rondo::tls::detail {
namespace {

constexpr std::size_t kSize = 32;  // of a SHA-256
constexpr std::size_t kHexSize = 2 * kSize;
constexpr std::size_t kBase64Size = 44;
constexpr std::string_view kPrefix = "sha256//";

std::string canonical_fingerprint(std::string_view pin) {
  std::string digits;
  for (const char c : pin) {
    if (c != ':') digits.push_back(ascii::to_lower(c));
  }
  const bool is_hex =
      std::all_of(digits.begin(), digits.end(), [](char c) { return ascii::hex_value(c) >= 0; });
  if (digits.size() != kHexSize || !is_hex) {
    refuse_option(fmt::format(
        "\"{}\" is no SHA-256 fingerprint of a certificate: that has 64 hexadecimal digits", pin));
  }
  return digits;
}

std::string canonical_key(std::string_view pin) {
  std::string_view digest = pin;
  if (digest.starts_with(kPrefix)) digest.remove_prefix(kPrefix.size());
  constexpr std::string_view kAlphabet =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  const bool is_base64 = digest.size() == kBase64Size && digest.back() == '=' &&
                         digest.find_first_not_of(kAlphabet) == kBase64Size - 1;
  if (!is_base64) {
    refuse_option(fmt::format(
        "\"{}\" is no pin of a public key: that is sha256// and the base64 of 32 bytes", pin));
  }
  return std::string(kPrefix) + std::string(digest);
}

}  // namespace

std::string fingerprint_of(const x509_st& certificate) {
  std::array<unsigned char, kSize> digest{};
  if (X509_digest(&certificate, EVP_sha256(), digest.data(), nullptr) != 1) throw std::bad_alloc();
  std::string text;
  ascii::append_hex(digest, text);
  return text;
}

std::string public_key_pin_of(const x509_st& certificate) {
  unsigned char* encoded = nullptr;
  const int size = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(&certificate), &encoded);
  if (size < 0) throw std::bad_alloc();
  std::array<unsigned char, kSize> digest{};
  const int is_done = EVP_Digest(encoded, static_cast<std::size_t>(size), digest.data(), nullptr,
                                 EVP_sha256(), nullptr);
  OPENSSL_free(encoded);
  if (is_done != 1) throw std::bad_alloc();
  std::array<unsigned char, kBase64Size + 1> text{};
  EVP_EncodeBlock(text.data(), digest.data(), kSize);
  return std::string(kPrefix) + reinterpret_cast<const char*>(text.data());
}

CertificatePins::CertificatePins(const TlsOptions& options) {
  for (const std::string& pin : options.certificate_pins) {
    certificates_.push_back(canonical_fingerprint(pin));
  }
  for (const std::string& pin : options.public_key_pins) keys_.push_back(canonical_key(pin));
}

bool CertificatePins::match(const x509_st& certificate) const {
  const auto has = [](const std::vector<std::string>& pins, const auto& write) {
    return !pins.empty() && std::find(pins.begin(), pins.end(), write()) != pins.end();
  };
  return has(certificates_, [&] { return fingerprint_of(certificate); }) ||
         has(keys_, [&] { return public_key_pin_of(certificate); });
}

}  // namespace rondo::tls::detail
