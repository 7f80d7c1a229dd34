// What is in the file while the run goes on, under the virtual clock.

#include "cli/metrics_file.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>
#include <iterator>
#include <string>

#include "rondo/runtime/run.hpp"
#include "rondo/runtime/sleep.hpp"
#include "rondo/runtime/task_group.hpp"
#include "rondo/testing/virtual_time.hpp"

#include "cli/list_source.hpp"
#include "tests/cli/command.hpp"

namespace rondo::cli {
namespace {

using namespace std::chrono_literals;

TEST(MetricsFile, IsWrittenAnewWhileTheRunGoesOn) {
  const test::TemporaryDirectory directory;
  const std::string path = (directory.path() / "rondo.prom").string();
  MetricsFile file(FilePlace(path), {});
  Tally tally;
  FileNames names;
  const ListSource source(Input({"http://a.test/", "http://b.test/"}, -1), {}, names, {});
  const auto watch = [&](TaskGroup& group) -> Task<> {
    group.spawn(file.attend({tally, source}));
    tally.start();
    co_await sleep(MetricsFile::kInterval / 2);
    EXPECT_FALSE(std::filesystem::exists(path));
    co_await sleep(MetricsFile::kInterval);
    const std::string first = content_of(path);
    EXPECT_NE(first.find("rondo_fetch_running 1\n"), std::string::npos) << first;
    EXPECT_NE(first.find("rondo_fetch_transfers_in_flight 1\n"), std::string::npos);
    EXPECT_NE(first.find("rondo_fetch_transfers_expected 2\n"), std::string::npos);
    TransferResult result;
    result.body_bytes = 5;
    file.add(result);
    co_await sleep(MetricsFile::kInterval);
    EXPECT_NE(content_of(path).find("rondo_fetch_body_bytes_total 5\n"), std::string::npos);
    group.cancel("seen");
  };
  testing::VirtualTime time;
  rondo::run(with_task_group(watch), {.time = &time});
  file.finish({});
  EXPECT_NE(content_of(path).find("rondo_fetch_running 0\n"), std::string::npos);
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(directory.path()),
                          std::filesystem::directory_iterator()),
            1);
}

TEST(MetricsFile, LeavesNothingWhenTheRunNeverBegan) {
  const test::TemporaryDirectory directory;
  {
    const MetricsFile file(FilePlace((directory.path() / "rondo.prom").string()), {});
  }
  EXPECT_TRUE(std::filesystem::is_empty(directory.path()));
}

}  // namespace
}  // namespace rondo::cli
