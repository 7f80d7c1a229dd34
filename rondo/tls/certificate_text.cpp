// What a certificate says is whatever its maker wrote: control characters never come through, for
// the text ends up on terminals and in logs.

#include "rondo/tls/certificate_text.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <openssl/bio.h>
#include <openssl/x509v3.h>

#include <array>
#include <ctime>
#include <memory>

#include "rondo/tls/certificate_pins.hpp"

namespace rondo::tls::detail {
namespace {

std::string distinguished_name(const X509_NAME* name) {
  constexpr unsigned long kOneLine = ASN1_STRFLGS_RFC2253 | XN_FLAG_SEP_CPLUS_SPC | XN_FLAG_FN_SN;
  const BioHandle text(BIO_new(BIO_s_mem()));
  if (!text || name == nullptr) return {};
  X509_NAME_print_ex(text.get(), name, 0, kOneLine);
  char* data = nullptr;
  const long size = BIO_get_mem_data(text.get(), &data);
  return {data, static_cast<std::size_t>(size)};
}

std::string time_text(const ASN1_TIME* time) {
  std::tm parts{};
  if (time == nullptr || ASN1_TIME_to_tm(time, &parts) != 1) return {};
  return fmt::format("{:04}-{:02}-{:02} {:02}:{:02}:{:02} UTC", parts.tm_year + 1900,
                     parts.tm_mon + 1, parts.tm_mday, parts.tm_hour, parts.tm_min, parts.tm_sec);
}

std::string host_text(const ASN1_STRING& name) {
  const auto* data = reinterpret_cast<const char*>(ASN1_STRING_get0_data(&name));
  std::string text(data, static_cast<std::size_t>(ASN1_STRING_length(&name)));
  for (char& c : text) {
    if (c <= ' ' || c > '~') c = '?';
  }
  return text;
}

std::string address_text(const ASN1_STRING& address) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  const int size = ASN1_STRING_length(&address);
  if (size != 4 && size != 16) return "?";
  ::inet_ntop(size == 4 ? AF_INET : AF_INET6, ASN1_STRING_get0_data(&address), text.data(),
              text.size());
  return text.data();
}

struct FreeNames {
  void operator()(GENERAL_NAMES* names) const noexcept { GENERAL_NAMES_free(names); }
};

}  // namespace

std::string subject_of(const x509_st& certificate) {
  return distinguished_name(X509_get_subject_name(&certificate));
}

std::string issuer_of(const x509_st& certificate) {
  return distinguished_name(X509_get_issuer_name(&certificate));
}

std::string start_of(const x509_st& certificate) {
  return time_text(X509_get0_notBefore(&certificate));
}

std::string expiry_of(const x509_st& certificate) {
  return time_text(X509_get0_notAfter(&certificate));
}

std::vector<std::string> names_of(const x509_st& certificate) {
  const std::unique_ptr<GENERAL_NAMES, FreeNames> names(static_cast<GENERAL_NAMES*>(
      X509_get_ext_d2i(&certificate, NID_subject_alt_name, nullptr, nullptr)));
  std::vector<std::string> hosts;
  std::vector<std::string> addresses;
  for (int i = 0; i < sk_GENERAL_NAME_num(names.get()); ++i) {
    const GENERAL_NAME* name = sk_GENERAL_NAME_value(names.get(), i);
    if (name->type == GEN_DNS) hosts.push_back(host_text(*name->d.dNSName));
    if (name->type == GEN_IPADD) addresses.push_back(address_text(*name->d.iPAddress));
  }
  hosts.insert(hosts.end(), addresses.begin(), addresses.end());
  return hosts;
}

TlsCertificate describe(const x509_st& certificate) {
  return {subject_of(certificate),       issuer_of(certificate), names_of(certificate),
          start_of(certificate),         expiry_of(certificate), fingerprint_of(certificate),
          public_key_pin_of(certificate)};
}

}  // namespace rondo::tls::detail
