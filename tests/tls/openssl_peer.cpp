// OpenSSL between two memory BIOs, which are emptied into and filled from the lower stream.

#include "tests/tls/openssl_peer.hpp"

#include <openssl/err.h>
#include <openssl/ssl.h>

#include <array>
#include <stdexcept>
#include <utility>

namespace rondo::tls {
namespace {

SSL_CTX* make_context(const SSL_METHOD* method, int version) {
  SSL_CTX* context = SSL_CTX_new(method);
  SSL_CTX_set_min_proto_version(context, version);
  SSL_CTX_set_max_proto_version(context, version);
  return context;
}

[[noreturn]] void throw_openssl_error() {
  const char* words = ERR_reason_error_string(ERR_get_error());
  throw std::runtime_error(words != nullptr ? words : "no reason given");
}

}  // namespace

void OpensslPeer::Free::operator()(ssl_ctx_st* context) const noexcept {
  SSL_CTX_free(context);
}

void OpensslPeer::Free::operator()(ssl_st* ssl) const noexcept {
  SSL_free(ssl);
}

OpensslPeer::OpensslPeer(std::unique_ptr<net::ByteStream> lower, ssl_ctx_st* context)
    : lower_(std::move(lower)), context_(context), ssl_(SSL_new(context)) {
  SSL_set_bio(ssl_.get(), BIO_new(BIO_s_mem()), BIO_new(BIO_s_mem()));
}

OpensslPeer OpensslPeer::server(std::unique_ptr<net::ByteStream> lower,
                                const test::IdentityFiles& identity, int version) {
  SSL_CTX* context = make_context(TLS_server_method(), version);
  SSL_CTX_use_certificate_chain_file(context, identity.certificate_file.c_str());
  SSL_CTX_use_PrivateKey_file(context, identity.key_file.c_str(), SSL_FILETYPE_PEM);
  OpensslPeer peer(std::move(lower), context);
  SSL_set_accept_state(peer.native());
  return peer;
}

OpensslPeer OpensslPeer::client(std::unique_ptr<net::ByteStream> lower, int version) {
  OpensslPeer peer(std::move(lower), make_context(TLS_client_method(), version));
  SSL_set_connect_state(peer.native());
  return peer;
}

Task<> OpensslPeer::flush() {
  char* data = nullptr;
  const long size = BIO_get_mem_data(SSL_get_wbio(native()), &data);
  const std::string bytes(data, static_cast<std::size_t>(size));
  static_cast<void>(BIO_reset(SSL_get_wbio(native())));
  if (!bytes.empty()) co_await lower_->write(bytes);
}

Task<int> OpensslPeer::carry_out(std::function<int(ssl_st*)> step) {
  std::array<char, 4096> bytes{};
  while (true) {
    ERR_clear_error();
    const int result = step(native());
    const bool wants_input = SSL_get_error(native(), result) == SSL_ERROR_WANT_READ;
    co_await flush();
    if (result > 0) co_return result;
    if (!wants_input) throw_openssl_error();
    const std::size_t count = co_await lower_->read(bytes);
    if (count == 0) throw std::runtime_error("the connection ended");
    BIO_write(SSL_get_rbio(native()), bytes.data(), static_cast<int>(count));
  }
}

Task<> OpensslPeer::handshake() {
  co_await carry_out(&SSL_do_handshake);
}

Task<> OpensslPeer::write(std::string text) {
  const auto step = [&](SSL* ssl) {
    return SSL_write(ssl, text.data(), static_cast<int>(text.size()));
  };
  std::function<int(SSL*)> by_reference(std::ref(step));
  co_await carry_out(by_reference);
}

Task<std::string> OpensslPeer::read_exactly(std::size_t size) {
  std::string text(size, '\0');
  std::size_t filled = 0;
  const auto step = [&](SSL* ssl) {
    return SSL_read(ssl, text.data() + filled, static_cast<int>(size - filled));
  };
  std::function<int(SSL*)> by_reference(std::ref(step));
  while (filled < size) filled += static_cast<std::size_t>(co_await carry_out(by_reference));
  co_return text;
}

}  // namespace rondo::tls
