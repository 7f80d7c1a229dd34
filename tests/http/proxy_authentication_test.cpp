// What a proxy is shown of its user, and when: requests in absolute form, under a virtual clock.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "rondo/http/detours.hpp"
#include "rondo/proto/challenge.hpp"
#include "rondo/proto/digest_hash.hpp"

#include "tests/http/exchange_fixture.hpp"

namespace rondo::http {
namespace {

using test::Core;
using test::Reaction;
using test::Received;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr std::string_view kName = "Proxy-Authorization";

std::string asking(std::string_view challenge) {
  return "HTTP/1.1 407 Who\r\nProxy-Authenticate: " + std::string(challenge) +
         "\r\nContent-Length: 0\r\n\r\n";
}

std::string sha256(const std::string& text) {
  return proto::digest_hash(proto::DigestHash::sha256, text);
}

class ProxyAuthenticationTest : public test::ExchangeSuite {
 protected:
  /// A session behind a proxy that answers with `answers` in turn, and with the last one from then
  /// on.
  void behind_proxy(SessionProxyAuth auth, std::vector<std::string> answers, test::Body body) {
    SessionOptions options;
    options.proxy_auth = auth;
    behind_proxy(options, std::move(answers), std::move(body));
  }

  void behind_proxy(SessionOptions options, std::vector<std::string> answers, test::Body body) {
    const auto in_turn = [answers, i = std::size_t{0}](const Received&) mutable {
      return Reaction{.bytes = answers[std::min(i++, answers.size() - 1)]};
    };
    options.proxy = "http://proxy.test:3128";
    session(in_turn, [options, body](Core core) -> Task<> {
      core->detours = std::make_unique<Detours>(options);
      co_await body(core);
    });
  }

  static Task<int> status_of(Core core, std::string_view method = "GET",
                             RequestOptions options = {}) {
    const Response response = co_await test::request(core, method, "http://h/a?b#c", options);
    co_return response.status();
  }

  /// What request number `index` showed the proxy; empty: nothing.
  [[nodiscard]] std::string shown(std::size_t index) const {
    const std::string& text = requests().at(index).text;
    const auto at = text.find("\r\n" + std::string(kName) + ": ");
    if (at == std::string::npos) return "";
    const auto begin = at + kName.size() + 4;
    return text.substr(begin, text.find("\r\n", begin) - begin);
  }

