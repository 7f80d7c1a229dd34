// A peer's alert comes as a reason code above an offset, with words that name an old version of the
// protocol ("sslv3 alert handshake failure", "tlsv13 alert certificate required"): only what
// follows is kept.

#include "rondo/tls/openssl_errors.hpp"

#include <openssl/err.h>
#include <openssl/ssl.h>

#include <string_view>
#include <system_error>

namespace rondo::tls::detail {
namespace {

std::string words_of(unsigned long code) {
  if (ERR_SYSTEM_ERROR(code)) {
    return std::generic_category().message(ERR_GET_REASON(code));
  }
  const char* words = ERR_reason_error_string(code);
  return words != nullptr ? words : "unknown error";
}

std::string_view behind_alert(std::string_view words) noexcept {
  constexpr std::string_view kAlert = " alert ";
  const auto position = words.find(kAlert);
  return position == std::string_view::npos ? words : words.substr(position + kAlert.size());
}

}  // namespace

// OpenSSL empties an empty queue entry by entry, which costs more than all of ours around a record.
void clear_openssl_errors() noexcept {
  if (ERR_peek_error() != 0) ERR_clear_error();
}

OpensslError take_openssl_error() {
  const unsigned long code = ERR_get_error();
  ERR_clear_error();
  OpensslError error{.text = "unknown error"};
  if (code == 0) return error;
  error.is_of_tls = ERR_GET_LIB(code) == ERR_LIB_SSL;
  error.reason = ERR_GET_REASON(code);
  error.text = words_of(code);
  if (ERR_SYSTEM_ERROR(code)) error.operating_system = error.reason;
  if (error.is_of_tls && error.reason >= SSL_AD_REASON_OFFSET) {
    error.alert = error.reason - SSL_AD_REASON_OFFSET;
    error.text = behind_alert(error.text);
  }
  return error;
}

}  // namespace rondo::tls::detail
