#include "cli/transfer_metrics.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <string>

#include "cli/usage_error.hpp"

namespace rondo::cli {
namespace {

using namespace std::chrono_literals;

const TransferMetrics::SystemTime kBegun{1'700'000'000'250ms};

TransferResult result(int status, Clock::duration total) {
  TransferResult made;
  made.status = status;
  made.body_bytes = 100;
  made.total = total;
  made.attempts = 1;
  made.timings.wait = total;
  return made;
}

bool has_line(const std::string& text, const std::string& line) {
  return text.find("\n" + line + "\n") != std::string::npos;
}

TEST(TransferMetrics, CountsByOutcomeStatusAndKind) {
  TransferMetrics metrics({}, kBegun);
  metrics.add(result(200, 3ms));
  metrics.add(result(404, 3ms));
  TransferResult failed = result(0, 1s);
  failed.error = {ErrorKind::timeout, "", "", ""};
  failed.attempts = 3;
  failed.redirects.resize(2);
  metrics.add(failed);
  const std::string text = metrics.text({});
  EXPECT_TRUE(has_line(text, "rondo_fetch_transfers_total{outcome=\"ok\"} 2")) << text;
  EXPECT_TRUE(has_line(text, "rondo_fetch_transfers_total{outcome=\"failed\"} 1"));
  EXPECT_TRUE(has_line(text, "rondo_fetch_errors_total{kind=\"timeout\"} 1"));
  EXPECT_TRUE(has_line(text, "rondo_fetch_errors_total{kind=\"tls\"} 0"));
  EXPECT_TRUE(has_line(text, "rondo_fetch_responses_total{code=\"404\"} 1"));
  EXPECT_TRUE(has_line(text, "rondo_fetch_retries_total 2"));
  EXPECT_TRUE(has_line(text, "rondo_fetch_redirects_total 2"));
  EXPECT_TRUE(has_line(text, "rondo_fetch_body_bytes_total 300"));
  EXPECT_TRUE(has_line(text, "rondo_fetch_phase_seconds_total{phase=\"wait\"} 1.006000"));
  EXPECT_TRUE(has_line(text, "rondo_fetch_start_time_seconds 1700000000.250"));
}

TEST(TransferMetrics, CountsEachDurationInItsBucketAndAllAboveIt) {
  TransferMetrics metrics({}, kBegun);
  for (const auto total : {Clock::duration(0ms), Clock::duration(1ms), Clock::duration(1001us),
                           Clock::duration(3s), Clock::duration(2h)}) {
    metrics.add(result(200, total));
  }
  const std::string text = metrics.text({});
  const auto bucket = [](const std::string& end, int count) {
    return "rondo_fetch_duration_seconds_bucket{le=\"" + end + "\"} " + std::to_string(count);
  };
  EXPECT_TRUE(has_line(text, bucket("0.001", 2))) << text;
  EXPECT_TRUE(has_line(text, bucket("0.002", 3)));
  EXPECT_TRUE(has_line(text, bucket("2.5", 3)));
  EXPECT_TRUE(has_line(text, bucket("5", 4)));
  EXPECT_TRUE(has_line(text, bucket("600", 4)));
  EXPECT_TRUE(has_line(text, bucket("+Inf", 5)));
  EXPECT_TRUE(has_line(text, "rondo_fetch_duration_seconds_count 5"));
  EXPECT_TRUE(has_line(text, "rondo_fetch_duration_seconds_sum 7203.002001"));
}

TEST(TransferMetrics, TellsWhatIsUnderWayAndWhatIsExpectedIfThatIsKnown) {
  const TransferMetrics metrics({}, kBegun);
  const std::string running =
      metrics.text({.is_running = true, .in_flight = 7, .expected = 1'000'000});
  EXPECT_TRUE(has_line(running, "rondo_fetch_running 1"));
  EXPECT_TRUE(has_line(running, "rondo_fetch_transfers_in_flight 7"));
  EXPECT_TRUE(has_line(running, "rondo_fetch_transfers_expected 1000000"));
  EXPECT_EQ(metrics.text({}).find("expected"), std::string::npos);
}

TEST(TransferMetrics, PutsEscapedLabelsIntoEverySeries) {
  const TransferMetrics metrics({{"list", "a\"b\\c\nd"}, {"n", "ü"}}, kBegun);
  const std::string labels = R"(list="a\"b\\c\nd",n="ü")";
  const std::string text = metrics.text({});
  EXPECT_TRUE(has_line(text, "rondo_fetch_running{" + labels + "} 0")) << text;
  EXPECT_TRUE(has_line(text, "rondo_fetch_transfers_total{" + labels + ",outcome=\"ok\"} 0"));
}

TEST(TransferMetrics, ReadsLabels) {
  using Label = std::pair<std::string, std::string>;
  EXPECT_EQ(parse_metric_label("--metrics-label", "a_1=b=c"), Label("a_1", "b=c"));
  EXPECT_EQ(parse_metric_label("--metrics-label", "a="), Label("a", ""));
  for (const char* wrong : {"", "a", "=b", "1a=b", "__a=b", "a-b=c", "le=1", "code=2", "a=\xff"}) {
    EXPECT_THROW(static_cast<void>(parse_metric_label("--metrics-label", wrong)), UsageError)
        << wrong;
  }
}

}  // namespace
}  // namespace rondo::cli
