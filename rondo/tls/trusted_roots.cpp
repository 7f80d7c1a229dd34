// Where the system's roots are is OpenSSL's knowledge: a file and directories, set when it was
// built, which SSL_CERT_FILE and SSL_CERT_DIR override.

#include "rondo/tls/trusted_roots.hpp"

#include <fmt/format.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <cstdlib>
#include <filesystem>
#include <ranges>
#include <string>
#include <string_view>
#include <system_error>

#include "rondo/tls/configuration_error.hpp"

namespace rondo::tls::detail {
namespace {

constexpr std::string_view kAttempted = "read the CA certificates in";

void trust_file(SSL_CTX& context, const std::string& file) {
  require_readable(kAttempted, file);
  if (SSL_CTX_load_verify_file(&context, file.c_str()) != 1) refuse_file(kAttempted, file);
}

void trust_directory(SSL_CTX& context, const std::string& directory) {
  std::error_code error;
  if (!std::filesystem::is_directory(directory, error)) {
    const std::string reason = error ? error.message() : "it is no directory";
    refuse_option(fmt::format("cannot {} {}: {}", kAttempted, directory, reason));
  }
  if (SSL_CTX_load_verify_dir(&context, directory.c_str()) != 1) {
    refuse_file(kAttempted, directory);
  }
}

std::string setting(const char* variable, const char* otherwise) {
  const char* value = std::getenv(variable);
  return value != nullptr ? value : otherwise;
}

bool is_filled_directory(const std::string& directory) {
  std::error_code error;
  const std::filesystem::directory_iterator entries(directory, error);
  return !error && entries != std::filesystem::directory_iterator();
}

}  // namespace

void trust_given_roots(ssl_ctx_st& context, const TlsOptions& options) {
  if (!options.ca_file.empty()) trust_file(context, options.ca_file);
  if (!options.ca_directory.empty()) trust_directory(context, options.ca_directory);
}

void trust_system_roots(ssl_ctx_st& context) {
  SSL_CTX_set_default_verify_paths(&context);
}

bool has_system_roots() {
  const std::string file = setting(X509_get_default_cert_file_env(), X509_get_default_cert_file());
  std::error_code error;
  if (std::filesystem::exists(file, error)) return true;
  const std::string directories =
      setting(X509_get_default_cert_dir_env(), X509_get_default_cert_dir());
  for (const auto part : std::views::split(directories, ':')) {
    if (is_filled_directory(std::string(part.begin(), part.end()))) return true;
  }
  return false;
}

}  // namespace rondo::tls::detail
