#include "cli/job_parser.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace rondo::cli {
namespace {

using namespace std::string_view_literals;

Job parsed(std::string_view line) {
  auto job = parse_job(line);
  EXPECT_TRUE(job) << line;
  return job ? *job : Job();
}

TEST(JobParser, TakesALineAsAUrl) {
  EXPECT_EQ(parsed("http://a.test/x").url, "http://a.test/x");
  EXPECT_EQ(parsed("  http://a.test/x \t\r").url, "http://a.test/x");
  EXPECT_EQ(parsed("http://a.test/x").problem, "");
}

TEST(JobParser, PassesOverCommentsAndBlankLines) {
  for (const std::string_view line : {"", "   ", "\r", "\t", "# http://a.test/", "  #x"}) {
    EXPECT_FALSE(parse_job(line)) << line;
  }
}

TEST(JobParser, ReadsEveryMemberOfAnObject) {
  const Job job =
      parsed(R"({"url": "http://a.test/", "method": "PUT", "headers": [["A", "1"], ["A", "2"]],)"
             R"( "body": "text", "output": "d/f"})");
  EXPECT_EQ(job.problem, "");
  EXPECT_EQ(job.url, "http://a.test/");
  EXPECT_EQ(job.method, "PUT");
  EXPECT_EQ(job.headers, HeaderList({{"A", "1"}, {"A", "2"}}));
  EXPECT_EQ(job.body, "text");
  EXPECT_EQ(job.output, "d/f");
}

TEST(JobParser, ReadsABodyInBase64ByteForByte) {
  EXPECT_EQ(parsed(R"({"url": "x", "body_base64": "AAH/"})").body, std::string("\0\x01\xff", 3));
}

TEST(JobParser, TakesNullAsNotThere) {
  const Job job = parsed(
      R"({"url": "http://a.test/", "method": null, "headers": null, "body": null, "output": null})");
  EXPECT_EQ(job.problem, "");
  EXPECT_FALSE(job.body.has_value());
}

TEST(JobParser, NamesWhatIsWrongWithALineAndKeepsItsUrl) {
  for (const std::string_view line :
       {R"({"url": "http://a.test/", "method": 5})", R"({"url": "http://a.test/", "method": ""})",
        R"({"url": "http://a.test/", "method": "GE T"})",
        R"({"url": "http://a.test/", "method": "GET\r\nX: y"})",
        R"({"url": "http://a.test/", "method": "CONNECT"})",
        R"({"url": "http://a.test/", "headers": {"a": "b"}})",
        R"({"url": "http://a.test/", "headers": [["a"]]})",
        R"({"url": "http://a.test/", "headers": [["a", 1]]})",
        R"({"url": "http://a.test/", "headers": [["a", "b\r\nc: d"]]})",
        R"({"url": "http://a.test/", "headers": [["a b", "c"]]})",
        R"({"url": "http://a.test/", "headers": [["a", "b\u0000"]]})",
        R"({"url": "http://a.test/", "body": "a", "body_base64": "YQ=="})",
        R"({"url": "http://a.test/", "body_base64": "?"})",
        R"({"url": "http://a.test/", "output": "../x"})",
        R"({"url": "http://a.test/", "output": "/etc/x"})",
        R"({"url": "http://a.test/", "output": ""})",
        R"({"url": "http://a.test/", "mehtod": "GET"})"}) {
    const Job job = parsed(line);
    EXPECT_NE(job.problem, "") << line;
    EXPECT_EQ(job.url, "http://a.test/") << line;
  }
}

TEST(JobParser, ShowsTheLineWhereThereIsNoUrl) {
  for (const std::string_view line :
       {R"({"url":)", R"({})", R"({"method": "GET"})", R"({"url": 1})", R"({"url": ""})"}) {
    const Job job = parsed(line);
    EXPECT_NE(job.problem, "") << line;
    EXPECT_EQ(job.url, line);
  }
}

TEST(JobParser, RefusesLineBreaksAndNulInAUrl) {
  EXPECT_NE(parsed("http://a.test/\0x"sv).problem, "");
  EXPECT_NE(parsed("http://a.test/\rx").problem, "");
  EXPECT_NE(parsed(R"({"url": "http://a.test/\nx"})").problem, "");
  EXPECT_NE(parsed(R"({"url": "http://a.test/\u0000x"})").problem, "");
}

TEST(JobParser, SurvivesDeepNesting) {
  EXPECT_NE(parsed("{\"url\": " + std::string(20'000, '[') + "}").problem, "");
}

}  // namespace
}  // namespace rondo::cli
