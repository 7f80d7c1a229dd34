// A step is an answer of known size. What is wrong with it is looked for as soon as its first bytes
// are there, since a proxy that refuses may close the connection without sending the rest.

#include "rondo/proto/socks.hpp"

#include <algorithm>
#include <utility>

#include "rondo/proto/ipv4.hpp"
#include "rondo/proto/ipv6.hpp"

namespace rondo::proto {
namespace {

constexpr std::size_t kMaxText = 255;

// RFC 1928 §3, §5; RFC 1929 §2.
constexpr char kNoAuthentication = 0;
constexpr char kUserPassword = 2;
constexpr char kNoAcceptableMethod = '\xff';
constexpr char kConnect = 1;
constexpr char kIpv4 = 1;
constexpr char kDomain = 3;
constexpr char kIpv6 = 4;

constexpr std::size_t kMethodSize = 2;
constexpr std::size_t kAuthenticationSize = 2;
constexpr std::size_t kReplyHeadSize = 5;  // up to the first byte of the bound address
constexpr std::size_t kReply4Size = 8;

void append_text(std::string_view text, std::string& out) {
  out.push_back(static_cast<char>(text.size()));
  out.append(text);
}

void append_16(std::uint16_t number, std::string& out) {
  out.push_back(static_cast<char>(number >> 8));
  out.push_back(static_cast<char>(number & 0xff));
}

void append_32(std::uint32_t number, std::string& out) {
  append_16(static_cast<std::uint16_t>(number >> 16), out);
  append_16(static_cast<std::uint16_t>(number & 0xffff), out);
}

bool has_nul(std::string_view text) {
  return text.find('\0') != std::string_view::npos;
}

SocksError check_host(std::string_view host) {
  if (host.empty() || has_nul(host)) return SocksError::bad_host;
  return host.size() > kMaxText ? SocksError::host_too_long : SocksError::none;
}

// RFC 1928 §6.
SocksError error_of_reply(char code) {
  constexpr SocksError kErrors[] = {SocksError::none,
                                    SocksError::general_failure,
                                    SocksError::not_allowed,
                                    SocksError::network_unreachable,
                                    SocksError::host_unreachable,
                                    SocksError::connection_refused,
                                    SocksError::ttl_expired,
                                    SocksError::command_not_supported,
                                    SocksError::address_type_not_supported};
  const auto index = static_cast<unsigned char>(code);
  return index < std::size(kErrors) ? kErrors[index] : SocksError::unassigned_code;
}

SocksError error_of_reply_4(char code) {
  switch (code) {
    case 90:
      return SocksError::none;
    case 91:
      return SocksError::rejected;
    case 92:
      return SocksError::identd_unreachable;
    case 93:
      return SocksError::identd_mismatch;
    default:
      return SocksError::unassigned_code;
  }
}

}  // namespace

SocksHandshake::SocksHandshake(SocksVersion version, const SocksTarget& target,
                               const SocksCredentials& credentials) {
  const SocksError error = check_host(target.host);
  if (error != SocksError::none) {
    fail(error);
  } else if (version == SocksVersion::v4a) {
    start_4(target, credentials);
  } else {
    start_5(target, credentials);
  }
}

void SocksHandshake::start_4(const SocksTarget& target, const SocksCredentials& credentials) {
  if (!credentials.password.empty()) return fail(SocksError::password_in_version_4);
  if (credentials.user.size() > kMaxText) return fail(SocksError::credentials_too_long);
  if (has_nul(credentials.user)) return fail(SocksError::bad_credentials);
  const bool is_ipv4 =
      target.host.find(':') == std::string_view::npos && ends_in_a_number(target.host);
  std::string request = {4, kConnect};
  append_16(target.port, request);
  if (is_ipv4) {
    const auto address = parse_ipv4(target.host);
    if (!address) return fail(SocksError::bad_host);
    append_32(*address, request);
  } else {
    append_32(1, request);  // 0.0.0.1: the name follows
  }
  request.append(credentials.user).push_back('\0');
  if (!is_ipv4) request.append(target.host).push_back('\0');
  send(std::move(request), Step::reply_4, kReply4Size);
}

void SocksHandshake::start_5(const SocksTarget& target, const SocksCredentials& credentials) {
  const auto& [user, password] = credentials;
  if (user.size() > kMaxText || password.size() > kMaxText) {
    return fail(SocksError::credentials_too_long);
  }
  if (!set_request_5(target)) return fail(SocksError::bad_host);
  std::string greeting = {5, 1, kNoAuthentication};
  if (!user.empty() || !password.empty()) {
    greeting = {5, 2, kNoAuthentication, kUserPassword};
    authentication_.push_back(1);
    append_text(user, authentication_);
    append_text(password, authentication_);
  }
  send(std::move(greeting), Step::method, kMethodSize);
}

bool SocksHandshake::set_request_5(const SocksTarget& target) {
  request_ = {5, kConnect, 0};
  if (target.host.find(':') != std::string_view::npos) {
    const auto pieces = parse_ipv6(target.host);
    if (!pieces) return false;
    request_.push_back(kIpv6);
    for (const std::uint16_t piece : *pieces) append_16(piece, request_);
  } else if (ends_in_a_number(target.host)) {
    const auto address = parse_ipv4(target.host);
    if (!address) return false;
    request_.push_back(kIpv4);
    append_32(*address, request_);
  } else {
    request_.push_back(kDomain);
    append_text(target.host, request_);
  }
  append_16(target.port, request_);
  return true;
}

void SocksHandshake::sent() noexcept {
  if (state_ != SocksState::send) return;
  output_.clear();
  state_ = SocksState::receive;
}

void SocksHandshake::received(std::string_view bytes) {
  if (state_ != SocksState::receive) return;
  input_.append(bytes.substr(0, wanted()));
  check_early();
  if (state_ == SocksState::receive && wanted() == 0) finish_step();
}

void SocksHandshake::end_of_input() noexcept {
  if (state_ == SocksState::send || state_ == SocksState::receive) fail(SocksError::closed);
}

void SocksHandshake::expect(Step step, std::size_t size) noexcept {
  step_ = step;
  step_size_ = size;
  input_.clear();
}

void SocksHandshake::send(std::string bytes, Step answer, std::size_t answer_size) {
  output_ = std::move(bytes);
  state_ = SocksState::send;
  expect(answer, answer_size);
}

// Fails on what two bytes show: the version, and a code that says no.
void SocksHandshake::check_early() {
  if (input_.empty() || step_ == Step::reply_rest) return;
  // RFC 1929 gives 1 as the version of the sub-negotiation; there are proxies that repeat the 5.
  const bool version_fits = step_ == Step::reply_4          ? input_[0] == 0
                            : step_ == Step::authentication ? input_[0] == 1 || input_[0] == 5
                                                            : input_[0] == 5;
  if (!version_fits) return fail(SocksError::not_socks);
  if (input_.size() < 2) return;
  SocksError error = SocksError::none;
  if (step_ == Step::reply_4) error = error_of_reply_4(input_[1]);
  if (step_ == Step::reply_head) error = error_of_reply(input_[1]);
  if (step_ == Step::authentication && input_[1] != 0) error = SocksError::authentication_refused;
  if (error != SocksError::none) fail(error);
}

void SocksHandshake::finish_step() {
  switch (step_) {
    case Step::method:
      return on_method();
    case Step::authentication:
      return send(std::move(request_), Step::reply_head, kReplyHeadSize);
    case Step::reply_head:
      return on_reply_head();
    case Step::reply_rest:
    case Step::reply_4:
      state_ = SocksState::established;
  }
}

void SocksHandshake::on_method() {
  const char method = input_[1];
  if (method == kNoAuthentication) {
    return send(std::move(request_), Step::reply_head, kReplyHeadSize);
  }
  const bool has_credentials = !authentication_.empty();
  if (method == kUserPassword && has_credentials) {
    return send(std::move(authentication_), Step::authentication, kAuthenticationSize);
  }
  if (method != kNoAcceptableMethod) return fail(SocksError::unexpected_method);
  fail(has_credentials ? SocksError::authentication_refused : SocksError::authentication_required);
}

// The bound address means nothing to us, but has to be read over.
void SocksHandshake::on_reply_head() {
  constexpr std::size_t kPortSize = 2;
  switch (input_[3]) {
    case kIpv4:
      return expect(Step::reply_rest, 4 - 1 + kPortSize);
    case kIpv6:
      return expect(Step::reply_rest, 16 - 1 + kPortSize);
    case kDomain:
      return expect(Step::reply_rest, static_cast<unsigned char>(input_[4]) + kPortSize);
    default:
      return fail(SocksError::bad_reply);
  }
}

void SocksHandshake::fail(SocksError error) noexcept {
  state_ = SocksState::failed;
  error_ = error;
  output_.clear();
}

namespace {

std::string_view describe_own(SocksError error) noexcept {
  switch (error) {
    case SocksError::bad_host:
      return "the host can be neither a name nor an address for a SOCKS proxy";
    case SocksError::host_too_long:
      return "the host name is too long for a SOCKS proxy (255 bytes)";
    case SocksError::bad_credentials:
      return "the user name for the SOCKS proxy has a NUL in it";
    case SocksError::credentials_too_long:
      return "the user name or the password for the SOCKS proxy is too long (255 bytes)";
    case SocksError::password_in_version_4:
      return "SOCKS 4a cannot carry a password";
    case SocksError::not_socks:
      return "the proxy does not answer in SOCKS";
    case SocksError::authentication_required:
      return "the SOCKS proxy demands an authentication, and there are no credentials for it";
    case SocksError::authentication_refused:
      return "the SOCKS proxy does not accept the user name and the password";
    case SocksError::unexpected_method:
      return "the SOCKS proxy demands a way to authenticate that was not offered";
    case SocksError::bad_reply:
      return "the answer of the SOCKS proxy is malformed";
    case SocksError::closed:
      return "the SOCKS proxy closed the connection during the handshake";
    default:
      return {};
  }
}

std::string_view describe_reply(SocksError error) noexcept {
  switch (error) {
    case SocksError::general_failure:
      return "the SOCKS proxy reports a general failure";
    case SocksError::not_allowed:
      return "the rules of the SOCKS proxy do not allow the connection";
    case SocksError::network_unreachable:
      return "the SOCKS proxy reports that the network is unreachable";
    case SocksError::host_unreachable:
      return "the SOCKS proxy reports that the host is unreachable";
    case SocksError::connection_refused:
      return "the SOCKS proxy reports that the host refused the connection";
    case SocksError::ttl_expired:
      return "the SOCKS proxy reports that the time to live expired";
    case SocksError::command_not_supported:
      return "the SOCKS proxy does not support CONNECT";
    case SocksError::address_type_not_supported:
      return "the SOCKS proxy does not support this type of address";
    case SocksError::unassigned_code:
      return "the SOCKS proxy refused with a code that means nothing";
    case SocksError::rejected:
      return "the SOCKS proxy rejected the request, or it failed";
    case SocksError::identd_unreachable:
      return "the SOCKS proxy cannot reach the identd of this machine, which it demands";
    case SocksError::identd_mismatch:
      return "the SOCKS proxy was told another user name by the identd of this machine";
    default:
      return "no error";
  }
}

}  // namespace

std::string_view describe(SocksError error) noexcept {
  const std::string_view words = describe_own(error);
  return words.empty() ? describe_reply(error) : words;
}

}  // namespace rondo::proto
