// OpenSSL would ask for a missing password on the terminal, so it always gets a callback of ours,
// which also tells that there was something to ask.

#include "rondo/tls/identity.hpp"

#include <fmt/format.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <cstddef>
#include <string>
#include <string_view>

#include "rondo/tls/configuration_error.hpp"

namespace rondo::tls::detail {
namespace {

struct Password {
  const std::string& text;
  bool was_asked = false;
};

int give_password(char* buffer, int size, int /*encrypts*/, void* data) {
  auto& password = *static_cast<Password*>(data);
  password.was_asked = true;
  const std::string& text = password.text;
  if (text.empty() || text.size() > static_cast<std::size_t>(size)) return -1;
  text.copy(buffer, text.size());
  return static_cast<int>(text.size());
}

/// Whether OpenSSL has just refused a key for the certificate it had been given before.
bool is_mismatch(unsigned long error) noexcept {
  const int reason = ERR_GET_REASON(error);
  return ERR_GET_LIB(error) == ERR_LIB_X509 &&
         (reason == X509_R_KEY_VALUES_MISMATCH || reason == X509_R_KEY_TYPE_MISMATCH);
}

void load_key(SSL_CTX& context, const TlsOptions& options, const std::string& file) {
  constexpr std::string_view kAttempted = "read the private key in";
  require_readable(kAttempted, file);
  Password password{.text = options.key_password};
  SSL_CTX_set_default_passwd_cb(&context, &give_password);
  SSL_CTX_set_default_passwd_cb_userdata(&context, &password);
  const int loaded = SSL_CTX_use_PrivateKey_file(&context, file.c_str(), SSL_FILETYPE_PEM);
  SSL_CTX_set_default_passwd_cb_userdata(&context, nullptr);
  const bool fits = loaded == 1 && SSL_CTX_check_private_key(&context) == 1;
  if (fits) return;
  if (loaded == 1 || is_mismatch(ERR_peek_error())) {
    refuse_option(fmt::format("the private key in {} does not belong to the certificate in {}",
                              file, options.certificate_file));
  }
  if (!password.was_asked) refuse_file(kAttempted, file);
  refuse_option(fmt::format("cannot {} {}: it is encrypted, and the password is {}", kAttempted,
                            file, options.key_password.empty() ? "missing" : "wrong"));
}

}  // namespace

void load_identity(ssl_ctx_st& context, const TlsOptions& options) {
  constexpr std::string_view kAttempted = "read the certificate in";
  const std::string& file = options.certificate_file;
  require_readable(kAttempted, file);
  if (SSL_CTX_use_certificate_chain_file(&context, file.c_str()) != 1) {
    refuse_file(kAttempted, file);
  }
  load_key(context, options, options.key_file.empty() ? file : options.key_file);
}

}  // namespace rondo::tls::detail
