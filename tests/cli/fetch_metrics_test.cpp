// `--metrics`, read by the parser of Prometheus' own Python client.

#include <gtest/gtest.h>

#include <chrono>
#include <csignal>
#include <filesystem>
#include <iterator>
#include <string>
#include <vector>

#include "tests/cli/command.hpp"
#include "tests/cli/scripted_server.hpp"

namespace rondo::cli {
namespace {

namespace fs = std::filesystem;

/// Prints the samples as a JSON object, each as "name{label=value}"; what is wrong with a family
/// ends it with an error.
constexpr const char* kParser = R"(
import json, sys
from prometheus_client.parser import text_string_to_metric_families as parse

samples, families = {}, set()
for family in parse(open(sys.argv[1], encoding="utf-8", newline="").read()):
    assert family.name not in families, "twice: " + family.name
    assert family.documentation and family.type != "unknown", family.name
    families.add(family.name)
    for sample in family.samples:
        assert family.type != "counter" or sample.name.endswith("_total"), sample.name
        labels = ",".join(k + "=" + v for k, v in sorted(sample.labels.items()))
        key = sample.name + "{" + labels + "}"
        assert key not in samples, "twice: " + key
        samples[key] = sample.value
print(json.dumps(samples))
)";

class FetchMetricsTest : public ::testing::Test {
 protected:
  Json samples() const {
    test::ChildProcess parser({"/usr/bin/python3", "-c", kParser, file_.string()},
                              directory_.path() / "parsed");
    EXPECT_TRUE(parser.wait_for_end(std::chrono::seconds(30)));
    EXPECT_EQ(parser.exit_code(), 0) << parser.output();
    return Json::parse(parser.output());
  }

  ScriptedServer server_{answering([](const std::string& request) {
    return path_of(request) == "/missing" ? answer("404 Not Found", "", "no") : ok("12345");
  })};
  test::TemporaryDirectory directory_;
  fs::path file_ = directory_.path() / "metrics" / "rondo.prom";
};

TEST_F(FetchMetricsTest, AreWrittenAtTheEnd) {
  const Outcome outcome =
      run_command({"fetch", "--metrics", file_.string(), "--metrics-label", "list=\"a\\b\"",
                   server_.url("/a"), server_.url("/b"), server_.url("/missing"), "nonsense"});
  EXPECT_EQ(outcome.code, 1);
  const Json values = samples();
  const std::string list = "list=\"a\\b\"";
  EXPECT_EQ(values["rondo_fetch_transfers_total{" + list + ",outcome=ok}"], 3) << values;
  EXPECT_EQ(values["rondo_fetch_transfers_total{" + list + ",outcome=failed}"], 1);
  EXPECT_EQ(values["rondo_fetch_errors_total{kind=url," + list + "}"], 1);
  EXPECT_EQ(values["rondo_fetch_responses_total{code=404," + list + "}"], 1);
  EXPECT_EQ(values["rondo_fetch_body_bytes_total{" + list + "}"], 12);
  EXPECT_EQ(values["rondo_fetch_duration_seconds_count{" + list + "}"], 4);
  EXPECT_EQ(values["rondo_fetch_running{" + list + "}"], 0);
  EXPECT_EQ(std::distance(fs::directory_iterator(file_.parent_path()), fs::directory_iterator()),
            1);
}

TEST_F(FetchMetricsTest, StandBesideAllOtherFilesOfARun) {
  const fs::path directory = file_.parent_path();
  const Outcome outcome =
      run_command({"fetch", "-o", directory.string(), "--metrics", file_.string(), "--har",
                   (directory / "run.har").string(), "--report", (directory / "run.html").string(),
                   server_.url("/a")});
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_EQ(std::distance(fs::directory_iterator(directory), fs::directory_iterator()), 4);
}

TEST_F(FetchMetricsTest, TellOfARunThatWasInterrupted) {
  const ScriptedServer silent([](ServerConnection& connection) {
    static_cast<void>(connection.read_request());
    connection.wait_for_end();
  });
  RunningCommand command({"fetch", "--metrics", file_.string(), silent.url()});
  command.process().wait_until([&] { return silent.connections() == 1; });
  command.process().signal(SIGTERM);
  EXPECT_EQ(command.wait(), 128 + SIGTERM);
  EXPECT_EQ(samples()["rondo_fetch_errors_total{kind=cancelled}"], 1);
}

TEST_F(FetchMetricsTest, AreRefusedWhereNoFileCanBeBeforeAnythingIsSent) {
  for (const std::string& place : {directory_.path().string(), std::string("/dev/null"),
                                   std::string("/proc/self/metrics"), std::string("/dev/full/x")}) {
    const Outcome outcome = run_command({"fetch", "--metrics", place, server_.url()});
    EXPECT_EQ(outcome.code, 2) << place;
    EXPECT_NE(outcome.err.find("--metrics"), std::string::npos) << outcome.err;
  }
  const Outcome alone = run_command({"fetch", "--metrics-label", "a=b", server_.url()});
  EXPECT_EQ(alone.code, 2);
  EXPECT_EQ(server_.connections(), 0);
  EXPECT_TRUE(fs::is_character_file("/dev/null"));
}

}  // namespace
}  // namespace rondo::cli
