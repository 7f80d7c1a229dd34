// Certificates take long to make, and contexts long to fill.

#include "outside.hpp"

#include "tests/dns/udp_name_server.hpp"
#include "tests/support/test_certificates.hpp"

namespace rondo::lifecycle {
namespace {

TlsEnds make_tls(const test::TestCertificates& certificates) {
  const test::IdentityFiles identity = certificates.good();
  const std::string ca_file = certificates.ca_file();
  return {.ca_file = ca_file,
          .client = tls::TlsContext::client({.ca_file = ca_file}),
          .server = tls::TlsContext::server(
              {.certificate_file = identity.certificate_file, .key_file = identity.key_file})};
}

}  // namespace

const TlsEnds& shared_tls() {
  static const test::TestCertificates certificates;
  static const TlsEnds ends = make_tls(certificates);
  return ends;
}

const std::string& silent_name_server() {
  static const test::UdpNameServer server;
  return server.address();
}

}  // namespace rondo::lifecycle
