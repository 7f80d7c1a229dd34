#include "rondo/proto/extended_value.hpp"

#include <gtest/gtest.h>

namespace rondo::proto {
namespace {

// What content_disposition_test.cpp does not have.
TEST(ExtendedValue, DecodesTheExamplesOfRfc8187) {
  EXPECT_EQ(decode_extended_value("UTF-8'en'%C2%A3%20rates"), "\xc2\xa3 rates");
  EXPECT_EQ(decode_extended_value("UTF-8''%c2%a3%20and%20%e2%82%ac%20rates"),
            "\xc2\xa3 and \xe2\x82\xac rates");
  EXPECT_EQ(decode_extended_value("iso-8859-1'en'%A3%20rates"), "\xc2\xa3 rates");
  EXPECT_EQ(decode_extended_value("UTF-8''a'b"), "a'b");
}

TEST(ExtendedValue, EncodesWhatItDecodes) {
  EXPECT_EQ(encode_extended_value("a b%'*\xe2\x82\xac~"), "UTF-8''a%20b%25%27%2A%E2%82%AC~");
  EXPECT_EQ(decode_extended_value(encode_extended_value("a b%'*\xe2\x82\xac")),
            "a b%'*\xe2\x82\xac");
}

}  // namespace
}  // namespace rondo::proto
