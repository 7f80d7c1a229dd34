// The extension is a list of names, each behind a byte with its length.

#include "rondo/tls/alpn.hpp"

#include <fmt/format.h>
#include <openssl/ssl.h>

#include "rondo/tls/configuration_error.hpp"

namespace rondo::tls::detail {
namespace {

int choose(SSL* /*ssl*/, const unsigned char** chosen, unsigned char* chosen_size,
           const unsigned char* offered, unsigned offered_size, void* data) {
  const auto& own = *static_cast<const std::string*>(data);
  unsigned char* selected = nullptr;
  const int result = SSL_select_next_proto(
      &selected, chosen_size, reinterpret_cast<const unsigned char*>(own.data()),
      static_cast<unsigned>(own.size()), offered, offered_size);
  *chosen = selected;
  return result == OPENSSL_NPN_NEGOTIATED ? SSL_TLSEXT_ERR_OK : SSL_TLSEXT_ERR_ALERT_FATAL;
}

}  // namespace

std::string alpn_extension(const std::vector<std::string>& protocols) {
  std::string extension;
  for (const std::string& protocol : protocols) {
    if (protocol.empty() || protocol.size() > 255) {
      refuse_option(fmt::format("an ALPN protocol has 1 to 255 bytes, not {}", protocol.size()));
    }
    extension += static_cast<char>(protocol.size());
    extension += protocol;
  }
  return extension;
}

void choose_alpn(ssl_ctx_st& context, const std::string& own) {
  SSL_CTX_set_alpn_select_cb(&context, &choose, const_cast<std::string*>(&own));
}

}  // namespace rondo::tls::detail
