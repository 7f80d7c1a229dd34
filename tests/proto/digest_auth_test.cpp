#include "rondo/proto/digest_auth.hpp"

#include <gtest/gtest.h>

#include <string>

#include "rondo/proto/digest_hash.hpp"

namespace rondo::proto {
namespace {

// RFC 7616 §3.9.1.
constexpr std::string_view kRfcCnonce = "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ";
constexpr std::string_view kRfcRest =
    "realm=\"http-auth@example.org\", qop=\"auth, auth-int\", "
    "nonce=\"7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v\", "
    "opaque=\"FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS\"";

std::vector<Challenge> rfc_challenge(std::string_view algorithm) {
  return parse_challenges(std::string("Digest ") + std::string(kRfcRest) +
                          ", algorithm=" + std::string(algorithm));
}

std::string parameter_of(const std::string& authorization, std::string_view name) {
  return std::string(parse_challenges(authorization).at(0).parameter(name).value_or("none"));
}

std::string answer_to(std::string_view challenge, std::string_view name,
                      const DigestRequest& request = {"GET", "/dir/index.html"}) {
  DigestAuth digest("Mufasa", "Circle of Life");
  EXPECT_TRUE(digest.take(parse_challenges(challenge), "cnonce")) << challenge;
  return parameter_of(digest.authorization(request).value(), name);
}

TEST(DigestAuth, AnswersTheExamplesOfRfc7616) {
  DigestAuth digest("Mufasa", "Circle of Life");
  EXPECT_TRUE(digest.take(rfc_challenge("MD5"), kRfcCnonce));
  EXPECT_EQ(digest.authorization({"GET", "/dir/index.html"}),
            "Digest username=\"Mufasa\", realm=\"http-auth@example.org\", "
            "nonce=\"7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v\", uri=\"/dir/index.html\", "
            "algorithm=MD5, qop=auth, nc=00000001, "
            "cnonce=\"f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ\", "
            "response=\"8ca523f5e9506fed4657c9700eebdbec\", "
            "opaque=\"FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS\"");
  digest.reset();
  EXPECT_TRUE(digest.take(rfc_challenge("SHA-256"), kRfcCnonce));
  EXPECT_EQ(parameter_of(digest.authorization({"GET", "/dir/index.html"}).value(), "response"),
            "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1");
}

// RFC 7616 §3.9.2 as corrected by erratum 4897, which has the hashes of SHA-512/256.
TEST(DigestAuth, AnswersWithAHashedUserAndSha512) {
  DigestAuth digest("J\xc3\xa4s\xc3\xb8n Doe", "Secret, or not?");
  const auto challenges = parse_challenges(
      "Digest realm=\"api@example.org\", qop=\"auth\", algorithm=SHA-512-256, "
      "nonce=\"5TsQWLVdgBdmrQ0XsxbDODV+57QdFR34I9HAbC/RVvkK\", "
      "opaque=\"HRPCssKJSGjCrkzDg8OhwpzCiGPChXYjwrI2QmXDnsOS\", charset=UTF-8, userhash=true");
  ASSERT_TRUE(digest.take(challenges, "NTg6RKcb9boFIAS3KrFK9BGeh+iDa/sm6jUMp2wds69v"));
  const std::string value = digest.authorization({"GET", "/doe.json"}).value();
  EXPECT_EQ(parameter_of(value, "username"),
            "793263caabb707a56211940d90411ea4a575adeccb7e360aeb624ed06ece9b0b");
  EXPECT_EQ(parameter_of(value, "response"),
            "3798d4131c277846293534c3edc11bd8a5e4cdcbff78b05db9d95eeb1cec68a5");
  EXPECT_EQ(parameter_of(value, "userhash"), "true");
}

// RFC 2617 §3.5, and the same without qop, as RFC 2069 has it.
TEST(DigestAuth, AnswersTheExamplesOfOlderRfcs) {
  DigestAuth digest("Mufasa", "Circle Of Life");
  const std::string head =
      "Digest realm=\"testrealm@host.com\", nonce=\"dcd98b7102dd2f0e8b11d0f600bfb0c093\", "
      "opaque=\"5ccc069c403ebaf9f0171e9517f40e41\"";
  ASSERT_TRUE(digest.take(parse_challenges(head + ", qop=\"auth,auth-int\""), "0a4f113b"));
  EXPECT_EQ(parameter_of(digest.authorization({"GET", "/dir/index.html"}).value(), "response"),
            "6629fae49393a05397450978507c4ef1");
  DigestAuth old("Mufasa", "Circle Of Life");
  ASSERT_TRUE(old.take(parse_challenges(head), "0a4f113b"));
  EXPECT_EQ(old.authorization({"GET", "/dir/index.html"}),
            "Digest username=\"Mufasa\", realm=\"testrealm@host.com\", "
            "nonce=\"dcd98b7102dd2f0e8b11d0f600bfb0c093\", uri=\"/dir/index.html\", "
            "response=\"670fd8c2df070c60b045671b8b24ff02\", "
            "opaque=\"5ccc069c403ebaf9f0171e9517f40e41\"");
}

TEST(DigestAuth, HashesTheSessionAndTheBodyByTheFormulas) {
  const auto h = [](std::string_view text) { return digest_hash(DigestHash::sha256, text); };
  const std::string a1 = h("Mufasa:r:Circle of Life");
  const std::string a2 = h("GET:/dir/index.html");
  EXPECT_EQ(answer_to("Digest realm=r, nonce=n, qop=auth, algorithm=SHA-256-sess", "response"),
            h(h(a1 + ":n:cnonce") + ":n:00000001:cnonce:auth:" + a2));
  EXPECT_EQ(answer_to("Digest realm=r, nonce=n, algorithm=sha-256-SESS", "response"),
            h(h(a1 + ":n:cnonce") + ":n:" + a2));
  EXPECT_EQ(answer_to("Digest realm=r, nonce=n, algorithm=SHA-256-sess", "cnonce"), "cnonce");
  EXPECT_EQ(answer_to("Digest realm=r, nonce=n, qop=auth-int, algorithm=SHA-256", "response",
                      {"PUT", "/x", "body"}),
            h(a1 + ":n:00000001:cnonce:auth-int:" + h("PUT:/x:" + h("body"))));
  EXPECT_EQ(answer_to("Digest realm=r, nonce=n, qop=\"auth-int,auth\"", "qop"), "auth");
}

TEST(DigestAuth, CountsItsRequestsAndBeginsAnewWithEachNonce) {
  DigestAuth digest("u", "p");
  EXPECT_FALSE(digest.is_ready());
  EXPECT_FALSE(digest.authorization({"GET", "/"}));
  EXPECT_EQ(digest.take_info("Digest x=y", "nextnonce=early"), ServerProof::none);
  EXPECT_FALSE(digest.is_ready());
  ASSERT_TRUE(digest.take(parse_challenges("Digest realm=r, nonce=n, qop=auth"), "c"));
  EXPECT_TRUE(digest.is_ready());
  const std::string first = digest.authorization({"GET", "/"}).value();
  const std::string second = digest.authorization({"GET", "/"}).value();
  EXPECT_EQ(parameter_of(first, "nc"), "00000001");
  EXPECT_EQ(parameter_of(second, "nc"), "00000002");
  EXPECT_EQ(parameter_of(first, "cnonce"), parameter_of(second, "cnonce"));
  EXPECT_NE(parameter_of(first, "response"), parameter_of(second, "response"));
  EXPECT_EQ(digest.take_info(first, "qop=auth, nextnonce=\"m\""), ServerProof::none);
  const std::string third = digest.authorization({"GET", "/"}).value();
  EXPECT_EQ(parameter_of(third, "nc"), "00000001");
  EXPECT_EQ(parameter_of(third, "nonce"), "m");
  EXPECT_EQ(digest.take_info(second, "nextnonce=\"late\""), ServerProof::none);
  EXPECT_EQ(digest.take_info("Basic dTpw", "nextnonce=\"other\""), ServerProof::none);
  EXPECT_EQ(parameter_of(digest.authorization({"GET", "/"}).value(), "nonce"), "m");
}

TEST(DigestAuth, ChecksThatTheServerKnowsThePasswordToo) {
  const auto h = [](std::string_view text) { return digest_hash(DigestHash::sha256, text); };
  const std::string challenge =
      "Digest realm=\"r \\\"q\\\"\", nonce=n, algorithm=SHA-256, qop=auth";
  DigestAuth digest("u", "p");
  ASSERT_TRUE(digest.take(parse_challenges(challenge), "c"));
  static_cast<void>(digest.authorization({"GET", "/"}));
  const std::string sent = digest.authorization({"GET", "/a?b"}).value();
  const std::string proof = h(h("u:r \"q\":p") + ":n:00000002:c:auth:" + h(":/a?b"));
  using P = ServerProof;
  struct Case {
    std::string info;
    P verdict;
  };
  const Case cases[] = {
      {"rspauth=\"" + proof + "\", cnonce=\"c\", nc=00000002, qop=auth", P::right},
      {"rspauth=\"" + proof + "\"", P::right},
      {"rspauth=\"" + proof + "\", nc=00000001", P::wrong},
      {"rspauth=\"" + proof + "\", cnonce=\"d\"", P::wrong},
      {"rspauth=\"" + h("other") + "\", qop=auth", P::wrong},
      {"rspauth=\"\", qop=auth", P::wrong},
      {"rspauth=\"" + h("other") + "\", qop=auth-int", P::none},  // not what was asked for
      {"qop=auth", P::none},
      {"", P::none},
      {"\xff", P::none},
  };
  for (const Case& each : cases)
    EXPECT_EQ(digest.take_info(sent, each.info), each.verdict) << each.info;
  const std::string wrong = "rspauth=\"x\", nextnonce=\"evil\"";
  EXPECT_EQ(digest.take_info(sent, wrong), P::wrong);
  EXPECT_EQ(parameter_of(digest.authorization({"GET", "/"}).value(), "nonce"), "n");
  // The proof is for the nonce of its request, whatever has come since.
  ASSERT_TRUE(digest.take(parse_challenges(challenge + ", nonce=ignored, stale=true"), "d"));
  EXPECT_EQ(digest.take_info(sent, cases[0].info), P::right);
}

TEST(DigestAuth, ChecksAProofOfTheBodyWhenThereIsItsHash) {
  const auto h = [](std::string_view text) { return digest_hash(DigestHash::sha256, text); };
  DigestAuth digest("u", "p");
  ASSERT_TRUE(digest.take(
      parse_challenges("Digest realm=r, nonce=n, algorithm=SHA-256, qop=auth-int"), "c"));
  const std::string sent = digest.authorization({"GET", "/a"}).value();
  EXPECT_EQ(DigestAuth::integrity_hash(sent), DigestHash::sha256);
  const std::string proof = h(h("u:r:p") + ":n:00000001:c:auth-int:" + h(":/a:" + h("the body")));
  using P = ServerProof;
  const std::string info = "qop=auth-int, rspauth=\"" + proof + "\"";
  EXPECT_EQ(digest.take_info(sent, info), P::of_body);
  EXPECT_EQ(digest.take_info(sent, info, h("the body")), P::right);
  EXPECT_EQ(digest.take_info(sent, info, h("the bodY")), P::wrong);
  EXPECT_EQ(digest.take_info(sent, "rspauth=\"" + proof + "\"", h("the body")), P::right);
  EXPECT_EQ(digest.take_info(sent, info + ", nc=00000002"), P::wrong) << "whatever the body is";
  EXPECT_EQ(digest.take_info(sent, "qop=auth, rspauth=\"" + proof + "\"", h("the body")), P::none);
  EXPECT_EQ(digest.take_info(sent, "qop=auth-int", h("the body")), P::none);

  ASSERT_TRUE(digest.take(parse_challenges("Digest realm=r, nonce=m, stale=true, qop=auth"), "c"));
  EXPECT_EQ(DigestAuth::integrity_hash(digest.authorization({"GET", "/a"}).value()), std::nullopt);
  EXPECT_EQ(DigestAuth::integrity_hash("Basic dTpw"), std::nullopt);
}

TEST(DigestAuth, TriesAgainOnlyIfTheNonceWasStale) {
  DigestAuth digest("u", "p");
  EXPECT_TRUE(digest.take(parse_challenges("Digest realm=r, nonce=a, qop=auth"), "c"));
  EXPECT_FALSE(digest.take(parse_challenges("Digest realm=r, nonce=b, qop=auth"), "c"));
  EXPECT_TRUE(digest.take(parse_challenges("Digest realm=r, nonce=c, stale=TRUE"), "d"));
  EXPECT_FALSE(digest.take(parse_challenges("Digest realm=r, nonce=c, stale=false"), "d"));
  digest.reset();
  EXPECT_TRUE(digest.take(parse_challenges("Digest realm=r, nonce=c"), "d"));
}

TEST(DigestAuth, TakesTheFirstChallengeThatItCanAnswer) {
  const std::string_view field =
      "Basic realm=x, Digest realm=a, nonce=n, algorithm=SHA-3, Digest realm=b, nonce=n, "
      "algorithm=SHA-256, Digest realm=c, nonce=n, algorithm=MD5";
  EXPECT_EQ(answer_to(field, "realm"), "b");
  for (const std::string_view refused :
       {"", "Basic realm=x", "Digest realm=x", "Digest nonce=x",
        "Digest realm=x, nonce=n, qop=auth-conf", "Digest realm=x, nonce=n, algorithm=MD4",
        "Digest realm=x, nonce=n, algorithm=\"MD5\\\"\"", "Negotiate abc="}) {
    DigestAuth digest("u", "p");
    EXPECT_FALSE(digest.take(parse_challenges(refused), "c")) << refused;
    EXPECT_FALSE(digest.is_ready()) << refused;
  }
}

TEST(DigestAuth, QuotesWhatItRepeats) {
  DigestAuth digest("a\"b\\c", "p");
  ASSERT_TRUE(digest.take(
      parse_challenges(R"(Digest realm="say \"x\\y\"", nonce="a\"b", opaque="\"")"), "c"));
  const std::string value = digest.authorization({"GET", "/?\"q"}).value();
  EXPECT_EQ(parameter_of(value, "username"), "a\"b\\c");
  EXPECT_EQ(parameter_of(value, "realm"), "say \"x\\y\"");
  EXPECT_EQ(parameter_of(value, "nonce"), "a\"b");
  EXPECT_EQ(parameter_of(value, "opaque"), "\"");
  EXPECT_EQ(parameter_of(value, "uri"), "/?\"q");
}

TEST(DigestAuth, NamesAUserBeyondAscii) {
  const std::string user = "J\xc3\xa4s\xc3\xb8n Doe";
  DigestAuth digest(user, "p");
  ASSERT_TRUE(digest.take(parse_challenges("Digest realm=r, nonce=n, charset=UTF-8"), "c"));
  const std::string value = digest.authorization({"GET", "/"}).value();
  EXPECT_EQ(parameter_of(value, "username*"), "UTF-8''J%C3%A4s%C3%B8n%20Doe");
  EXPECT_EQ(parameter_of(value, "username"), "none");
  digest.reset();
  ASSERT_TRUE(digest.take(parse_challenges("Digest realm=r, nonce=n"), "c"));
  EXPECT_EQ(parameter_of(digest.authorization({"GET", "/"}).value(), "username"), user);
}

TEST(DigestAuth, GivesNothingThatCannotBeRight) {
  DigestAuth injected("a\r\nX: y", "p");
  ASSERT_TRUE(injected.take(parse_challenges("Digest realm=r, nonce=n"), "c"));
  EXPECT_FALSE(injected.authorization({"GET", "/"}));
  DigestAuth streamed("u", "p");
  ASSERT_TRUE(streamed.take(parse_challenges("Digest realm=r, nonce=n, qop=auth-int"), "c"));
  EXPECT_FALSE(streamed.authorization({"PUT", "/", std::nullopt}));
  EXPECT_EQ(parameter_of(streamed.authorization({"PUT", "/", "x"}).value(), "nc"), "00000001");
}

TEST(DigestHash, HasTheHashesOfTheStandards) {
  EXPECT_EQ(digest_hash(DigestHash::md5, "abc"), "900150983cd24fb0d6963f7d28e17f72");
  EXPECT_EQ(digest_hash(DigestHash::sha256, "abc"),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(digest_hash(DigestHash::sha512_256, "abc"),
            "53048e2681941ef99b2e29b76b4c7dabe4c2d0c634fc6d46e0e2f13107e7af23");
  EXPECT_TRUE(is_offered(DigestHash::sha512_256));
}

}  // namespace
}  // namespace rondo::proto
