// OpenSSL's X.509 functions, each checked: a test must not go on with half a certificate.

#include "tests/support/test_certificates.hpp"

#include <arpa/inet.h>
#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>

#include <array>
#include <filesystem>
#include <stdexcept>
#include <string_view>

namespace rondo::test {
namespace {

template <auto free_function>
struct Free {
  template <class T>
  void operator()(T* object) const noexcept {
    free_function(object);
  }
};
using Bio = std::unique_ptr<BIO, Free<BIO_free>>;
using Certificate = std::unique_ptr<X509, Free<X509_free>>;
using Extension = std::unique_ptr<X509_EXTENSION, Free<X509_EXTENSION_free>>;
using Key = std::unique_ptr<EVP_PKEY, Free<EVP_PKEY_free>>;

void require(bool is_done, const char* what) {
  if (!is_done) throw std::runtime_error(std::string("cannot make a test certificate: ") + what);
}

std::string content(const Bio& bio) {
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio.get(), &data);
  return {data, static_cast<std::size_t>(size)};
}

std::string pem_of(X509& certificate) {
  const Bio bio(BIO_new(BIO_s_mem()));
  require(PEM_write_bio_X509(bio.get(), &certificate) == 1, "certificate to PEM");
  return content(bio);
}

std::string pem_of(const EVP_PKEY& key, const std::string& password) {
  const Bio bio(BIO_new(BIO_s_mem()));
  const EVP_CIPHER* cipher = password.empty() ? nullptr : EVP_aes_256_cbc();
  require(PEM_write_bio_PKCS8PrivateKey(bio.get(), &key, cipher, password.data(),
                                        static_cast<int>(password.size()), nullptr, nullptr) == 1,
          "key to PEM");
  return content(bio);
}

std::string alternative_names(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) {
    std::array<unsigned char, 16> address{};
    const bool is_address = ::inet_pton(AF_INET, name.c_str(), address.data()) == 1 ||
                            ::inet_pton(AF_INET6, name.c_str(), address.data()) == 1;
    text += (text.empty() ? "" : ",") + std::string(is_address ? "IP:" : "DNS:") + name;
  }
  return text;
}

void set_name(X509_NAME& name, const std::string& common_name) {
  const auto* text = reinterpret_cast<const unsigned char*>(common_name.c_str());
  require(X509_NAME_add_entry_by_txt(&name, "CN", MBSTRING_UTF8, text, -1, -1, 0) == 1, "name");
}

void set_serial_number(X509& certificate) {
  std::array<unsigned char, 8> bytes{};
  require(RAND_bytes(bytes.data(), bytes.size()) == 1, "random serial number");
  std::uint64_t number = 0;
  for (const unsigned char byte : bytes) number = (number << 7) | byte;
  ASN1_INTEGER_set_uint64(X509_get_serialNumber(&certificate), number | 1);
}

void add_extension(X509& certificate, X509& issuer, int id, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, &issuer, &certificate, nullptr, nullptr, 0);
  const Extension extension(X509V3_EXT_conf_nid(nullptr, &context, id, value.c_str()));
  require(extension && X509_add_ext(&certificate, extension.get(), -1) == 1, value.c_str());
}

/// Everything but the issuer, the extensions and the signature.
Certificate unsigned_certificate(const CertificateRequest& request, EVP_PKEY& key) {
  Certificate certificate(X509_new());
  require(certificate != nullptr, "memory");
  X509_set_version(certificate.get(), X509_VERSION_3);
  set_serial_number(*certificate);
  X509_gmtime_adj(X509_getm_notBefore(certificate.get()), request.valid_from.count());
  X509_gmtime_adj(X509_getm_notAfter(certificate.get()), request.valid_until.count());
  set_name(*X509_get_subject_name(certificate.get()), request.common_name);
  require(X509_set_pubkey(certificate.get(), &key) == 1, "public key");
  return certificate;
}

struct Issued {
  Certificate certificate;
  Key key;
};

/// Issued by itself when there is no issuer.
Issued make(const CertificateRequest& request, bool is_authority, const Issued* issuer,
            const std::string& name_constraints = {}) {
  Key key(request.rsa_bits != 0 ? EVP_RSA_gen(request.rsa_bits) : EVP_EC_gen("P-256"));
  require(key != nullptr, "key");
  Certificate certificate = unsigned_certificate(request, *key);
  X509& issuing = issuer != nullptr ? *issuer->certificate : *certificate;
  require(X509_set_issuer_name(certificate.get(), X509_get_subject_name(&issuing)) == 1, "issuer");
  add_extension(*certificate, issuing, NID_basic_constraints,
                is_authority ? "critical,CA:TRUE" : "critical,CA:FALSE");
  add_extension(*certificate, issuing, NID_subject_key_identifier, "hash");
  add_extension(*certificate, issuing, NID_authority_key_identifier, "keyid");
  if (!request.names.empty()) {
    add_extension(*certificate, issuing, NID_subject_alt_name, alternative_names(request.names));
  }
  if (!request.extended_key_usage.empty()) {
    add_extension(*certificate, issuing, NID_ext_key_usage, request.extended_key_usage);
  }
  if (!name_constraints.empty()) {
    add_extension(*certificate, issuing, NID_name_constraints, name_constraints);
  }
  EVP_PKEY& signing = issuer != nullptr ? *issuer->key : *key;
  require(X509_sign(certificate.get(), &signing, EVP_sha256()) > 0, "signature");
  return {std::move(certificate), std::move(key)};
}

