// OpenSSL reads from and writes to a BIO of ours, which takes from the input buffer and adds to the
// output buffer. It never refuses a write, so OpenSSL only ever waits for input. The end of the
// input is no matter of the BIO's: OpenSSL asks for more, there is none, and that is a truncation
// (a peer that ends in good order has sent `close_notify`, and is not asked for more).

#include "rondo/tls/tls_engine.hpp"

#include <fmt/format.h>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <cstring>
#include <new>
#include <utility>

#include "rondo/base/free_blocks.hpp"
#include "rondo/base/recycled.hpp"
#include "rondo/tls/alpn.hpp"
#include "rondo/tls/certificate_pins.hpp"
#include "rondo/tls/certificate_text.hpp"
#include "rondo/tls/configuration_error.hpp"
#include "rondo/tls/openssl_errors.hpp"
#include "rondo/tls/tls_context_state.hpp"

namespace rondo::tls::detail {
namespace {

using Reason = TlsError::Reason;

/// How many blocks that are not in use a thread keeps.
constexpr std::size_t kMaxKept = kRecyclesMemory ? 32 : 0;

FreeBlocks& free_blocks() noexcept {
  thread_local FreeBlocks blocks(TlsEngine::kInputSize, kMaxKept);
  return blocks;
}

TlsEngine& engine_of(const SSL* ssl) noexcept {
  return *static_cast<TlsEngine*>(SSL_get_app_data(ssl));
}

TlsEngine& engine_of(const X509_STORE_CTX* verification) noexcept {
  return engine_of(static_cast<const SSL*>(
      X509_STORE_CTX_get_ex_data(verification, SSL_get_ex_data_X509_STORE_CTX_idx())));
}

long control_bio(BIO* /*bio*/, int command, long /*number*/, void* /*data*/) noexcept {
  return command == BIO_CTRL_FLUSH ? 1 : 0;
}

int create_bio(BIO* bio) noexcept {
  BIO_set_init(bio, 1);
  return 1;
}

BIO_METHOD* make_bio_method() {
  BIO_METHOD* method = BIO_meth_new(BIO_TYPE_SOURCE_SINK | BIO_get_new_index(), "rondo");
  if (method == nullptr) throw std::bad_alloc();
  BIO_meth_set_create(method, &create_bio);
  BIO_meth_set_ctrl(method, &control_bio);
  BIO_meth_set_read_ex(method, &TlsEngine::on_bio_read);
  BIO_meth_set_write_ex(method, &TlsEngine::on_bio_write);
  return method;
}

const BIO_METHOD* bio_method() {
  static const BIO_METHOD* const method = make_bio_method();  // as long as the process
  return method;
}

}  // namespace

TlsEngine::TlsEngine(std::shared_ptr<const TlsContext> context) : context_(std::move(context)) {
  clear_openssl_errors();
  ssl_.reset(SSL_new(context_->state().native.get()));
  BioHandle bio(BIO_new(bio_method()));
  if (!ssl_ || !bio) throw std::bad_alloc();
  BIO_set_data(bio.get(), this);
  BIO* both_ways = bio.release();
  SSL_set_bio(ssl_.get(), both_ways, both_ways);
  SSL_set_app_data(ssl_.get(), this);
  const int mode = SSL_get_verify_mode(ssl_.get());
  if (mode != SSL_VERIFY_NONE) SSL_set_verify(ssl_.get(), mode, &on_verify);
}

TlsEngine::TlsEngine(std::shared_ptr<const TlsContext> context, const TlsTarget& target,
                     const std::vector<std::string>& alpn)
    : TlsEngine(std::move(context)) {
  if (!context_->is_client()) refuse_option("the TLS context is a server's");
  peer_ = target.key;
  target_name_ = target.name;
  session_key_ = target.key;
  SSL_set_connect_state(ssl_.get());
  aim_at(target);
  offer_alpn(alpn);
  offer_session(target);
}

TlsEngine::TlsEngine(std::shared_ptr<const TlsContext> context, std::string_view peer)
    : TlsEngine(std::move(context)) {
  if (context_->is_client()) refuse_option("the TLS context is a client's");
  peer_ = peer;
  SSL_set_accept_state(ssl_.get());
}

void TlsEngine::aim_at(const TlsTarget& target) {
  X509_VERIFY_PARAM* wanted = SSL_get0_param(ssl_.get());
  if (target.is_address) {
    X509_VERIFY_PARAM_set1_ip_asc(wanted, target.name.c_str());
    return;
  }
  // RFC 9525: no wildcard inside a label, and never the common name (§6.3, §6.4.4 of RFC 6125).
  X509_VERIFY_PARAM_set_hostflags(
      wanted, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS | X509_CHECK_FLAG_NEVER_CHECK_SUBJECT);
  const bool is_set =
      X509_VERIFY_PARAM_set1_host(wanted, target.name.data(), target.name.size()) == 1 &&
      SSL_set_tlsext_host_name(ssl_.get(), target.name.c_str()) == 1;
  if (!is_set) refuse_option(fmt::format("no certificate can be for \"{}\"", target.name));
}

void TlsEngine::offer_alpn(const std::vector<std::string>& alpn) {
  const std::string extension = alpn.empty() ? context_->state().alpn : alpn_extension(alpn);
  if (extension.empty()) return;
  const auto* bytes = reinterpret_cast<const unsigned char*>(extension.data());
  if (SSL_set_alpn_protos(ssl_.get(), bytes, static_cast<unsigned>(extension.size())) != 0) {
    throw std::bad_alloc();
  }
}

void TlsEngine::offer_session(const TlsTarget& target) {
  const SessionHandle session = context_->state().sessions.take(target.key);
  // A session that OpenSSL will not offer costs a full handshake and nothing else.
  has_offered_session_ = session && SSL_set_session(ssl_.get(), session.get()) == 1;
}

void TlsEngine::note_resumption() noexcept {
  if (!has_offered_session_) return;
  const bool was_resumed = SSL_session_reused(ssl_.get()) == 1;
  context_->state().sessions.note_answer(session_key_, was_resumed);
}

TlsEngine::Status TlsEngine::handshake() noexcept {
  if (has_failed_) return Status::failed;
  clear_openssl_errors();
  const int result = SSL_do_handshake(ssl_.get());
  if (result != 1) {
    const Status status = judge(result);
    return status == Status::closed
               ? fail(Reason::protocol, "the peer closed the connection during the handshake")
               : status;
  }
  if (!context_->state().pins.empty() && !matches_pins()) return Status::failed;
  note_resumption();
  is_established_ = true;
  return Status::done;
}

bool TlsEngine::matches_pins() noexcept {
  try {
    const CertificateHandle certificate(SSL_get1_peer_certificate(ssl_.get()));
    if (certificate && context_->state().pins.match(*certificate)) return true;
    fail(Reason::pin_mismatch,
         certificate ? fmt::format("no pin is that of the certificate {} (SHA-256 {}, key {})",
                                   subject_of(*certificate), fingerprint_of(*certificate),
                                   public_key_pin_of(*certificate))
                     : "the peer has shown no certificate to compare with the pins");
  } catch (const std::bad_alloc&) {
    fail(Reason::out_of_memory, "no memory");
  }
  return false;
}

TlsEngine::Status TlsEngine::read(std::span<char> into, std::size_t& count) noexcept {
  count = 0;
  if (has_failed_) return Status::failed;
  Status status = Status::done;
  while (status == Status::done && count < into.size() && (count == 0 || has_more())) {
    clear_openssl_errors();
    std::size_t more = 0;
    const int result = SSL_read_ex(ssl_.get(), into.data() + count, into.size() - count, &more);
    count += more;
    if (result != 1) status = judge(result);
  }
  return status;
}

bool TlsEngine::has_more() const noexcept {
  return input_begin_ != input_end_ || SSL_has_pending(ssl_.get()) == 1;
}

TlsEngine::Status TlsEngine::write(std::string_view plain) noexcept {
  if (has_failed_) return Status::failed;
  clear_openssl_errors();
  std::size_t written = 0;
  const int result = SSL_write_ex(ssl_.get(), plain.data(), plain.size(), &written);
  return result == 1 ? Status::done : judge(result);
}

void TlsEngine::close() noexcept {
  if (has_failed_) return;
  clear_openssl_errors();
  SSL_shutdown(ssl_.get());
  clear_openssl_errors();
}

bool TlsEngine::is_empty() const noexcept {
  return !has_failed_ && !input_ended_ && !has_more() && SSL_get_shutdown(ssl_.get()) == 0;
}

bool TlsEngine::is_quiet() noexcept {
  if (has_failed_) return false;
  clear_openssl_errors();
  char next = 0;
  std::size_t count = 0;
  const int result = SSL_peek_ex(ssl_.get(), &next, 1, &count);
  return result != 1 && judge(result) == Status::wants_input;
}

TlsEngine::Status TlsEngine::judge(int result) noexcept {
  switch (SSL_get_error(ssl_.get(), result)) {
    case SSL_ERROR_WANT_READ:
      if (!input_ended_) return Status::wants_input;
      return fail(Reason::truncated,
                  is_established_ ? "the connection ended without close_notify: data may be missing"
                                  : "the connection ended in the middle of it");
    case SSL_ERROR_ZERO_RETURN:
      return Status::closed;
    default:
      return fail_with_openssl_error();
  }
}

TlsEngine::Status TlsEngine::fail(Reason reason, std::string_view words) noexcept {
  has_failed_ = true;
  failed_in_handshake_ = !is_established_;
  failure_.reason = reason;
  try {
    failure_.words = words;
  } catch (const std::bad_alloc&) {
    failure_.reason = Reason::out_of_memory;
    failure_.words = "no memory";  // short enough to need none
  }
  return Status::failed;
}

TlsEngine::Status TlsEngine::fail_with_openssl_error() noexcept {
  try {
    const TlsFailure other = failure_of(take_openssl_error());
    // A fault that the verification noted is its cause, unless the peer was the first to refuse.
    const bool is_fault = certificate_fault_ && other.reason != Reason::refused;
    const TlsFailure& failure = is_fault ? *certificate_fault_ : other;
    return fail(failure.reason, failure.words);
  } catch (const std::bad_alloc&) {
    return fail(Reason::out_of_memory, "no memory");
  }
}

bool TlsEngine::is_client() const noexcept {
  return context_->is_client();
}

void TlsEngine::throw_failure() const {
  const std::string_view what = failed_in_handshake_ ? "handshake" : "connection";
  throw TlsError(failure_.reason,
                 fmt::format("TLS {} with {} failed: {}", what, peer_, failure_.words));
}

void TlsEngine::note_fault(int code, int depth, const x509_st* certificate) {
  if (certificate_fault_) return;
  if (certificate == nullptr) {
    certificate_fault_ =
        TlsFailure{Reason::certificate_invalid, std::string(X509_verify_cert_error_string(code))};
    return;
  }
  certificate_fault_ = certificate_failure(code, depth, *certificate, target_name_);
  if (certificate_fault_->reason == Reason::unknown_issuer && context_->state().lacks_roots) {
    certificate_fault_->words +=
        "; this system has no CA certificates at all (Debian's package is ca-certificates)";
  }
}

std::span<char> TlsEngine::input_space() noexcept {
  if (!input_) input_.reset(static_cast<char*>(free_blocks().take()));
  return {input_.get(), input_ ? kInputSize : 0};
}

void TlsEngine::received(std::size_t count) noexcept {
  input_begin_ = 0;
  input_end_ = count;
}

void TlsEngine::release_input() noexcept {
  if (input_begin_ == input_end_) input_.reset();
}

void EndInputBlock::operator()(char* block) const noexcept {
  free_blocks().give_back(block);
}

std::string TlsEngine::take_output() noexcept {
  return std::exchange(output_, {});
}

void TlsEngine::take_output(std::string& into) noexcept {
  into.clear();
  into.swap(output_);
}

std::string_view TlsEngine::alpn() const noexcept {
  const unsigned char* name = nullptr;
  unsigned size = 0;
  SSL_get0_alpn_selected(ssl_.get(), &name, &size);
  return {reinterpret_cast<const char*>(name), size};
}

TlsInfo TlsEngine::info() const {
  TlsInfo info;
  info.version = SSL_get_version(ssl_.get());
  info.cipher = SSL_get_cipher_name(ssl_.get());
  info.alpn = alpn();
  info.resumed = SSL_session_reused(ssl_.get()) == 1;
  info.certificate_ = CertificateHandle(SSL_get1_peer_certificate(ssl_.get()));
  return info;
}

void TlsEngine::on_key_log(const ssl_st* ssl, const char* line) {
  engine_of(ssl).context_->state().key_log->append(line);
}

int TlsEngine::on_new_session(ssl_st* ssl, ssl_session_st* session) {
  const TlsEngine& engine = engine_of(ssl);
  try {
    engine.context_->state().sessions.put(engine.session_key_, *session);
  } catch (const std::bad_alloc&) {
    // The next connection shakes hands in full.
  }
  return 0;  // the session stays the connection's
}

int TlsEngine::on_verify_chain(x509_store_ctx_st* verification, void* /*unused*/) {
  const TlsEngine& engine = engine_of(verification);
  return engine.context_->state().verified.verify(*verification, engine.target_name_);
}

int TlsEngine::on_verify(int is_good, x509_store_ctx_st* verification) {
  if (is_good == 1) return 1;
  try {
    engine_of(verification)
        .note_fault(X509_STORE_CTX_get_error(verification),
                    X509_STORE_CTX_get_error_depth(verification),
                    X509_STORE_CTX_get_current_cert(verification));
  } catch (const std::bad_alloc&) {
    // Then OpenSSL's own words must do.
  }
  return 0;
}

int TlsEngine::on_bio_read(bio_st* bio, char* into, std::size_t size, std::size_t* count) {
  auto& engine = *static_cast<TlsEngine*>(BIO_get_data(bio));
  BIO_clear_retry_flags(bio);
  *count = std::min(size, engine.input_end_ - engine.input_begin_);
  if (*count == 0) {
    BIO_set_retry_read(bio);
    return 0;
  }
  std::memcpy(into, engine.input_.get() + engine.input_begin_, *count);
  engine.input_begin_ += *count;
  return 1;
}

int TlsEngine::on_bio_write(bio_st* bio, const char* data, std::size_t size, std::size_t* count) {
  auto& engine = *static_cast<TlsEngine*>(BIO_get_data(bio));
  BIO_clear_retry_flags(bio);
  *count = 0;
  try {
    engine.output_.append(data, size);
  } catch (const std::bad_alloc&) {
    ERR_raise(ERR_LIB_USER, ERR_R_MALLOC_FAILURE);
    return 0;
  }
  *count = size;
  return 1;
}

}  // namespace rondo::tls::detail
