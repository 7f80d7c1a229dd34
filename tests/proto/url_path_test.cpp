#include "rondo/proto/url_path.hpp"

#include <gtest/gtest.h>

#include <string_view>

#include "url_expect.hpp"

namespace rondo::proto {
namespace {

struct PathCase {
  std::string_view path;
  std::string_view resolved;
};

TEST(UrlPath, ResolvesDotSegmentsInEverySpelling) {
  constexpr PathCase kCases[] = {{"/.", "/"},
                                 {"/./", "/"},
                                 {"/..", "/"},
                                 {"/../", "/"},
                                 {"/a/.", "/a/"},
                                 {"/a/./b", "/a/b"},
                                 {"/a/..", "/"},
                                 {"/a/../b", "/b"},
                                 {"/a/b/..", "/a/"},
                                 {"/a/b/../", "/a/"},
                                 {"/a/b/../../../c", "/c"},
                                 {"/a//..", "/a/"},
                                 {"/a//../..", "/"},
                                 {"//..", "/"},
                                 {"/..a/b..", "/..a/b.."},
                                 {"/.../....", "/.../...."},
                                 {"/a/%2e", "/a/"},
                                 {"/a/%2E/b", "/a/b"},
                                 {"/a/b/%2e%2e", "/a/"},
                                 {"/a/b/.%2E/c", "/a/c"},
                                 {"/a/b/%2e./c", "/a/c"},
                                 {"/a/%2e%2e%2e/b", "/a/%2e%2e%2e/b"},
                                 {"/a/%2e%2/b", "/a/%2e%2/b"},
                                 {"/a/%252e/b", "/a/%252e/b"},
                                 {"/a/.\t./b", "/b"}};
  for (const PathCase& each : kCases) {
    for (const std::string_view start : {"http://h", "sc://h", "file://h"}) {
      const std::string input = std::string(start) + std::string(each.path);
      EXPECT_EQ(parsed(input), std::string(start) + std::string(each.resolved)) << input;
    }
  }
}

TEST(UrlPath, TakesBackslashesForSlashesInSpecialUrlsOnly) {
  EXPECT_EQ(parsed("http://h/a\\b\\..\\c"), "http://h/a/c");
  EXPECT_EQ(parsed("http://h\\a"), "http://h/a");
  EXPECT_EQ(parsed("sc://h/a\\b\\..\\c"), "sc://h/a\\b\\..\\c");
  EXPECT_EQ(parsed("sc:/a/..\\b"), "sc:/a/..\\b");
}

TEST(UrlPath, KeepsEmptySegments) {
  EXPECT_EQ(parsed("http://h//a///"), "http://h//a///");
  EXPECT_EQ(parsed("http://h"), "http://h/");
  EXPECT_EQ(parsed("sc://h"), "sc://h");
  EXPECT_EQ(parsed("sc:///"), "sc:///");
}

TEST(UrlPath, StartsAFileUrlInEveryWay) {
  constexpr PathCase kCases[] = {{"file:", "file:///"},
                                 {"file:a", "file:///a"},
                                 {"file:/a", "file:///a"},
                                 {"file://", "file:///"},
                                 {"file:///a", "file:///a"},
                                 {"file:////a", "file:////a"},
                                 {"file://host", "file://host/"},
                                 {"file://host/a", "file://host/a"},
                                 {"file:\\\\host\\a", "file://host/a"},
                                 {"file://localhost/a", "file:///a"},
                                 {"file://LOCAL%48ost", "file:///"},
                                 {"file://127.1/a", "file://127.0.0.1/a"},
                                 {"file://[::1]/", "file://[::1]/"},
                                 {"file:?q", "file:///?q"},
                                 {"file:#f", "file:///#f"},
                                 {"file://?q", "file:///?q"},
                                 {"file:.//a", "file:////a"}};
  for (const PathCase& each : kCases) EXPECT_EQ(parsed(each.path), each.resolved) << each.path;
}

TEST(UrlPath, RefusesFileHostsThatAreNone) {
  expect_refused("file://h:80/", UrlError::domain_invalid_code_point);
  expect_refused("file://u@h/", UrlError::domain_invalid_code_point);
  expect_refused("file://[::1", UrlError::ipv6_unclosed);
}

TEST(UrlPath, WritesADriveLetterWithAColon) {
  constexpr PathCase kCases[] = {
      {"file:C|", "file:///C:"},          {"file:///C|/a", "file:///C:/a"},
      {"file:/c|\\a", "file:///c:/a"},    {"file://C|/a", "file:///C:/a"},
      {"file://C:", "file:///C:"},        {"file:///a/C|/b", "file:///a/C|/b"},
      {"file:///C|a", "file:///C|a"},     {"file://host/C|/a", "file://host/C:/a"},
      {"file:///./C|/a", "file:///C:/a"}, {"http://h/C|/a", "http://h/C|/a"}};
  for (const PathCase& each : kCases) EXPECT_EQ(parsed(each.path), each.resolved) << each.path;
}

TEST(UrlPath, NeverLeavesTheDrive) {
  EXPECT_EQ(parsed("file:///C:/.."), "file:///C:/");
  EXPECT_EQ(parsed("file:///C:/../../a"), "file:///C:/a");
  EXPECT_EQ(parsed("file:///C:/a/../.."), "file:///C:/");
  EXPECT_EQ(parsed("file:///C:/.."), "file:///C:/");
  EXPECT_EQ(parsed("http://h/C:/.."), "http://h/");
  EXPECT_EQ(parsed("sc:///C:/.."), "sc:///");
}

TEST(UrlPath, ResolvesAgainstAFileBase) {
  struct Relative {
    std::string_view input;
    std::string_view base;
    std::string_view href;
  };
  constexpr Relative kCases[] = {{"b", "file:///C:/a/x?q#f", "file:///C:/a/b"},
                                 {"", "file:///C:/a?q#f", "file:///C:/a?q"},
                                 {"?r", "file:///C:/a?q", "file:///C:/a?r"},
                                 {"#g", "file:///C:/a?q", "file:///C:/a?q#g"},
                                 {"..", "file:///C:/a", "file:///C:/"},
                                 {"/b", "file:///C:/a/x", "file:///C:/b"},
                                 {"\\b", "file:///C:/a/x", "file:///C:/b"},
                                 {"/D:/b", "file:///C:/a", "file:///D:/b"},
                                 {"/D|", "file:///C:/a", "file:///D:"},
                                 {"D:", "file:///C:/a", "d:"},
                                 {"D|", "file:///C:/a", "file:///D:"},
                                 {"D|/b", "file:///C:/a", "file:///D:/b"},
                                 {"D|?q", "file:///C:/a", "file:///D:?q"},
                                 {"D|b", "file:///C:/a", "file:///C:/D|b"},
                                 {"file:b", "file:///C:/a/x", "file:///C:/a/b"},
                                 {"file:D:/b", "file:///C:/a/x", "file:///D:/b"},
                                 {"//g/b", "file:///C:/a", "file://g/b"},
                                 {"//D|/b", "file:///C:/a", "file:///D:/b"},
                                 {"///b", "file:///C:/a", "file:///b"},
                                 {"/b", "file://host/a", "file://host/b"},
                                 {"b", "file://host/a/x", "file://host/a/b"},
                                 {"/..", "file:///C:/a", "file:///C:/"},
                                 {"/", "file:///C:/a", "file:///C:/"},
                                 {"file:///", "file:///C:/a", "file:///"},
                                 {"file:x", "http://h/", "file:///x"},
                                 {"file:/x", "http://h/", "file:///x"}};
  for (const Relative& each : kCases) {
    EXPECT_EQ(parsed(each.input, each.base), each.href) << each.input << " on " << each.base;
  }
}

TEST(UrlPath, KnowsADriveLetterWhenItSeesOne) {
  for (const std::string_view text : {"C:", "z|", "a:/x", "a|\\", "a:?", "a|#"}) {
    EXPECT_TRUE(starts_with_drive_letter(text)) << text;
  }
  for (const std::string_view text : {"", "C", "1:", "C;", "C:x", "/C:", "CC:"}) {
    EXPECT_FALSE(starts_with_drive_letter(text)) << text;
  }
  EXPECT_EQ(leading_drive_letter("/C:/x"), "C:");
  EXPECT_EQ(leading_drive_letter("/C:"), "C:");
  EXPECT_EQ(leading_drive_letter("/C|/x"), "");
  EXPECT_EQ(leading_drive_letter("/x/C:"), "");
  EXPECT_EQ(leading_drive_letter(""), "");
}

}  // namespace
}  // namespace rondo::proto
