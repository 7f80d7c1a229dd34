// Files are opened before OpenSSL gets them: its own words for a missing one are of little help.

#include "rondo/tls/configuration_error.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <fstream>
#include <system_error>
#include <utility>

#include "rondo/tls/openssl_errors.hpp"
#include "rondo/tls/tls_error.hpp"

namespace rondo::tls::detail {

void refuse_option(std::string words) {
  throw TlsError(TlsError::Reason::configuration, std::move(words));
}

void refuse_file(std::string_view attempted, const std::string& file) {
  refuse_option(fmt::format("cannot {} {}: {}", attempted, file, take_openssl_error().text));
}

void require_readable(std::string_view attempted, const std::string& file) {
  errno = 0;
  if (std::ifstream(file)) return;
  const auto reason = std::generic_category().message(errno);
  refuse_option(fmt::format("cannot {} {}: {}", attempted, file, reason));
}

}  // namespace rondo::tls::detail
