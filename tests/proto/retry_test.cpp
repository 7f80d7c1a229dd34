#include "rondo/proto/retry.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <random>

namespace rondo::proto {
namespace {

using namespace std::chrono_literals;
using std::chrono::nanoseconds;
using std::chrono::sys_days;
using std::chrono::system_clock;

// Sun, 06 Nov 1994 08:49:37 GMT
const system_clock::time_point kNow = sys_days(std::chrono::year(1994) / 11 / 6) + 8h + 49min + 37s;

TEST(Retry, TriesAgainAsOftenAsItIsTold) {
  const Backoff backoff{.max_retries = 2};
  EXPECT_TRUE(retry_delay(backoff, {.number = 1}, 0));
  EXPECT_TRUE(retry_delay(backoff, {.number = 2}, 0));
  EXPECT_FALSE(retry_delay(backoff, {.number = 3}, 0));
  EXPECT_FALSE(retry_delay({.max_retries = 0}, {.number = 1}, 0));
}

TEST(Retry, DoublesTheRangeOfItsPausesAndUsesAllOfIt) {
  const Backoff backoff{.max_retries = 100, .first = 500ms, .longest = 3s};
  std::mt19937_64 random(7);
  const nanoseconds ranges[] = {500ms, 1s, 2s, 3s, 3s};
  for (unsigned i = 0; i < std::size(ranges); ++i) {
    nanoseconds least = 1h;
    nanoseconds most{};
    for (int j = 0; j < 500; ++j) {
      const nanoseconds delay = retry_delay(backoff, {.number = i + 1}, random()).value();
      least = std::min(least, delay);
      most = std::max(most, delay);
    }
    EXPECT_LT(least, ranges[i] / 10);
    EXPECT_GT(most, ranges[i] * 9 / 10);
    EXPECT_LE(most, ranges[i]);
  }
}

TEST(Retry, StaysWithinBoundsForAnyNumber) {
  const Backoff backoff{.max_retries = UINT32_MAX, .first = 500ms, .longest = 60s};
  for (const unsigned number : {1U, 64U, 1000U, UINT32_MAX}) {
    EXPECT_LE(retry_delay(backoff, {.number = number}, UINT64_MAX).value(), 60s);
  }
  EXPECT_EQ(retry_delay({.first = 0s}, {.number = 1}, 5), nanoseconds(0));
  EXPECT_LE(retry_delay({.first = 1s, .longest = nanoseconds::max()}, {.number = 3}, 1).value(),
            4s);
}

TEST(Retry, ObeysRetryAfterToTheLetterOrNotAtAll) {
  const Backoff backoff{.max_retry_after = 10s};
  EXPECT_EQ(retry_delay(backoff, {.number = 1, .retry_after = 7s}, 5), nanoseconds(7s));
  EXPECT_EQ(retry_delay(backoff, {.number = 3, .retry_after = 0s}, 5), nanoseconds(0s));
  EXPECT_EQ(retry_delay(backoff, {.number = 1, .retry_after = 10s}, 5), nanoseconds(10s));
  EXPECT_FALSE(retry_delay(backoff, {.number = 1, .retry_after = 10s + 1ns}, 5));
}

TEST(Retry, GivesUpWhenTheTimeLeftDoesNotSuffice) {
  EXPECT_FALSE(retry_delay({}, {.number = 1, .retry_after = 7s, .time_left = 6s}, 0));
  EXPECT_TRUE(retry_delay({}, {.number = 1, .retry_after = 7s, .time_left = 8s}, 0));
  EXPECT_FALSE(retry_delay({}, {.number = 1, .time_left = 0s}, 0));
}

TEST(Retry, ReadsRetryAfterInSeconds) {
  EXPECT_EQ(parse_retry_after("120", kNow), nanoseconds(120s));
  EXPECT_EQ(parse_retry_after(" 0 ", kNow), nanoseconds(0s));
  for (const char* text : {"99999999999999999999", "31536000", "9223372036854775807"}) {
    EXPECT_EQ(parse_retry_after(text, kNow), nanoseconds(24h * 365)) << text;
  }
}

TEST(Retry, ReadsRetryAfterAsADateInItsThreeForms) {
  for (const char* date : {"Sun, 06 Nov 1994 08:50:37 GMT", "Sunday, 06-Nov-94 08:50:37 GMT",
                           "Sun Nov  6 08:50:37 1994"}) {
    EXPECT_EQ(parse_retry_after(date, kNow), nanoseconds(60s)) << date;
  }
  EXPECT_EQ(parse_retry_after("Sun, 06 Nov 1994 08:00:00 GMT", kNow), nanoseconds(0s));
  EXPECT_EQ(parse_retry_after("Sun, 06 Nov 1694 08:00:00 GMT", kNow), nanoseconds(0s));
  EXPECT_EQ(parse_retry_after("Sun, 06 Nov 9994 08:00:00 GMT", kNow), nanoseconds(24h * 365));
}

TEST(Retry, IgnoresARetryAfterThatIsNeither) {
  for (const char* text : {"", "soon", "-1", "1.5", "+3", "0x10"}) {
    EXPECT_FALSE(parse_retry_after(text, kNow)) << text;
  }
}

TEST(Retry, KnowsTheMethodsThatMayBeRepeated) {
  for (const char* method : {"GET", "HEAD", "PUT", "DELETE", "OPTIONS", "TRACE"}) {
    EXPECT_TRUE(is_idempotent(method)) << method;
  }
  for (const char* method : {"POST", "PATCH", "CONNECT", "get", ""}) {
    EXPECT_FALSE(is_idempotent(method)) << method;
  }
}

TEST(Retry, KnowsTheStatusesThatMayChange) {
  for (const int status : {408, 429, 500, 502, 503, 504}) EXPECT_TRUE(is_transient_status(status));
  for (const int status : {200, 301, 400, 404, 410, 501, 505}) {
    EXPECT_FALSE(is_transient_status(status));
  }
}

TEST(RetryBudget, AllowsAFractionOfTheRequests) {
  const std::chrono::steady_clock::time_point now{};
  RetryBudget budget({.per_request = 0.25, .per_second = 0, .capacity = 2});
  EXPECT_TRUE(budget.withdraw(now));
  EXPECT_TRUE(budget.withdraw(now));
  EXPECT_FALSE(budget.withdraw(now));
  int retries = 0;
  for (int i = 0; i < 100; ++i) {
    budget.deposit(now);
    retries += budget.withdraw(now) ? 1 : 0;
  }
  EXPECT_EQ(retries, 25);
  for (int i = 0; i < 100; ++i) budget.deposit(now);
  retries = 0;
  while (budget.withdraw(now)) ++retries;
  EXPECT_EQ(retries, 2);
}

TEST(RetryBudget, FillsWithTime) {
  const std::chrono::steady_clock::time_point now{100s};
  RetryBudget budget({.per_request = 0, .per_second = 2, .capacity = 3});
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(budget.withdraw(now));
  EXPECT_FALSE(budget.withdraw(now + 400ms));
  EXPECT_TRUE(budget.withdraw(now + 500ms));
  EXPECT_FALSE(budget.withdraw(now + 500ms));
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(budget.withdraw(now + 1h));
  EXPECT_FALSE(budget.withdraw(now + 1h));
}

}  // namespace
}  // namespace rondo::proto
