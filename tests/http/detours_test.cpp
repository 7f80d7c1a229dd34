#include "rondo/http/detours.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "rondo/http/plan.hpp"

namespace rondo::http {
namespace {

std::shared_ptr<ProxyAuthentication> authentication_of(Detours& detours, const std::string& user) {
  const std::string proxy = "http://" + user + ":secret@p.test";
  return detours.plan(*make_request("GET", "http://h/", {.proxy = proxy}, {}))->authentication;
}

TEST(Detours, RememberTheCredentialsThatWereUsedLast) {
  Detours detours(SessionOptions{});
  const std::weak_ptr often = authentication_of(detours, "often");
  const std::weak_ptr once = authentication_of(detours, "once");
  for (std::size_t i = 0; i < Detours::kMostAuthentications; ++i) {
    const std::weak_ptr one = authentication_of(detours, "user-" + std::to_string(i));
    EXPECT_FALSE(one.expired());
    EXPECT_EQ(authentication_of(detours, "often"), often.lock());
  }
  EXPECT_TRUE(once.expired()) << "nobody uses it, and others came";
  const auto held = authentication_of(detours, "held");
  for (std::size_t i = 0; i < Detours::kMostAuthentications; ++i) {
    authentication_of(detours, "other-" + std::to_string(i));
  }
  EXPECT_EQ(held.use_count(), 1) << "who uses it keeps it";
  EXPECT_NE(authentication_of(detours, "held"), held);
}

}  // namespace
}  // namespace rondo::http
