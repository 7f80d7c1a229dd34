#include "rondo/http/detour.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <string>

namespace rondo::http {
namespace {

std::shared_ptr<Detour> through(std::string_view proxy, proto::Fields headers = {}) {
  auto detour = std::make_shared<Detour>();
  detour->proxy = proto::parse_proxy_url(proxy).value();
  detour->proxy_headers = proto::HeaderMap(headers);
  return detour;
}

TEST(Detour, IsTheSameForConnectionsThatCanBeShared) {
  const auto plain = through("http://p");
  const auto marked = through("http://p", {{"X-Exit", "1"}});
  EXPECT_TRUE(are_equal(nullptr, nullptr));
  EXPECT_FALSE(are_equal(plain.get(), nullptr));
  EXPECT_TRUE(are_equal(plain.get(), through("http://p").get()));
  EXPECT_FALSE(are_equal(plain.get(), through("https://p").get()));
  EXPECT_FALSE(are_equal(plain.get(), through("http://u:p@p").get()));
  EXPECT_FALSE(are_equal(plain.get(), marked.get()));
  EXPECT_TRUE(are_equal(marked.get(), through("http://p", {{"X-Exit", "1"}}).get()));
  EXPECT_FALSE(are_equal(marked.get(), through("http://p", {{"X-Exit", "2"}}).get()));
  EXPECT_FALSE(are_equal(marked.get(), through("http://p", {{"X-Other", "1"}}).get()));
}

}  // namespace
}  // namespace rondo::http
