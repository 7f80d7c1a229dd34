// The formulas of RFC 7616 §3.4. The client's nonce stays the same as long as the server's does, so
// that both readings of "-sess" (hashed once, or with each request) come to the same secret.

#include "rondo/proto/digest_auth.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "rondo/base/ascii.hpp"
#include "rondo/proto/extended_value.hpp"
#include "rondo/proto/field_syntax.hpp"

namespace rondo::proto {
namespace {

constexpr std::string_view kSession = "-sess";

bool set_algorithm(std::string_view name, DigestChallenge& challenge) {
  challenge.algorithm = name;
  std::string_view base = name.empty() ? "MD5" : name;
  if (base.size() > kSession.size() &&
      ascii::equal_ignoring_case(base.substr(base.size() - kSession.size()), kSession)) {
    challenge.session = true;
    base.remove_suffix(kSession.size());
  }
  if (ascii::equal_ignoring_case(base, "MD5")) {
    challenge.hash = DigestHash::md5;
  } else if (ascii::equal_ignoring_case(base, "SHA-256")) {
    challenge.hash = DigestHash::sha256;
  } else if (ascii::equal_ignoring_case(base, "SHA-512-256")) {
    challenge.hash = DigestHash::sha512_256;
  } else {
    return false;
  }
  return is_token(name.empty() ? "MD5" : name) && is_offered(challenge.hash);
}

bool set_qop(std::string_view list, DigestChallenge& challenge) {
  challenge.has_qop = true;
  while (!list.empty()) {
    const std::string_view member = next_list_member(list);
    challenge.auth = challenge.auth || ascii::equal_ignoring_case(member, "auth");
    challenge.auth_int = challenge.auth_int || ascii::equal_ignoring_case(member, "auth-int");
  }
  return challenge.auth || challenge.auth_int;
}

bool is_true(const Challenge& challenge, std::string_view name) {
  return ascii::equal_ignoring_case(challenge.parameter(name).value_or(""), "true");
}

void append_quoted(std::string_view name, std::string_view value, std::string& out) {
  out.append(name).append("=\"");
  for (const char c : value) {
    if (c == '"' || c == '\\') out.push_back('\\');
    out.push_back(c);
  }
  out.push_back('"');
}

bool is_ascii(std::string_view text) {
  return std::all_of(text.begin(), text.end(), ascii::is_ascii);
}

}  // namespace

std::optional<DigestChallenge> DigestChallenge::read(const Challenge& challenge) {
  if (challenge.scheme != "digest") return std::nullopt;
  const auto realm = challenge.parameter("realm");
  const auto nonce = challenge.parameter("nonce");
  if (!realm || !nonce) return std::nullopt;
  DigestChallenge result;
  result.realm = *realm;
  result.nonce = *nonce;
  if (!set_algorithm(challenge.parameter("algorithm").value_or(""), result)) return std::nullopt;
  // An empty qop is taken for none, as curl does.
  const std::string_view qop = challenge.parameter("qop").value_or("");
  if (!qop.empty() && !set_qop(qop, result)) return std::nullopt;
  if (const auto opaque = challenge.parameter("opaque")) result.opaque = *opaque;
  result.stale = is_true(challenge, "stale");
  result.userhash = is_true(challenge, "userhash");
  result.utf8 = ascii::equal_ignoring_case(challenge.parameter("charset").value_or(""), "UTF-8");
  return result;
}

DigestAuth::DigestAuth(std::string_view user, std::string_view password)
    : user_(user), password_(password) {}

bool DigestAuth::take(const std::vector<Challenge>& challenges, std::string_view cnonce) {
  for (const Challenge& each : challenges) {
    auto challenge = DigestChallenge::read(each);
    if (!challenge) continue;
    const bool makes_sense = !challenge_ || challenge->stale;
    challenge_ = std::move(challenge);
    cnonce_ = cnonce;
    count_ = 0;
    return makes_sense;
  }
  return false;
}

void DigestAuth::reset() noexcept {
  challenge_.reset();
}

std::string DigestAuth::hash_of(std::string_view text) const {
  return digest_hash(challenge_->hash, text);
}

// H(A1).
std::string DigestAuth::secret() const {
  std::string value = hash_of(fmt::format("{}:{}:{}", user_, challenge_->realm, password_));
  if (!challenge_->session) return value;
  return hash_of(fmt::format("{}:{}:{}", value, challenge_->nonce, cnonce_));
}

// H(A2).
std::string DigestAuth::request_hash(const DigestRequest& request, std::string_view qop) const {
  if (qop != "auth-int") return hash_of(fmt::format("{}:{}", request.method, request.target));
  const std::string body = hash_of(request.body.value_or(""));
  return hash_of(fmt::format("{}:{}:{}", request.method, request.target, body));
}

void DigestAuth::append_user(std::string& out) const {
  if (challenge_->userhash) {
    append_quoted("username", hash_of(fmt::format("{}:{}", user_, challenge_->realm)), out);
  } else if (challenge_->utf8 && !is_ascii(user_)) {
    out.append("username*=").append(encode_extended_value(user_));
  } else {
    append_quoted("username", user_, out);
  }
}

std::optional<std::string> DigestAuth::authorization(const DigestRequest& request) {
  if (!challenge_ || !is_field_value(user_)) return std::nullopt;
  const DigestChallenge& challenge = *challenge_;
  const std::string_view qop = !challenge.has_qop ? "" : challenge.auth ? "auth" : "auth-int";
  if (qop == "auth-int" && !request.body) return std::nullopt;
  const std::string count = fmt::format("{:08x}", ++count_);
  const std::string last = request_hash(request, qop);
  const std::string response =
      hash_of(qop.empty() ? fmt::format("{}:{}:{}", secret(), challenge.nonce, last)
                          : fmt::format("{}:{}:{}:{}:{}:{}", secret(), challenge.nonce, count,
                                        cnonce_, qop, last));
  std::string out = "Digest ";
  append_user(out);
  append_quoted(", realm", challenge.realm, out);
  append_quoted(", nonce", challenge.nonce, out);
  append_quoted(", uri", request.target, out);
  if (!challenge.algorithm.empty()) out.append(", algorithm=").append(challenge.algorithm);
  if (!qop.empty()) out.append(", qop=").append(qop).append(", nc=").append(count);
  if (!qop.empty() || challenge.session) append_quoted(", cnonce", cnonce_, out);
  append_quoted(", response", response, out);
  if (challenge.opaque) append_quoted(", opaque", *challenge.opaque, out);
  if (challenge.userhash) out.append(", userhash=true");
  return out;
}

ServerProof DigestAuth::judge(const Challenge& sent, const Challenge& info,
                              std::optional<std::string_view> body_hash) const {
  const auto proof = info.parameter("rspauth");
  const std::string_view qop = sent.parameter("qop").value_or("");
  const bool is_integrity = qop == "auth-int";
  const bool is_checkable =
      proof && (qop == "auth" || is_integrity) && info.parameter("qop").value_or(qop) == qop;
  if (!is_checkable) return ServerProof::none;
  for (const char* name : {"nc", "cnonce"}) {
    const auto echoed = info.parameter(name);
    if (echoed && echoed != sent.parameter(name)) return ServerProof::wrong;
  }
  // As it was when the request was made: the challenge may be another one now.
  DigestAuth then(user_, password_);
  then.challenge_ = DigestChallenge::read(sent);
  if (!then.challenge_) return ServerProof::none;
  if (is_integrity && !body_hash) return ServerProof::of_body;
  then.cnonce_ = sent.parameter("cnonce").value_or("");
  std::string answer = fmt::format(":{}", sent.parameter("uri").value_or(""));
  if (is_integrity) answer.append(":").append(*body_hash);
  const std::string expected = then.hash_of(
      fmt::format("{}:{}:{}:{}:{}:{}", then.secret(), then.challenge_->nonce,
                  sent.parameter("nc").value_or(""), then.cnonce_, qop, then.hash_of(answer)));
  return ascii::equal_ignoring_case(*proof, expected) ? ServerProof::right : ServerProof::wrong;
}

std::optional<DigestHash> DigestAuth::integrity_hash(std::string_view authorization) {
  if (authorization.find("auth-int") == std::string_view::npos) return std::nullopt;  // mostly
  const auto sent = parse_challenges(authorization);
  if (sent.empty() || sent.front().parameter("qop") != "auth-int") return std::nullopt;
  const auto challenge = DigestChallenge::read(sent.front());
  return challenge ? std::optional(challenge->hash) : std::nullopt;
}

ServerProof DigestAuth::take_info(std::string_view authorization,
                                  std::string_view authentication_info,
                                  std::optional<std::string_view> body_hash) {
  const auto sent = parse_challenges(authorization);
  // The field is a list of parameters, as they are behind the name of a scheme.
  const auto info = parse_challenges(fmt::format("info {}", authentication_info));
  if (sent.empty() || sent.front().scheme != "digest" || info.empty()) return ServerProof::none;
  const ServerProof proof = judge(sent.front(), info.front(), body_hash);
  const auto next = info.front().parameter("nextnonce");
  const bool is_current = challenge_ && sent.front().parameter("nonce") == challenge_->nonce;
  const bool has_next = next && !next->empty() && is_current && *next != challenge_->nonce;
  if (has_next && proof != ServerProof::wrong) {
    challenge_->nonce = *next;
    count_ = 0;
  }
  return proof;
}

}  // namespace rondo::proto
