#include "rondo/proto/public_suffix.hpp"

#include <gtest/gtest.h>

namespace rondo::proto {
namespace {

TEST(PublicSuffix, KnowsWhereStrangersLive) {
  for (const std::string_view domain :
       {"com", "co.uk", "github.io", "xn--fiqs8s", "com.", "kobe.jp", "a.kobe.jp", "x.ck"}) {
    EXPECT_TRUE(is_public_suffix(domain)) << domain;
  }
  for (const std::string_view domain :
       {"example.com", "example.co.uk", "me.github.io", "city.kobe.jp", "www.ck", "127.0.0.1"}) {
    EXPECT_FALSE(is_public_suffix(domain)) << domain;
  }
}

TEST(PublicSuffix, TakesAnUnknownSingleLabelForOne) {
  EXPECT_TRUE(is_public_suffix("localhost"));
  EXPECT_TRUE(is_public_suffix("intranet"));
  EXPECT_FALSE(is_public_suffix("wiki.intranet"));
}

}  // namespace
}  // namespace rondo::proto
