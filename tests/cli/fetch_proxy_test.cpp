// What a proxy is shown, and what it is to the transfers behind it.

#include <gtest/gtest.h>

#include <string>

#include "tests/cli/command.hpp"
#include "tests/support/nginx.hpp"
#include "tests/support/squid.hpp"

namespace rondo::cli {
namespace {

using test::Nginx;
using test::Squid;

constexpr const char* kPath = "/small";

class FetchProxyTest : public ::testing::Test {
 protected:
  /// Over TLS, so through a tunnel, and in the clear.
  void expect_through(std::vector<std::string> options, int code) {
    options.insert(options.begin(), {"fetch", "--quiet", "--cacert", nginx_.ca_file()});
    for (const Nginx::Site site : {Nginx::Site::plain, Nginx::Site::tls_1_3}) {
      std::vector<std::string> arguments = options;
      arguments.push_back(nginx_.url(site, kPath));
      const Outcome outcome = run_command(arguments);
      EXPECT_EQ(outcome.code, code) << outcome.err;
      if (code == 0) {
        EXPECT_EQ(outcome.out, "small");
      }
      EXPECT_EQ(outcome.err.find("secret"), std::string::npos) << outcome.err;
    }
  }

  Nginx nginx_;
};

TEST_F(FetchProxyTest, AnswersAProxyThatAsksForDigest) {
  const Squid squid(Squid::Access::digest);
  expect_through({"--proxy", squid.url("user:secret@"), "--proxy-digest", "--fail"}, 0);
  expect_through({"--proxy", squid.url("user:other@"), "--proxy-digest", "--fail"}, 1);
}

TEST_F(FetchProxyTest, ShowsNoPasswordToAProxyThatAsksForBasic) {
  const Squid squid(Squid::Access::basic);
  expect_through({"--proxy", squid.url("user:secret@"), "--fail"}, 0);
  expect_through({"--proxy", squid.url("user:secret@"), "--proxy-digest", "--fail"}, 1);
}

TEST_F(FetchProxyTest, SendsHeadersThatAreForTheProxy) {
  const Squid squid(Squid::Access::marked);
  expect_through({"--proxy", squid.url(), "--proxy-header", "X-Test: gate", "--fail"}, 0);
  expect_through({"--proxy", squid.url(), "--proxy-header", "X-Test: other", "--fail"}, 1);
}

}  // namespace
}  // namespace rondo::cli
