#include "cli/request_parts.hpp"

#include <gtest/gtest.h>

#include <string>

namespace rondo::cli {
namespace {

HeaderList headers_of(const RequestParts& parts) {
  HeaderList headers;
  for (const auto& [name, value] : parts.headers) headers.emplace_back(name, value);
  return headers;
}

TEST(RequestParts, AreAGetWithoutABody) {
  const Job job;
  const FetchOptions options;
  EXPECT_EQ(parts_of(job, options).method, "GET");
  EXPECT_FALSE(parts_of(job, options).body.has_value());
}

TEST(RequestParts, AreAPostWithABodyUnlessTheMethodIsGiven) {
  const Job job;
  FetchOptions options;
  options.body = "a=b";
  options.body_type = "application/x-www-form-urlencoded";
  EXPECT_EQ(parts_of(job, options).method, "POST");
  EXPECT_EQ(parts_of(job, options).body, "a=b");
  EXPECT_EQ(headers_of(parts_of(job, options)),
            HeaderList({{"Content-Type", "application/x-www-form-urlencoded"}}));
  options.method = "PUT";
  EXPECT_EQ(parts_of(job, options).method, "PUT");
}

TEST(RequestParts, KeepAContentTypeThatWasGiven) {
  const Job job;
  FetchOptions options;
  options.body = "{}";
  options.body_type = "application/json";
  options.headers = {{"content-type", "text/plain"}};
  EXPECT_EQ(headers_of(parts_of(job, options)), HeaderList({{"content-type", "text/plain"}}));
}

TEST(RequestParts, LetTheJobSayOtherwise) {
  Job job;
  job.method = "PATCH";
  job.headers = {{"a", "of the job"}};
  job.body = "of the job";
  FetchOptions options;
  options.method = "PUT";
  options.headers = {{"A", "1"}, {"B", "2"}, {"A", "3"}};
  options.body = "of the command line";
  options.body_type = "text/plain";
  const RequestParts parts = parts_of(job, options);
  EXPECT_EQ(parts.method, "PATCH");
  EXPECT_EQ(parts.body, "of the job");
  EXPECT_EQ(headers_of(parts), HeaderList({{"B", "2"}, {"a", "of the job"}}));
}

}  // namespace
}  // namespace rondo::cli
