#include "rondo/proto/basic_auth.hpp"

#include <gtest/gtest.h>

namespace rondo::proto {
namespace {

TEST(BasicAuth, WritesTheExamplesOfTheRfc) {
  EXPECT_EQ(basic_auth("Aladdin", "open sesame").value(), "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==");
  EXPECT_EQ(basic_auth("test", "123\xc2\xa3").value(), "Basic dGVzdDoxMjPCow==");
}

TEST(BasicAuth, TakesEmptyNamesAndPasswordsAndColonsInThePassword) {
  EXPECT_EQ(basic_auth("", "").value(), "Basic Og==");
  EXPECT_EQ(basic_auth("a", "").value(), "Basic YTo=");
  EXPECT_EQ(basic_auth("a", "b:c").value(), "Basic YTpiOmM=");
}

TEST(BasicAuth, RefusesAColonInTheUser) {
  EXPECT_EQ(basic_auth("a:b", "c").error(), BasicAuthError::colon_in_user);
}

TEST(BasicAuth, RefusesControlCharactersInEither) {
  for (const std::string_view text : {std::string_view("a\r\nb"), std::string_view("\0", 1),
                                      std::string_view("\t"), std::string_view("\x7f")}) {
    EXPECT_EQ(basic_auth(text, "b").error(), BasicAuthError::control_character);
    EXPECT_EQ(basic_auth("a", text).error(), BasicAuthError::control_character);
  }
}

TEST(BasicAuth, DescribesEachErrorDifferently) {
  EXPECT_NE(describe(BasicAuthError::colon_in_user), describe(BasicAuthError::control_character));
}

}  // namespace
}  // namespace rondo::proto
