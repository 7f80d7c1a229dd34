#include "cli/retry_policy.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <exception>

#include "rondo/dns/resolve_error.hpp"

namespace rondo::cli {
namespace {

using namespace std::chrono_literals;
using std::chrono::sys_days;
using std::chrono::system_clock;

// Sun, 06 Nov 1994 08:49:37 GMT
const system_clock::time_point kNow = sys_days(std::chrono::year(1994) / 11 / 6) + 8h + 49min + 37s;

TEST(RetryPolicy, TriesAgainAsOftenAsItIsTold) {
  RetryPolicy policy(2, 1);
  EXPECT_TRUE(policy.delay_after({.number = 1}));
  EXPECT_TRUE(policy.delay_after({.number = 2}));
  EXPECT_FALSE(policy.delay_after({.number = 3}));
  EXPECT_FALSE(RetryPolicy(0, 1).delay_after({.number = 1}));
}

TEST(RetryPolicy, DoublesTheRangeOfItsDelaysAndUsesAllOfIt) {
  RetryPolicy policy(100, 7);
  for (const unsigned number : {1U, 2U, 3U, 4U}) {
    const auto range = RetryPolicy::kFirst * (1 << (number - 1));
    Clock::duration least = 1h;
    Clock::duration most{};
    for (int i = 0; i < 500; ++i) {
      const Clock::duration delay = policy.delay_after({.number = number}).value();
      least = std::min(least, delay);
      most = std::max(most, delay);
    }
    EXPECT_LT(least, range / 10);
    EXPECT_GT(most, range * 9 / 10);
    EXPECT_LE(most, range);
  }
}

TEST(RetryPolicy, NeverWaitsLongerThanItsLongestDelay) {
  RetryPolicy policy(1000, 7);
  for (unsigned number = 1; number < 1000; ++number) {
    EXPECT_LE(policy.delay_after({.number = number}).value(), RetryPolicy::kLongest);
  }
}

TEST(RetryPolicy, ObeysRetryAfterToTheLetter) {
  RetryPolicy policy(3, 1);
  EXPECT_EQ(policy.delay_after({.number = 1, .retry_after = 7s}), Clock::duration(7s));
  EXPECT_EQ(policy.delay_after({.number = 3, .retry_after = 0s}), Clock::duration(0s));
}

TEST(RetryPolicy, GivesUpWhenTheTimeLeftDoesNotSuffice) {
  RetryPolicy policy(3, 1);
  EXPECT_FALSE(policy.delay_after({.number = 1, .retry_after = 7s, .time_left = 6s}));
  EXPECT_TRUE(policy.delay_after({.number = 1, .retry_after = 7s, .time_left = 8s}));
  EXPECT_FALSE(policy.delay_after({.number = 1, .time_left = 0s}));
}

TEST(RetryPolicy, ReadsRetryAfterInSeconds) {
  EXPECT_EQ(parse_retry_after("120", kNow), Clock::duration(120s));
  EXPECT_EQ(parse_retry_after(" 0 ", kNow), Clock::duration(0s));
  EXPECT_GT(parse_retry_after("99999999999999999999", kNow), Clock::duration(24h));
}

TEST(RetryPolicy, ReadsRetryAfterAsADateInItsThreeForms) {
  for (const char* date : {"Sun, 06 Nov 1994 08:50:37 GMT", "Sunday, 06-Nov-94 08:50:37 GMT",
                           "Sun Nov  6 08:50:37 1994"}) {
    EXPECT_EQ(parse_retry_after(date, kNow), Clock::duration(60s)) << date;
  }
  EXPECT_EQ(parse_retry_after("Sun, 06 Nov 1994 08:00:00 GMT", kNow), Clock::duration(0s));
}

TEST(RetryPolicy, IgnoresARetryAfterThatIsNeither) {
  for (const char* text : {"", "soon", "-1", "1.5", "+3", "0x10"}) {
    EXPECT_FALSE(parse_retry_after(text, kNow)) << text;
  }
}

TEST(RetryPolicy, RepeatsOnlyWhatMayBeRepeated) {
  EXPECT_TRUE(is_repeatable("GET"));
  EXPECT_TRUE(is_repeatable("PUT"));
  EXPECT_TRUE(is_repeatable("DELETE"));
  EXPECT_FALSE(is_repeatable("POST"));
  EXPECT_FALSE(is_repeatable("PATCH"));
  EXPECT_FALSE(is_repeatable("get"));
}

TEST(RetryPolicy, CountsTheStatusesOfTheContractAsTransient) {
  for (const int status : {408, 429, 500, 502, 503, 504}) EXPECT_TRUE(is_transient_status(status));
  for (const int status : {200, 301, 400, 404, 410, 501, 505}) {
    EXPECT_FALSE(is_transient_status(status));
  }
}

http::ClientConnectorDNSError dns_error(dns::ResolveError::Kind kind) {
  return {{"http://a.test/", http::Phase::resolve},
          "reason",
          std::make_exception_ptr(dns::ResolveError(kind, "a.test", "reason"))};
}

TEST(RetryPolicy, TriesAgainWhenTheConnectionFailedAndNotWhenItWasRefusedOnPurpose) {
  const http::ErrorSite site{"http://a.test/", http::Phase::connect};
  EXPECT_TRUE(is_transient(http::ClientConnectorError(site, "refused")));
  EXPECT_TRUE(is_transient(http::ServerDisconnectedError(site, "gone")));
  EXPECT_TRUE(is_transient(http::ServerTimeoutError(site, "late")));
  EXPECT_TRUE(is_transient(http::ClientPayloadError(site, "cut")));
  EXPECT_TRUE(is_transient(dns_error(dns::ResolveError::Kind::timed_out)));
  EXPECT_FALSE(is_transient(dns_error(dns::ResolveError::Kind::not_found)));
  EXPECT_FALSE(is_transient(http::ClientConnectorCertificateError(site, "expired")));
  EXPECT_FALSE(is_transient(http::AddressDenied(site, "private")));
  EXPECT_FALSE(is_transient(http::ResponseTooLarge(site, "large")));
  EXPECT_FALSE(is_transient(http::ClientProtocolError(site, "no HTTP")));
  EXPECT_FALSE(is_transient(http::TooManyRedirects(site, "many")));
  EXPECT_FALSE(is_transient(http::InvalidURL(site, "no URL")));
}

}  // namespace
}  // namespace rondo::cli
