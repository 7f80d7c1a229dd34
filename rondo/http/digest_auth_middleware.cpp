// The middleware looks at the hop's own URL, so what a redirect leads to is judged anew.

#include "rondo/http/digest_auth_middleware.hpp"

#include <fmt/format.h>

#include <memory>
#include <optional>
#include <random>
#include <utility>

#include "rondo/http/body_check.hpp"
#include "rondo/http/body_proof.hpp"
#include "rondo/http/errors.hpp"
#include "rondo/http/middleware.hpp"
#include "rondo/http/policy_trace.hpp"
#include "rondo/proto/digest_auth.hpp"
#include "rondo/proto/hsts.hpp"

namespace rondo::http {
namespace {

constexpr std::string_view kAuthorization = "Authorization";
constexpr std::string_view kAuthenticationInfo = "Authentication-Info";

proto::Url origin_of(std::string_view text) {
  auto url = proto::Url::parse(text);
  // The text is not repeated: it may hold credentials.
  if (!url) throw InvalidURL({"", Phase::plan}, std::string(describe(url.error())));
  if (url->origin() == "null") {
    throw InvalidURL({"", Phase::plan}, "the URL has no origin to authenticate to");
  }
  return std::move(url).value();
}

bool speaks_for_itself(const Request& request) {
  return request.headers.contains(kAuthorization) || request.url.has_credentials();
}

ServerAuthenticationError wrong_proof(const Request& request, const Response& response,
                                      Phase phase) {
  return {{request.url.without_credentials(), phase},
          "the server does not prove that it knows the password (rspauth is wrong)",
          response.status(),
          response.headers()};
}

class Digest : public std::enable_shared_from_this<Digest> {
 public:
  Digest(proto::Url origin, const OriginCredentials& credentials)
      : origin_(std::move(origin)),
        secured_origin_(proto::HstsStore::upgraded(origin_)),
        auth_(credentials.user, credentials.password),
        verifies_server_(credentials.verify_server) {}

  Task<Response> run(Request& request, Next next) {
    if (!is_mine(request) || speaks_for_itself(request)) co_return co_await next(request);
    // At first without credentials, then with them, then with those for a nonce that is not stale.
    constexpr int kMost = 3;
    for (int sent = 1;; ++sent) {
      const bool has_credentials = authorize(request);
      const unsigned challenge = challenge_;
      Response response = co_await next(request);
      if (has_credentials) take_info(request, response);
      const bool is_worth = is_worth_another(response, has_credentials, challenge);
      if (!is_worth || sent == kMost || !request.is_replayable()) co_return response;
      tell_policy(request, "digest", [&] {
        return has_credentials ? "the nonce is stale: again with a new one"
                               : "challenged: again with credentials";
      });
    }
  }

 private:
  /// What was to go to the origin does so, too, where Strict-Transport-Security has changed the
  /// scheme; what a redirect leads to is another origin then.
  bool is_mine(const Request& request) const {
    return request.url.same_origin(origin_) ||
           (request.is_upgraded && request.url.same_origin(secured_origin_));
  }

  bool authorize(Request& request) {
    const auto value =
        auth_.authorization({request.method, request.url.request_target(), request.body.at_hand()});
    if (value) request.headers.set(kAuthorization, *value);
    return value.has_value();
  }

  void take_info(const Request& request, Response& response) {
    const auto sent = request.headers.get(kAuthorization);
    if (!sent) return;
    if (const auto info = response.headers().get(kAuthenticationInfo)) {
      const bool is_wrong = auth_.take_info(*sent, *info) == proto::ServerProof::wrong;
      if (is_wrong && verifies_server_) throw wrong_proof(request, response, Phase::wait);
    }
    const auto hash = verifies_server_ ? proto::DigestAuth::integrity_hash(*sent) : std::nullopt;
    if (hash || may_have_trailers(response)) take_info_at_end(request, response, *sent, hash);
  }

  void take_info_at_end(const Request& request, Response& response, std::string_view sent,
                        std::optional<proto::DigestHash> hash) {
    std::exception_ptr refusal;
    if (verifies_server_) {
      refusal = std::make_exception_ptr(wrong_proof(request, response, Phase::receive));
    }
    const auto info = response.headers().get(kAuthenticationInfo);
    check_body(response, check_of_body(hash,
                                       {.auth = {shared_from_this(), &auth_},
                                        .authorization = std::string(sent),
                                        .info_field = kAuthenticationInfo,
                                        .info = std::string(info.value_or(""))},
                                       std::move(refusal)));
  }

  // `challenge` is the one that the request was sent for, if it had credentials. Another request
  // may have brought a newer one meanwhile.
  bool is_worth_another(const Response& response, bool has_credentials, unsigned challenge) {
    if (response.status() != 401) return false;
    if (challenge != challenge_) return true;
    const auto challenges = proto::parse_challenges(response.headers(), "WWW-Authenticate");
    if (!has_credentials) auth_.reset();
    const bool makes_sense = auth_.take(challenges, new_cnonce());
    if (makes_sense) ++challenge_;
    return makes_sense;
  }

  static std::string new_cnonce() {
    std::random_device device;
    return fmt::format("{:08x}{:08x}{:08x}{:08x}", device(), device(), device(), device());
  }

  proto::Url origin_;
  proto::Url secured_origin_;
  proto::DigestAuth auth_;
  bool verifies_server_;
  unsigned challenge_ = 0;  // counts those that were taken
};

}  // namespace

Middleware digest_auth_middleware(const OriginCredentials& credentials) {
  auto digest = std::make_shared<Digest>(origin_of(credentials.origin), credentials);
  return [digest = std::move(digest)](Request& request, Next next) {
    return digest->run(request, next);
  };
}

}  // namespace rondo::http
