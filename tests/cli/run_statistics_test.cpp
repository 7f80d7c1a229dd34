#include "cli/run_statistics.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <string>

namespace rondo::cli {
namespace {

using namespace std::chrono_literals;

const Clock::time_point kBegun{1h};

TransferResult result(const std::string& url, Clock::duration total) {
  TransferResult made;
  made.url = url;
  made.status = 200;
  made.begun = kBegun;
  made.total = total;
  made.body_bytes = 10;
  return made;
}

TEST(SlowestTransfers, KeepsTheSlowestInTheirOrder) {
  SlowestTransfers slowest(3);
  for (const int time : {5, 1, 9, 3, 7, 2}) {
    slowest.add(result(std::to_string(time), std::chrono::milliseconds(time)));
  }
  std::string urls;
  for (const TransferSummary& transfer : slowest.sorted()) urls += transfer.url;
  EXPECT_EQ(urls, "975");
}

TEST(TransferSummary, HasNoCredentialsAndNoEndlessUrl) {
  EXPECT_EQ(summary_of(result("http://me:secret@a.test/x", 1s)).url, "http://a.test/x");
  const std::string endless = "http://a.test/" + std::string(100'000, 'x');
  EXPECT_LT(summary_of(result(endless, 1s)).url.size(), 2100U);
}

TEST(Activity, DoublesItsSlotsWhenTheRunOutgrowsThem) {
  Activity activity;
  activity.add(0ms, false);
  activity.add(15ms, true);
  ASSERT_EQ(activity.slots().size(), 2U);
  EXPECT_EQ(activity.slots()[1].failed, 1U);
  activity.add(24h, false);
  EXPECT_LE(activity.slots().size(), 120U);
  EXPECT_GT(activity.width() * 120, Clock::duration(24h));
  EXPECT_EQ(activity.slots().front().succeeded, 1U);
  EXPECT_EQ(activity.slots().front().failed, 1U);
  EXPECT_EQ(activity.slots().back().succeeded, 1U);
}

TEST(RunStatistics, CountsByHostWithoutRegardToCaseOrCredentials) {
  RunStatistics run(kBegun);
  run.add(result("http://a.test:80/1", 1s));
  run.add(result("http://me:secret@A.test:80?2", 3s));
  run.add(result("https://b.test/", 2s));
  run.add(result("nonsense", 0s));
  const auto hosts = run.hosts();
  ASSERT_EQ(hosts.size(), 3U);
  EXPECT_EQ(hosts[0].first, "a.test:80");
  EXPECT_EQ(hosts[0].second.transfers, 2U);
  EXPECT_EQ(hosts[0].second.total, Clock::duration(4s));
  EXPECT_EQ(hosts[0].second.slowest, Clock::duration(3s));
  EXPECT_EQ(hosts[1].first, "(no URL)");
  EXPECT_EQ(hosts[2].first, "b.test");
}

TEST(RunStatistics, GivesRowsToSoManyHostsAndNoMore) {
  RunStatistics run(kBegun);
  for (int round = 0; round < 2; ++round) {
    for (std::size_t i = 0; i < RunStatistics::kHosts + 5; ++i) {
      run.add(result("http://" + std::to_string(i) + ".test/", 1ms));
    }
  }
  EXPECT_EQ(run.hosts().size(), RunStatistics::kHosts);
  EXPECT_EQ(run.other_hosts().transfers, 10U);
  EXPECT_EQ(run.all().transfers, 2 * (RunStatistics::kHosts + 5));
  EXPECT_EQ(run.first().size(), RunStatistics::kShown);
  EXPECT_EQ(run.slowest().size(), RunStatistics::kShown);
}

TEST(RunStatistics, KeepsTheFirstErrorOfEachKindAndClass) {
  RunStatistics run(kBegun);
  for (const char* message : {"first", "second"}) {
    TransferResult failed = result("http://a.test/", 1s);
    failed.error = {ErrorKind::timeout, "ServerTimeoutError", "wait", message};
    run.add(failed);
  }
  ASSERT_EQ(run.errors().size(), 1U);
  const auto& [name, row] = *run.errors().begin();
  EXPECT_EQ(name.second, "ServerTimeoutError");
  EXPECT_EQ(row.count, 2U);
  EXPECT_EQ(row.message, "first");
}

}  // namespace
}  // namespace rondo::cli
