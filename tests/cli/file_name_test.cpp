#include "cli/file_name.hpp"

#include <gtest/gtest.h>

#include <string>

#include "rondo/proto/utf8.hpp"

namespace rondo::cli {
namespace {

TEST(FileName, IsTheLastSegmentOfThePath) {
  EXPECT_EQ(file_name_for("http://a.test/x/y.tar.gz"), "y.tar.gz");
  EXPECT_EQ(file_name_for("http://a.test/x/y?q=/z#/w"), "y");
  EXPECT_EQ(file_name_for("http://a.test/a%20b.txt"), "a b.txt");
  EXPECT_EQ(file_name_for("http://a.test/%C3%A9"), "\u00e9");
}

TEST(FileName, IsIndexWhereThePathHasNone) {
  for (const char* url : {"http://a.test", "http://a.test/", "http://a.test/x/", "http://a.test?q",
                          "http://a.test#f", "a.test", ""}) {
    EXPECT_EQ(file_name_for(url), "index.html") << url;
  }
}

TEST(FileName, NeverLeadsElsewhere) {
  EXPECT_EQ(file_name_for("http://a.test/.."), "index.html");
  EXPECT_EQ(file_name_for("http://a.test/%2e%2e"), "index.html");
  EXPECT_EQ(file_name_for("http://a.test/%2e%2e%2fetc%2fpasswd"), "_._etc_passwd");
  EXPECT_EQ(file_name_for("http://a.test/x%00y"), "x_y");
  EXPECT_EQ(file_name_for("http://a.test/..%5c..%5cx"), "_._.._x");
  EXPECT_EQ(file_name_for("http://a.test/a\\..\\b"), "b");
  EXPECT_EQ(file_name_for("http://a.test/.bashrc"), "_bashrc");
}

TEST(FileName, IsAlwaysPlainText) {
  EXPECT_EQ(file_name_for("http://a.test/%1b%5b31m%0a%7f"), "_[31m__");
  EXPECT_EQ(file_name_for("http://a.test/%ff%c2%9b%e2%80%ae"), "___");
  for (int byte = 0; byte < 256; ++byte) {
    char url[32];
    std::snprintf(url, sizeof url, "http://a.test/%%%02x", byte);
    const std::string name = file_name_for(url);
    EXPECT_TRUE(proto::is_valid_utf8(name));
    EXPECT_EQ(name.find_first_of(std::string("/\0\n\r\x1b", 5)), std::string::npos);
    EXPECT_FALSE(name.empty());
  }
}

TEST(FileName, IsShortenedBetweenCharacters) {
  std::string url = "http://a.test/x";
  for (int i = 0; i < 200; ++i) url += "\u00e9";
  const std::string name = file_name_for(url);
  EXPECT_LE(name.size(), 200U);
  EXPECT_GE(name.size(), 198U);
  EXPECT_TRUE(proto::is_valid_utf8(name));
}

TEST(FileNames, NumbersWhatIsTakenInTheOrderOfAsking) {
  FileNames names;
  EXPECT_EQ(names.reserve("a.txt"), "a.txt");
  EXPECT_EQ(names.reserve("a.txt"), "a-2.txt");
  EXPECT_EQ(names.reserve("a.txt"), "a-3.txt");
  EXPECT_EQ(names.reserve("b"), "b");
  EXPECT_EQ(names.reserve("b"), "b-2");
  EXPECT_EQ(names.reserve("d.x/b"), "d.x/b");
  EXPECT_EQ(names.reserve("d.x/b"), "d.x/b-2");
}

TEST(FileNames, StepsAsideForANameThatLooksNumbered) {
  FileNames names;
  EXPECT_EQ(names.reserve("a-2.txt"), "a-2.txt");
  EXPECT_EQ(names.reserve("a.txt"), "a.txt");
  EXPECT_EQ(names.reserve("a.txt"), "a-3.txt");
  EXPECT_EQ(names.reserve("a-2.txt"), "a-2-2.txt");
}

TEST(FileNames, TellNamesApartByMoreThanCase) {
  FileNames names;
  EXPECT_EQ(names.reserve("A.txt"), "A.txt");
  EXPECT_EQ(names.reserve("a.txt"), "a-2.txt");
}

TEST(FileNames, KeepFilesAndDirectoriesApart) {
  FileNames names;
  EXPECT_EQ(names.reserve("a"), "a");
  EXPECT_EQ(names.reserve("a/b"), "a-2/b");
  EXPECT_EQ(names.reserve("a/c"), "a-2/c");
  EXPECT_EQ(names.reserve("d/e"), "d/e");
  EXPECT_EQ(names.reserve("d"), "d-2");
  EXPECT_EQ(names.reserve("d"), "d-3");
  EXPECT_EQ(names.reserve("d/f"), "d/f");
  EXPECT_EQ(names.reserve("D/F"), "D/F-2");
}

TEST(InnerPath, StaysInside) {
  EXPECT_TRUE(is_inner_path("a"));
  EXPECT_TRUE(is_inner_path("a/b c/...d"));
}

TEST(InnerPath, RefusesEveryWayOut) {
  for (const std::string& path :
       {std::string(""), std::string("/etc/x"), std::string("../x"), std::string("a/../x"),
        std::string("a/.."), std::string("."), std::string("a//b"), std::string("a/"),
        std::string("a\0b", 3), std::string("a\nb"), std::string("a\\..\\b")}) {
    EXPECT_FALSE(is_inner_path(path)) << path;
  }
}

}  // namespace
}  // namespace rondo::cli
