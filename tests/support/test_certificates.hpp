#pragma once
// Certificates made for one test.
//
//   const rondo::test::TestCertificates certificates;
//   const auto server = certificates.good();      // for localhost, 127.0.0.1 and ::1
//   start(server.certificate_file, server.key_file);
//   connect({.ca_file = certificates.ca_file()});

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "tests/support/temporary_directory.hpp"

namespace rondo::test {

/// PEM files; the certificate's has the intermediate certificates behind it.
struct IdentityFiles {
  std::string certificate_file;
  std::string key_file;
};

/// What a certificate is to say.
struct CertificateRequest {
  std::string common_name;

  /// Host names, and IP addresses.
  std::vector<std::string> names = {};

  /// Relative to now.
  std::chrono::seconds valid_from = -std::chrono::hours(1);
  std::chrono::seconds valid_until = std::chrono::hours(24);

  /// Encrypts the key file; empty: it is in the clear.
  std::string key_password = {};

  /// What the key may be used for, as in "clientAuth"; empty: anything.
  std::string extended_key_usage = {};

  /// The size of an RSA key; 0: an elliptic-curve key.
  unsigned rsa_bits = 0;
};

/// Certificate and key of somebody who issues certificates.
class TestAuthority;

/// A root of its own, and certificates issued by it, with elliptic-curve keys (P-256). Files last
/// as long as this object.
class TestCertificates {
 public:
  TestCertificates();
  ~TestCertificates();

  /// The root's certificate: what clients are to trust.
  [[nodiscard]] std::string ca_file() const { return ca_file_; }

  /// A directory with the root's certificate, laid out for OpenSSL.
  [[nodiscard]] std::string ca_directory() const;

  /// For localhost, 127.0.0.1 and ::1.
  [[nodiscard]] IdentityFiles good() const;

  /// The same, but its time was over an hour ago, or begins in an hour.
  [[nodiscard]] IdentityFiles expired() const;
  [[nodiscard]] IdentityFiles not_yet_valid() const;

  /// For a.example only.
  [[nodiscard]] IdentityFiles wrong_host() const;

  /// Without any name but the common name localhost.
  [[nodiscard]] IdentityFiles nameless() const;

  /// For localhost, by a root that nobody knows, and by itself.
  [[nodiscard]] IdentityFiles unknown_issuer() const;
  [[nodiscard]] IdentityFiles self_signed() const;

  /// For localhost, by an intermediate authority, with and without its certificate in the file.
  [[nodiscard]] IdentityFiles with_intermediate() const;
  [[nodiscard]] IdentityFiles without_its_intermediate() const;

  /// For a client, with the common name "client".
  [[nodiscard]] IdentityFiles client() const;

  /// By an intermediate authority that may only issue for names that OpenSSL's configuration calls
  /// `constraints`, as in "permitted;DNS:.a.example".
  [[nodiscard]] IdentityFiles constrained(const std::string& constraints,
                                          const CertificateRequest& request) const;

  /// By the root, whatever is asked for.
  [[nodiscard]] IdentityFiles issue(const CertificateRequest& request) const;

  [[nodiscard]] const TemporaryDirectory& directory() const noexcept { return directory_; }

 private:
  [[nodiscard]] IdentityFiles write(const std::string& certificates, const std::string& key) const;

  TemporaryDirectory directory_;
  std::unique_ptr<const TestAuthority> root_;
  std::string ca_file_;
  mutable int written_ = 0;
};

}  // namespace rondo::test
