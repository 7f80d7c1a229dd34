#include "cli/tally.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <string>

namespace rondo::cli {
namespace {

using namespace std::chrono_literals;

TransferResult result(std::uint64_t bytes, Clock::duration total) {
  TransferResult made;
  made.body_bytes = bytes;
  made.total = total;
  made.attempts = 1;
  return made;
}

TransferResult failure(ErrorKind kind) {
  TransferResult made = result(0, 1s);
  made.error = {kind, "", "", ""};
  return made;
}

TEST(Tally, SummarisesByOutcome) {
  Tally tally;
  for (int i = 0; i < 5; ++i) tally.start();
  tally.add(result(1000, 10ms));
  tally.add(result(500, 20ms));
  tally.add(failure(ErrorKind::timeout));
  tally.add(failure(ErrorKind::timeout));
  tally.add(failure(ErrorKind::resolve));
  const std::string summary = tally.summary(2s);
  EXPECT_TRUE(
      summary.starts_with("5 URLs: 2 ok, 3 failed (resolve 1, timeout 2); 1.50 kB in 2.00 s; p50 "))
      << summary;
  EXPECT_NE(summary.find(", p95 "), std::string::npos);
  EXPECT_NE(summary.find(", p99 "), std::string::npos);
  EXPECT_EQ(summary.find('\n'), std::string::npos);
}

TEST(Tally, CountsWhatIsUnderWay) {
  Tally tally;
  tally.start();
  tally.start();
  EXPECT_EQ(tally.in_flight(), 2U);
  tally.add(result(1, 1ms));
  EXPECT_EQ(tally.in_flight(), 1U);
  EXPECT_EQ(tally.done(), 1U);
}

TEST(Readable, BytesHaveFourDigitsAtMost) {
  EXPECT_EQ(readable_bytes(0), "0 B");
  EXPECT_EQ(readable_bytes(999), "999 B");
  EXPECT_EQ(readable_bytes(1000), "1.00 kB");
  EXPECT_EQ(readable_bytes(12'345), "12.3 kB");
  EXPECT_EQ(readable_bytes(999'700), "1.00 MB");
  EXPECT_EQ(readable_bytes(123'456'789), "123 MB");
  EXPECT_EQ(readable_bytes(18'446'744'073'709'551'615U), "18.4 EB");
}

TEST(Readable, TimesHaveTheUnitThatFits) {
  EXPECT_EQ(readable_time(1500us), "1.5 ms");
  EXPECT_EQ(readable_time(120ms), "120 ms");
  EXPECT_EQ(readable_time(1234ms), "1.23 s");
  EXPECT_EQ(readable_time(302s), "5 min 2 s");
  EXPECT_EQ(readable_time(2h + 5min), "2 h 5 min");
}

}  // namespace
}  // namespace rondo::cli