  [[nodiscard]] std::string shown(std::size_t index, std::string_view parameter) const {
    const auto challenges = proto::parse_challenges(shown(index));
    if (challenges.empty()) return "";
    return std::string(challenges.front().parameter(parameter).value_or(""));
  }
};
RONDO_ON_EACH_BACKEND(ProxyAuthenticationTest);

TEST_P(ProxyAuthenticationTest, ShowsBasicUnaskedAndDigestWhenItIsAskedFor) {
  behind_proxy(BasicAuth{"u", "p"}, {asking("Digest realm=r, nonce=n, qop=auth"), test::ok("")},
               [&](Core core) -> Task<> {
                 EXPECT_EQ(co_await status_of(core), 200);
                 EXPECT_EQ(shown(0), "Basic dTpw");
                 EXPECT_THAT(shown(1), HasSubstr("Digest username=\"u\""));
                 EXPECT_EQ(co_await status_of(core), 200);
                 EXPECT_EQ(shown(2, "nc"), "00000002");
               });
}

TEST_P(ProxyAuthenticationTest, ShowsCredentialsAmongHeadersForTheProxyOnce) {
  SessionOptions options;
  options.proxy_headers = {{"Proxy-Authorization", "Own x"}};
  behind_proxy(options, {test::ok("")}, [&](Core core) -> Task<> {
    EXPECT_EQ(co_await status_of(core), 200);
    const RequestOptions own = {.proxy_headers = {{"proxy-authorization", "Own y"}}};
    EXPECT_EQ(co_await status_of(core, "GET", own), 200);
  });
  EXPECT_EQ(shown(0), "Own x");
  EXPECT_EQ(shown(1), "Own y");
  for (const Received& request : requests()) {
    EXPECT_EQ(request.text.find("Own"), request.text.rfind("Own")) << request.text;
  }
}

TEST_P(ProxyAuthenticationTest, ShowsNothingUnaskedWhereOnlyDigestMayBeShown) {
  behind_proxy(DigestAuth{"u", "p"},
               {asking("Basic realm=r, Digest realm=r, nonce=n, algorithm=SHA-256, qop=\"auth\""),
                test::ok("")},
               [&](Core core) -> Task<> {
                 EXPECT_EQ(co_await status_of(core), 200);
                 EXPECT_EQ(requests().size(), 2U);
                 EXPECT_EQ(shown(0), "");
                 const std::string hash =
                     sha256(sha256("u:r:p") + ":n:00000001:" + shown(1, "cnonce") +
                            ":auth:" + sha256("GET:http://h/a?b"));
                 EXPECT_EQ(shown(1, "response"), hash);
               });
}

TEST_P(ProxyAuthenticationTest, AnswersNothingButDigestWhereOnlyDigestMayBeShown) {
  behind_proxy(DigestAuth{"u", "p"}, {asking("Basic realm=r")}, [&](Core core) -> Task<> {
    EXPECT_EQ(co_await status_of(core), 407);
    EXPECT_EQ(requests().size(), 1U);
    EXPECT_THAT(requests()[0].text, Not(HasSubstr(std::string(kName))));
  });
}

TEST_P(ProxyAuthenticationTest, HashesABodyOfBytesWhereTheProxyWantsThat) {
  const std::string challenge =
      asking("Digest realm=r, nonce=n, algorithm=SHA-256, qop=\"auth-int\"");
  behind_proxy(DigestAuth{"u", "p"}, {challenge, test::ok("")}, [&](Core core) -> Task<> {
    EXPECT_EQ(co_await status_of(core, "PUT", {.data = "the body"}), 200);
    EXPECT_EQ(shown(1, "qop"), "auth-int");
    const std::string hash =
        sha256(sha256("u:r:p") + ":n:00000001:" + shown(1, "cnonce") +
               ":auth-int:" + sha256("PUT:http://h/a?b:" + sha256("the body")));
    EXPECT_EQ(shown(1, "response"), hash);
    EXPECT_EQ(co_await status_of(core), 200);
    EXPECT_EQ(shown(2, "qop"), "auth-int");
  });
}

TEST_P(ProxyAuthenticationTest, TakesTheNextNonce) {
  const std::string answer =
      "HTTP/1.1 200 OK\r\nProxy-Authentication-Info: nextnonce=\"m\"\r\nContent-Length: 0\r\n\r\n";
  behind_proxy(DigestAuth{"u", "p"}, {asking("Digest realm=r, nonce=n, qop=auth"), answer},
               [&](Core core) -> Task<> {
                 EXPECT_EQ(co_await status_of(core), 200);
                 EXPECT_EQ(shown(1, "nonce"), "n");
                 EXPECT_EQ(co_await status_of(core), 200);
                 EXPECT_EQ(shown(2, "nonce"), "m");
               });
}

TEST_P(ProxyAuthenticationTest, RefusesAProxyThatDoesNotKnowThePassword) {
  const std::string answer =
      "HTTP/1.1 200 OK\r\nProxy-Authentication-Info: qop=auth, rspauth=\"0123\"\r\n"
      "Content-Length: 0\r\n\r\n";
  behind_proxy(DigestAuth{"u", "p"}, {asking("Digest realm=r, nonce=n, qop=auth"), answer},
               [&](Core core) -> Task<> {
                 const auto error =
                     co_await test::failure_of<ClientProxyConnectionError>(status_of(core));
                 EXPECT_THAT(error.what(), HasSubstr("http://proxy.test:3128: it does not prove"));
               });
}

TEST_P(ProxyAuthenticationTest, RefusesABodyThatAProxyCannotProve) {
  const std::string answer =
      "HTTP/1.1 200 OK\r\nProxy-Authentication-Info: qop=auth-int, rspauth=\"0123\"\r\n"
      "Content-Length: 4\r\n\r\nhere";
  behind_proxy(DigestAuth{"u", "p"}, {asking("Digest realm=r, nonce=n, qop=auth-int"), answer},
               [&](Core core) -> Task<> {
                 Response response = co_await test::request(core, "GET", "http://h/");
                 const auto error =
                     co_await test::failure_of<ClientProxyConnectionError>(response.read());
                 EXPECT_THAT(error.what(), HasSubstr("http://proxy.test:3128: it does not prove"));
               });
}

TEST_P(ProxyAuthenticationTest, ObeysWhatStandsBehindABodyInChunks) {
  const auto answer = [](std::string_view info) {
    return "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhere\r\n0\r\n"
           "Proxy-Authentication-Info: " +
           std::string(info) + "\r\n\r\n";
  };
  behind_proxy(DigestAuth{"u", "p"},
               {asking("Digest realm=r, nonce=n, qop=auth"), answer("nextnonce=\"m\""),
                answer("rspauth=\"0123\"")},
               [&](Core core) -> Task<> {
                 EXPECT_EQ(co_await test::fetch(core, "http://h/"), "here");
                 const auto error = co_await test::failure_of<ClientProxyConnectionError>(
                     test::fetch(core, "http://h/"));
                 EXPECT_EQ(shown(2, "nonce"), "m");
                 EXPECT_THAT(error.what(), HasSubstr("http://proxy.test:3128: it does not prove"));
               });
}

TEST_P(ProxyAuthenticationTest, JudgesNoProofForADigestThatTheUserHasMade) {
  const std::string answer =
      "HTTP/1.1 200 OK\r\nProxy-Authentication-Info: qop=auth, rspauth=\"0123\"\r\n"
      "Transfer-Encoding: chunked\r\n\r\n4\r\nhere\r\n0\r\n"
      "Proxy-Authentication-Info: qop=auth, rspauth=\"0123\"\r\n\r\n";
  const std::string own =
      "Digest username=\"u\", realm=\"r\", nonce=\"n\", uri=\"http://h/\", qop=auth, "
      "nc=00000001, cnonce=\"c\", response=\"0\"";
  behind_proxy(BasicAuth{"u", "p"}, {answer}, [&](Core core) -> Task<> {
    Response response = co_await test::request(core, "GET", "http://h/",
                                               {.headers = {{"Proxy-Authorization", own}}});
    EXPECT_EQ(co_await response.read(), "here");
    EXPECT_EQ(shown(0), own);
  });
}

TEST_P(ProxyAuthenticationTest, GivesTheRefusalOfWrongCredentials) {
  behind_proxy(DigestAuth{"u", "p"}, {asking("Digest realm=r, nonce=n, qop=auth")},
               [&](Core core) -> Task<> {
                 EXPECT_EQ(co_await status_of(core), 407);
                 EXPECT_EQ(requests().size(), 2U);
               });
}

TEST_P(ProxyAuthenticationTest, BelongsToTheProxyThatItIsGivenWith) {
  SessionOptions options;
  options.proxy_auth = BasicAuth{"u", "p"};
  EXPECT_THROW(const Detours none(options), std::invalid_argument);
  options.proxy = "http://a:b@proxy.test";
  EXPECT_THROW(const Detours twice(options), std::invalid_argument);
  behind_proxy(BasicAuth{"u", "p"}, {test::ok("")}, [&](Core core) -> Task<> {
    EXPECT_EQ(co_await status_of(core, "GET", {.proxy = "http://other.test"}), 200);
    EXPECT_EQ(shown(0), "") << "the session's credentials are for the session's proxy";
    const RequestOptions own = {.proxy = "http://other.test", .proxy_auth = BasicAuth{"x", "y"}};
    EXPECT_EQ(co_await status_of(core, "GET", own), 200);
    EXPECT_EQ(shown(1), "Basic eDp5");
    EXPECT_THROW(static_cast<void>(make_request(
                     "GET", "http://h/", {.proxy_auth = BasicAuth{"x", "y"}}, core->defaults)),
                 InvalidRequest);
    EXPECT_THROW(static_cast<void>(make_request(
                     "GET", "http://h/",
                     {.proxy = "http://u:p@other.test", .proxy_auth = DigestAuth{"x", "y"}},
                     core->defaults)),
                 InvalidURL);
  });
}

}  // namespace
}  // namespace rondo::http
