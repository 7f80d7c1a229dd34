#include "cli/url_text.hpp"

#include <gtest/gtest.h>

namespace rondo::cli {
namespace {

TEST(UrlText, HasAHostWithoutCredentials) {
  EXPECT_EQ(host_of("http://a.test:81/x@y"), "a.test:81");
  EXPECT_EQ(host_of("https://me:secret@a.test?x"), "a.test");
  EXPECT_EQ(host_of("http://me@here:secret@a.test#x"), "a.test");
  EXPECT_EQ(host_of("http://[::1]:80#x"), "[::1]:80");
  EXPECT_EQ(host_of("http://a.test\\@b.test/"), "a.test");
  EXPECT_EQ(host_of("http:\\\\a"), "");
  EXPECT_EQ(host_of("http://"), "");
  EXPECT_EQ(host_of("nonsense"), "");
}

TEST(UrlText, IsShownWithoutCredentials) {
  EXPECT_EQ(without_credentials("https://me:secret@a.test/x?y@z"), "https://a.test/x?y@z");
  EXPECT_EQ(without_credentials("http://me@here:secret@a.test"), "http://a.test");
  EXPECT_EQ(without_credentials("http://a.test/me:secret@b"), "http://a.test/me:secret@b");
  EXPECT_EQ(without_credentials("http://me:secret@"), "http://");
  EXPECT_EQ(without_credentials("nonsense@a"), "nonsense@a");
}

}  // namespace
}  // namespace rondo::cli
