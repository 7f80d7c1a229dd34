// Everything is checked here, once, so that a connection can later only fail for what its peer
// does.

#include "rondo/tls/tls_context.hpp"

#include <fmt/format.h>
#include <openssl/ssl.h>

#include <new>
#include <utility>

#include "rondo/tls/alpn.hpp"
#include "rondo/tls/configuration_error.hpp"
#include "rondo/tls/identity.hpp"
#include "rondo/tls/openssl_errors.hpp"
#include "rondo/tls/tls_context_state.hpp"
#include "rondo/tls/tls_engine.hpp"
#include "rondo/tls/trusted_roots.hpp"

namespace rondo::tls {
namespace {

using State = TlsContext::State;

int native_version(TlsVersion version) noexcept {
  return version == TlsVersion::tls_1_2 ? TLS1_2_VERSION : TLS1_3_VERSION;
}

void set_protocol(SSL_CTX& context, const TlsOptions& options) {
  if (options.min_version > options.max_version) {
    detail::refuse_option("the lowest TLS version is above the highest one");
  }
  SSL_CTX_set_min_proto_version(&context, native_version(options.min_version));
  SSL_CTX_set_max_proto_version(&context, native_version(options.max_version));
  const std::string& ciphers = options.ciphers;
  if (!ciphers.empty() && SSL_CTX_set_cipher_list(&context, ciphers.c_str()) != 1) {
    detail::refuse_option(fmt::format("no TLS 1.2 cipher is called \"{}\"", ciphers));
  }
  const std::string& suites = options.ciphersuites;
  if (!suites.empty() && SSL_CTX_set_ciphersuites(&context, suites.c_str()) != 1) {
    detail::refuse_option(fmt::format("no TLS 1.3 cipher is called \"{}\"", suites));
  }
}

std::unique_ptr<State> make_state(const SSL_METHOD* method, bool is_client,
                                  const TlsOptions& options) {
  detail::clear_openssl_errors();
  detail::ContextHandle native(SSL_CTX_new(method));
  if (!native) throw std::bad_alloc();
  SSL_CTX& context = *native;
  SSL_CTX_set_options(&context, SSL_OP_NO_RENEGOTIATION);
  if (!options.session_tickets) {
    SSL_CTX_set_options(&context, SSL_OP_NO_TICKET);
    SSL_CTX_set_num_tickets(&context, 0);  // of a TLS 1.3 server, which sends two otherwise
  }
  SSL_CTX_set_mode(&context, SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  set_protocol(context, options);
  auto state = std::make_unique<State>(std::move(native), is_client, options);
  state->alpn = detail::alpn_extension(options.alpn);
  if (!options.key_log_file.empty()) {
    state->key_log = std::make_unique<detail::KeyLog>(options.key_log_file);
    SSL_CTX_set_keylog_callback(&context, &detail::TlsEngine::on_key_log);
  }
  return state;
}

bool has_given_roots(const TlsOptions& options) noexcept {
  return !options.ca_file.empty() || !options.ca_directory.empty();
}

void set_trust(State& state, const TlsOptions& options) {
  SSL_CTX& context = *state.native;
  if (has_given_roots(options)) {
    detail::trust_given_roots(context, options);
  } else if (!options.insecure) {
    detail::trust_system_roots(context);
    state.lacks_roots = !detail::has_system_roots();
  }
  SSL_CTX_set_verify(&context, options.insecure ? SSL_VERIFY_NONE : SSL_VERIFY_PEER, nullptr);
  SSL_CTX_set_cert_verify_callback(&context, &detail::TlsEngine::on_verify_chain, nullptr);
}

void keep_sessions(SSL_CTX& context) {
  SSL_CTX_set_session_cache_mode(&context, SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL);
  SSL_CTX_sess_set_new_cb(&context, &detail::TlsEngine::on_new_session);
}

void demand_certificates(SSL_CTX& context, const TlsOptions& options) {
  detail::trust_given_roots(context, options);
  SSL_CTX_set_verify(&context, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
  // Sessions carry the client's certificate: OpenSSL wants to know for whom they are.
  constexpr unsigned char kName[] = {'r', 'o', 'n', 'd', 'o'};
  SSL_CTX_set_session_id_context(&context, kName, sizeof kName);
}

}  // namespace

TlsContext::TlsContext(std::unique_ptr<State> state) noexcept : state_(std::move(state)) {}

TlsContext::~TlsContext() = default;

bool TlsContext::is_client() const noexcept {
  return state_->is_client;
}

std::shared_ptr<const TlsContext> TlsContext::client(const TlsOptions& options) {
  auto state = make_state(TLS_client_method(), true, options);
  set_trust(*state, options);
  if (!options.certificate_file.empty()) detail::load_identity(*state->native, options);
  keep_sessions(*state->native);
  return std::make_shared<const TlsContext>(std::move(state));
}

std::shared_ptr<const TlsContext> TlsContext::server(const TlsOptions& options) {
  if (options.certificate_file.empty()) detail::refuse_option("a server needs a certificate");
  auto state = make_state(TLS_server_method(), false, options);
  detail::load_identity(*state->native, options);
  if (has_given_roots(options)) demand_certificates(*state->native, options);
  if (!state->alpn.empty()) detail::choose_alpn(*state->native, state->alpn);
  return std::make_shared<const TlsContext>(std::move(state));
}

}  // namespace rondo::tls
