#include "cli/csv_input.hpp"

#include <gtest/gtest.h>

#include <string>

namespace rondo::cli {
namespace {

std::string line(std::string_view header, std::string_view row) {
  std::string out = "before";
  CsvColumns::parse(header)->to_line(row, out);
  return out;
}

TEST(CsvColumns, AreNamedByTheFirstLine) {
  for (const char* header :
       {"url", "url,sha256", "output,url", "\"url\",\"sha256\"", "\xef\xbb\xbfurl,method"}) {
    EXPECT_TRUE(CsvColumns::parse(header)) << header;
  }
  for (const char* header : {"http://a.test/", "http://a.test/,b", "{\"url\": \"x\"}", "sha256", "",
                             "url, sha256", "url,", "\"url", "URL,sha256"}) {
    EXPECT_FALSE(CsvColumns::parse(header)) << header;
  }
}

TEST(CsvColumns, MakeALineOfEachRow) {
  EXPECT_EQ(line("url", "http://a.test/"), R"({"url": "http://a.test/"})");
  EXPECT_EQ(line("sha256,url", "12,x"), R"({"sha256": "12", "url": "x"})");
  EXPECT_EQ(line("sha256,url", ",x"), R"({"url": "x"})");
  EXPECT_EQ(line("url,output", "\"a,\"\"b\"\"\",c"), R"({"url": "a,\"b\"", "output": "c"})");
  EXPECT_EQ(line("url,output", "a"), R"({"url": "a"})");
}

TEST(CsvColumns, LeaveWhatIsNoRow) {
  for (const char* row : {"a,b,c", "\"a", "\"a\"b,c"}) EXPECT_EQ(line("url,output", row), row);
}

}  // namespace
}  // namespace rondo::cli