std::vector<std::string> local_names() {
  return {"localhost", "127.0.0.1", "::1"};
}

}  // namespace

class TestAuthority {
 public:
  explicit TestAuthority(const std::string& name, const TestAuthority* issuer = nullptr,
                         const std::string& name_constraints = {})
      : own_(make({.common_name = name, .valid_until = std::chrono::hours(48)}, true,
                  issuer != nullptr ? &issuer->own_ : nullptr, name_constraints)) {}

  [[nodiscard]] Issued issue(const CertificateRequest& request) const {
    return make(request, false, &own_);
  }
  [[nodiscard]] std::string pem() const { return pem_of(*own_.certificate); }

  /// How OpenSSL finds the certificate in a directory.
  [[nodiscard]] unsigned long hash() const {
    return X509_subject_name_hash(own_.certificate.get());
  }

 private:
  Issued own_;
};

TestCertificates::TestCertificates()
    : root_(std::make_unique<TestAuthority>("Rondo test root")),
      ca_file_(directory_.write("root.pem", root_->pem())) {}

TestCertificates::~TestCertificates() = default;

std::string TestCertificates::ca_directory() const {
  const auto directory = directory_.path() / "roots";
  std::filesystem::create_directories(directory);
  std::array<char, 16> name{};
  std::snprintf(name.data(), name.size(), "%08lx.0", root_->hash());
  std::filesystem::copy_file(ca_file_, directory / name.data(),
                             std::filesystem::copy_options::overwrite_existing);
  return directory;
}

IdentityFiles TestCertificates::write(const std::string& certificates,
                                      const std::string& key) const {
  const std::string name = "identity" + std::to_string(++written_);
  return {directory_.write(name + ".pem", certificates), directory_.write(name + ".key", key)};
}

IdentityFiles TestCertificates::issue(const CertificateRequest& request) const {
  const Issued issued = root_->issue(request);
  return write(pem_of(*issued.certificate), pem_of(*issued.key, request.key_password));
}

IdentityFiles TestCertificates::good() const {
  return issue({.common_name = "localhost", .names = local_names()});
}

IdentityFiles TestCertificates::expired() const {
  return issue({.common_name = "localhost",
                .names = local_names(),
                .valid_from = -std::chrono::hours(24),
                .valid_until = -std::chrono::hours(1)});
}

IdentityFiles TestCertificates::not_yet_valid() const {
  return issue(
      {.common_name = "localhost", .names = local_names(), .valid_from = std::chrono::hours(1)});
}

IdentityFiles TestCertificates::wrong_host() const {
  return issue({.common_name = "a.example", .names = {"a.example"}});
}

IdentityFiles TestCertificates::nameless() const {
  return issue({.common_name = "localhost"});
}

IdentityFiles TestCertificates::unknown_issuer() const {
  const TestAuthority stranger("Nobody's root");
  const Issued issued = stranger.issue({.common_name = "localhost", .names = local_names()});
  return write(pem_of(*issued.certificate), pem_of(*issued.key, {}));
}

IdentityFiles TestCertificates::self_signed() const {
  const Issued issued = make({.common_name = "localhost", .names = local_names()}, false, nullptr);
  return write(pem_of(*issued.certificate), pem_of(*issued.key, {}));
}

IdentityFiles TestCertificates::with_intermediate() const {
  const TestAuthority intermediate("Rondo test intermediate", root_.get());
  const Issued issued = intermediate.issue({.common_name = "localhost", .names = local_names()});
  return write(pem_of(*issued.certificate) + intermediate.pem(), pem_of(*issued.key, {}));
}

IdentityFiles TestCertificates::without_its_intermediate() const {
  const TestAuthority intermediate("Rondo test intermediate", root_.get());
  const Issued issued = intermediate.issue({.common_name = "localhost", .names = local_names()});
  return write(pem_of(*issued.certificate), pem_of(*issued.key, {}));
}

IdentityFiles TestCertificates::constrained(const std::string& constraints,
                                            const CertificateRequest& request) const {
  const TestAuthority intermediate("Rondo constrained", root_.get(), constraints);
  const Issued issued = intermediate.issue(request);
  return write(pem_of(*issued.certificate) + intermediate.pem(), pem_of(*issued.key, {}));
}

IdentityFiles TestCertificates::client() const {
  return issue({.common_name = "client"});
}

}  // namespace rondo::test
