// Digest authentication around requests, against servers that check it, and prove themselves, with
// code of their own.

#include "rondo/http/digest_auth_middleware.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "rondo/proto/challenge.hpp"
#include "rondo/proto/digest_hash.hpp"
#include "rondo/proto/hsts.hpp"
#include "rondo/runtime/gather.hpp"

#include "tests/http/policy_fixture.hpp"
#include "tests/proto/coded_bodies.hpp"

namespace rondo::http {
namespace {

using test::Core;
using test::Reaction;
using test::Received;
using test::status;

class DigestAuthTest : public test::PolicySuite {};
RONDO_ON_EACH_BACKEND(DigestAuthTest);

TEST_P(DigestAuthTest, RefusesCredentialsWithoutAnOrigin) {
  EXPECT_THROW(static_cast<void>(digest_auth_middleware({"no url", "u", "p"})), InvalidURL);
  EXPECT_THROW(static_cast<void>(digest_auth_middleware({"data:x", "u", "p"})), InvalidURL);
}

/// The Digest credentials of a request; nothing: it has none.
std::optional<proto::Challenge> digest_of(const Received& request) {
  const auto at = request.text.find("Authorization: ");
  if (at == std::string::npos) return std::nullopt;
  const std::string value = request.text.substr(at + 15, request.text.find("\r\n", at) - at - 15);
  return proto::parse_challenges(value).at(0);
}

/// What shows that `u` with the `password` in realm `r` has made `given`, or, without a method,
/// that a server knows the password too; by SHA-256. With a `body`, that is part of it.
std::string proof_of(const proto::Challenge& given, const std::string& password,
                     const std::string& method,
                     const std::optional<std::string>& body = std::nullopt) {
  const auto get = [&](std::string_view name) {
    return std::string(given.parameter(name).value_or(""));
  };
  const auto h = [](const std::string& text) {
    return proto::digest_hash(proto::DigestHash::sha256, text);
  };
  const std::string last = method + ":" + get("uri") + (body ? ":" + h(*body) : "");
  return h(h("u:r:" + password) + ":" + get("nonce") + ":" + get("nc") + ":" + get("cnonce") + ":" +
           get("qop") + ":" + h(last));
}

/// A server that checks Digest answers with code of its own; `nonce` is what it wants now.
test::Behaviour digest_server(std::string& nonce, std::string password, bool& says_stale) {
  return [&nonce, &says_stale, password](const Received& request) {
    const std::string refusal = status(
        401, "WWW-Authenticate: Digest realm=\"r\", qop=\"auth\", algorithm=SHA-256, nonce=\"" +
                 nonce + "\"" + (says_stale ? ", stale=true" : "") + "\r\n");
    const auto given = digest_of(request);
    if (!given) return Reaction{.bytes = refusal};
    const bool is_right = given->parameter("nonce") == nonce &&
                          given->parameter("response") == proof_of(*given, password, "GET");
    return Reaction{.bytes = is_right ? test::ok("here") : refusal};
  };
}

TEST_P(DigestAuthTest, AnswersDigestChallenges) {
  std::string nonce = "one";
  bool says_stale = false;
  session(digest_server(nonce, "p", says_stale), [&](Core core) -> Task<> {
    core->middlewares = {digest_auth_middleware({"http://h/", "u", "p"})};
    EXPECT_EQ(co_await status_of(core, "http://h/a?b", {.trace = &trace_}), 200);
    EXPECT_EQ(requests().size(), 2U);
    EXPECT_EQ(co_await status_of(core, "http://h/c"), 200);
    EXPECT_EQ(requests().size(), 3U) << "the second request has its credentials at once";
    EXPECT_TRUE(requests().back().has("nc=00000002"));
    nonce = "two";
    says_stale = true;
    EXPECT_EQ(co_await status_of(core, "http://h/d", {.trace = &trace_}), 200);
    EXPECT_EQ(requests().size(), 5U);
  });
  EXPECT_EQ(trace_.notes,
            std::vector<std::string>({"digest: challenged: again with credentials",
                                      "digest: the nonce is stale: again with a new one"}));
}

TEST_P(DigestAuthTest, GivesTheRefusalOfWrongDigestCredentials) {
  std::string nonce = "one";
  bool says_stale = false;
  session(digest_server(nonce, "other", says_stale), [&](Core core) -> Task<> {
    core->middlewares = {digest_auth_middleware({"http://h/", "u", "p"})};
    EXPECT_EQ(co_await status_of(core, "http://h/"), 401);
    EXPECT_EQ(requests().size(), 2U);
    says_stale = true;  // a server that always says so ends it no later
    EXPECT_EQ(co_await status_of(core, "http://h/"), 401);
    EXPECT_EQ(requests().size(), 5U);
  });
}

TEST_P(DigestAuthTest, SendsNoDigestToAnotherOriginNorInPlaceOfTheUsers) {
  std::string nonce = "one";
  bool says_stale = false;
  session(digest_server(nonce, "p", says_stale), [&](Core core) -> Task<> {
    core->middlewares = {digest_auth_middleware({"http://h/", "u", "p"})};
    EXPECT_EQ(co_await status_of(core, "http://other/"), 401);
    EXPECT_EQ(co_await status_of(core, "http://u:p@h/"), 401);
    EXPECT_EQ(co_await status_of(core, "http://h/", {.headers = {{"Authorization", "Own x"}}}),
              401);
  });
  EXPECT_EQ(requests().size(), 3U);
}

/// Answers as a server does that has the password, or that gets it wrong; names the next nonce.
test::Behaviour proving_server(std::string password) {
  return [password](const Received& request) {
    const auto given = digest_of(request);
    if (!given) {
      return Reaction{.bytes = status(401,
                                      "WWW-Authenticate: Digest realm=r, nonce=one, qop=auth, "
                                      "algorithm=SHA-256\r\n")};
    }
    const std::string count(given->parameter("nc").value_or(""));
    return Reaction{
        .bytes = status(200, "Authentication-Info: qop=auth, nextnonce=\"two\", nc=" + count +
                                 ", rspauth=\"" + proof_of(*given, password, "") + "\"\r\n")};
  };
}

TEST_P(DigestAuthTest, TakesTheNextNonceFromAServerThatKnowsThePassword) {
  session(proving_server("p"), [&](Core core) -> Task<> {
    core->middlewares = {digest_auth_middleware({"http://h/", "u", "p"})};
    EXPECT_EQ(co_await status_of(core, "http://h/a"), 200);
    EXPECT_TRUE(requests().back().has("nonce=\"one\""));
    EXPECT_EQ(co_await status_of(core, "http://h/a"), 200);
    EXPECT_TRUE(requests().back().has("nonce=\"two\""));
    EXPECT_TRUE(requests().back().has("nc=00000001"));
  });
}

TEST_P(DigestAuthTest, RefusesAServerThatDoesNotKnowThePassword) {
  session(proving_server("other"), [&](Core core) -> Task<> {
    core->middlewares = {digest_auth_middleware({"http://h/", "u", "p"})};
    const auto error =
        co_await test::failure_of<ServerAuthenticationError>(status_of(core, "http://h/a"));
    EXPECT_EQ(class_name(error), "ServerAuthenticationError");
    EXPECT_EQ(error.status(), 200);
    core->middlewares = {digest_auth_middleware({"http://h/", "u", "p", false})};
    EXPECT_EQ(co_await status_of(core, "http://h/a"), 200);
  });
}

/// What a server sends with a proof for `proven`, and on whose way it becomes `body`.
struct Proven {
  std::string proven;
  std::string body;
  std::string fields = {};   ///< beside those of the framing
  bool in_trailer = false;   ///< the body comes in chunks, and the proof behind them
  bool is_for_head = false;  ///< the body does not come
};

/// Wants `auth-int`, and proves `p` with it.
test::Behaviour integrity_server(const Proven& answer) {
  return [answer](const Received& request) {
    const auto given = digest_of(request);
    if (!given) {
      return Reaction{.bytes = status(401,
                                      "WWW-Authenticate: Digest realm=r, nonce=one, qop=auth-int, "
                                      "algorithm=SHA-256\r\n")};
    }
    const std::string info = "Authentication-Info: qop=auth-int, rspauth=\"" +
                             proof_of(*given, "p", "", answer.proven) + "\"\r\n";
    const std::string head = "HTTP/1.1 200 OK\r\n" + answer.fields;
    if (answer.in_trailer) {
      return Reaction{
          .bytes = head + "Transfer-Encoding: chunked\r\n\r\n" +
                   fmt::format("{:x}\r\n{}\r\n0\r\n{}\r\n", answer.body.size(), answer.body, info)};
    }
    const std::string body = answer.is_for_head ? "" : answer.body;
    return Reaction{.bytes = head + info +
                             fmt::format("Content-Length: {}\r\n\r\n", answer.body.size()) + body};
  };
}

TEST_P(DigestAuthTest, ReadsABodyThatIsProvenToBeTheServers) {
  const std::string large(std::size_t{1} << 20, 'x');  // more than comes with its head
  const std::string coded = proto::gzip("here");
  const Proven answers[] = {
      {.proven = "here", .body = "here"},
      {.proven = "", .body = ""},
      {.proven = large, .body = large},
      {.proven = coded, .body = coded, .fields = "Content-Encoding: gzip\r\n"},
      {.proven = "here", .body = "here", .in_trailer = true},
  };
  for (const Proven& answer : answers) {
    session(integrity_server(answer), [&](Core core) -> Task<> {
      core->middlewares = {digest_auth_middleware({"http://h/", "u", "p"})};
      Response response = co_await test::request(core, "GET", "http://h/");
      EXPECT_EQ(response.status(), 200);
      const std::string expected = answer.fields.empty() ? answer.body : "here";
      EXPECT_EQ(co_await response.read(), expected);
    });
  }
  session(integrity_server({.proven = "", .body = "here", .is_for_head = true}),
          [&](Core core) -> Task<> {
            core->middlewares = {digest_auth_middleware({"http://h/", "u", "p"})};
            EXPECT_EQ(co_await status_of(core, "http://h/", {}, "HEAD"), 200);
          });
}

TEST_P(DigestAuthTest, RefusesABodyThatIsNotTheServersAtItsEnd) {
  const std::string large(std::size_t{1} << 20, 'x');
  const Proven answers[] = {
      {.proven = "here", .body = "hexe"},
      {.proven = large, .body = large.substr(1) + "y"},
      {.proven = proto::gzip("here"),
       .body = proto::gzip("hexe"),
       .fields = "Content-Encoding: gzip\r\n"},
      {.proven = "here", .body = "hexe", .in_trailer = true},
  };
  for (const Proven& answer : answers) {
    session(integrity_server(answer), [&](Core core) -> Task<> {
      core->middlewares = {digest_auth_middleware({"http://h/", "u", "p"})};
      Response whole = co_await test::request(core, "GET", "http://h/");
      const auto error = co_await test::failure_of<ServerAuthenticationError>(whole.read());
      EXPECT_EQ(error.phase(), Phase::receive);
      EXPECT_EQ(error.status(), 200);

      Response in_pieces = co_await test::request(core, "GET", "http://h/");
      std::size_t size = 0;
      const std::size_t all = answer.fields.empty() ? answer.body.size() : 4;
      while (size < all) size += (co_await in_pieces.read_any()).size();
      co_await test::failure_of<ServerAuthenticationError>(in_pieces.read_any());
      co_await test::failure_of<ServerAuthenticationError>(in_pieces.read_any());

      EXPECT_EQ(co_await status_of(core, "http://h/"), 200) << "nobody reads the body";
      core->middlewares = {digest_auth_middleware({"http://h/", "u", "p", false})};
      Response unverified = co_await test::request(core, "GET", "http://h/");
      EXPECT_EQ((co_await unverified.read()).size(), all);
    });
  }
  session(integrity_server({.proven = "here", .body = ""}), [&](Core core) -> Task<> {
    core->middlewares = {digest_auth_middleware({"http://h/", "u", "p"})};
    co_await test::failure_of<ServerAuthenticationError>(status_of(core, "http://h/"));
  });
}

/// Proves `password` behind a body in chunks, and names the next nonce there.
test::Behaviour late_proving_server(std::string password) {
  return [password](const Received& request) {
    const auto given = digest_of(request);
    if (!given) {
      return Reaction{.bytes = status(401,
                                      "WWW-Authenticate: Digest realm=r, nonce=one, qop=auth, "
                                      "algorithm=SHA-256\r\n")};
    }
    return Reaction{.bytes =
                        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhere\r\n0\r\n"
                        "Authentication-Info: qop=auth, nextnonce=\"two\", rspauth=\"" +
                        proof_of(*given, password, "") + "\"\r\n\r\n"};
  };
}

TEST_P(DigestAuthTest, ObeysWhatStandsBehindABodyInChunks) {
  const auto read = [](Core core) -> Task<std::string> {
    Response response = co_await test::request(core, "GET", "http://h/");
    co_return co_await response.read();
  };
  session(late_proving_server("p"), [&](Core core) -> Task<> {
    core->middlewares = {digest_auth_middleware({"http://h/", "u", "p"})};
    EXPECT_EQ(co_await read(core), "here");
    EXPECT_TRUE(requests().back().has("nonce=\"one\""));
    EXPECT_EQ(co_await read(core), "here");
    EXPECT_TRUE(requests().back().has("nonce=\"two\""));
  });
  session(late_proving_server("other"), [&](Core core) -> Task<> {
    core->middlewares = {digest_auth_middleware({"http://h/", "u", "p"})};
    const auto error = co_await test::failure_of<ServerAuthenticationError>(read(core));
    EXPECT_EQ(error.phase(), Phase::receive);
    EXPECT_EQ(co_await status_of(core, "http://h/"), 200) << "nobody reads the body";
    core->middlewares = {digest_auth_middleware({"http://h/", "u", "p", false})};
    EXPECT_EQ(co_await read(core), "here");
  });
}

TEST_P(DigestAuthTest, AnswersOriginsThatStrictTransportSecurityHasChanged) {
  std::string nonce = "one";
  bool says_stale = false;
  const auto checks = digest_server(nonce, "p", says_stale);
  const auto answers = [&](const Received& request) -> Reaction {
    if (request.has("GET /there ")) return {.bytes = test::redirect(302, "/here")};
    if (request.has("GET /secured ")) return {.bytes = test::redirect(302, "https://h/here")};
    if (request.has("GET /away ")) return {.bytes = test::redirect(302, "https://g/secured")};
    return checks(request);
  };
  session(answers, [&](Core core) -> Task<> {
    core->middlewares = {digest_auth_middleware({"http://h/", "u", "p"})};
    EXPECT_EQ(co_await status_of(core, "http://h/secured"), 401) << "a redirect changes the origin";
    core->hsts = std::make_shared<proto::HstsStore>();
    core->hsts->note(proto::Url::parse("https://h/").value(), "max-age=60",
                     std::chrono::system_clock::now());
    for (const char* url : {"http://h/", "http://h:8080/"}) {
      core->middlewares = {digest_auth_middleware({url, "u", "p"})};
      EXPECT_EQ(co_await status_of(core, url), 200);
    }
    EXPECT_EQ(co_await status_of(core, "http://h:81/"), 401) << "another port";
    EXPECT_EQ(log_.routes,
              std::vector<std::string>({"http h:80", "https h:443", "https h:8080", "https h:81"}));
    core->middlewares = {digest_auth_middleware({"http://h/", "u", "p"})};
    EXPECT_EQ(co_await status_of(core, "http://h/there"), 200) << "a redirect within the origin";
    EXPECT_EQ(co_await status_of(core, "http://h/away"), 401) << "never back home by a redirect";
    core->middlewares = {digest_auth_middleware({"https://h/", "u", "p"})};
    core->hsts->clear();
    EXPECT_EQ(co_await status_of(core, "http://h/"), 401) << "never the other way";
  });
}

TEST_P(DigestAuthTest, AnswersChallengesOfRequestsSideBySide) {
  std::string nonce = "one";
  bool says_stale = false;
  session(digest_server(nonce, "p", says_stale), [&](Core core) -> Task<> {
    core->middlewares = {digest_auth_middleware({"http://h/", "u", "p"})};
    auto statuses = co_await gather(status_of(core, "http://h/1"), status_of(core, "http://h/2"),
                                    status_of(core, "http://h/3"));
    EXPECT_EQ(statuses, std::tuple(200, 200, 200));
  });
}

}  // namespace
}  // namespace rondo::http
