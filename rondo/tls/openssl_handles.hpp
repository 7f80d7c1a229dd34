#pragma once
// Owners of OpenSSL's objects, without its headers.

#include <memory>

struct bio_st;
struct ssl_ctx_st;
struct ssl_session_st;
struct ssl_st;
struct x509_st;

namespace rondo::tls::detail {

struct OpensslDelete {
  void operator()(bio_st* bio) const noexcept;
  void operator()(ssl_ctx_st* context) const noexcept;
  void operator()(ssl_session_st* session) const noexcept;
  void operator()(ssl_st* ssl) const noexcept;
  void operator()(x509_st* certificate) const noexcept;
};

using BioHandle = std::unique_ptr<bio_st, OpensslDelete>;
using ContextHandle = std::unique_ptr<ssl_ctx_st, OpensslDelete>;
using SessionHandle = std::unique_ptr<ssl_session_st, OpensslDelete>;
using SslHandle = std::unique_ptr<ssl_st, OpensslDelete>;
using CertificateHandle = std::unique_ptr<x509_st, OpensslDelete>;

}  // namespace rondo::tls::detail
