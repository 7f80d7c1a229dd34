// One deleter for all: the type of the pointer says which function.

#include "rondo/tls/openssl_handles.hpp"

#include <openssl/bio.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

namespace rondo::tls::detail {

void OpensslDelete::operator()(bio_st* bio) const noexcept {
  BIO_free(bio);
}

void OpensslDelete::operator()(ssl_ctx_st* context) const noexcept {
  SSL_CTX_free(context);
}

void OpensslDelete::operator()(ssl_session_st* session) const noexcept {
  SSL_SESSION_free(session);
}

void OpensslDelete::operator()(ssl_st* ssl) const noexcept {
  SSL_free(ssl);
}

void OpensslDelete::operator()(x509_st* certificate) const noexcept {
  X509_free(certificate);
}

}  // namespace rondo::tls::detail
