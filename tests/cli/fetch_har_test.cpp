// `--har`: a file that browsers' developer tools open, with nothing in it that is nobody's
// business.

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <iterator>
#include <regex>
#include <string>
#include <vector>

#include "tests/cli/command.hpp"
#include "tests/cli/scripted_server.hpp"

namespace rondo::cli {
namespace {

namespace fs = std::filesystem;

std::string answer_with_secrets(const std::string& request) {
  const std::string path = path_of(request);
  if (path == "/from") {
    return answer("302 Found",
                  "Location: http://me:hidden1@127.0.0.1:1/x\r\nSet-Cookie: c=hidden2\r\n");
  }
  if (path == "/here") return answer("307 Temporary Redirect", "Location: /a\r\n");
  if (path == "/busy") return answer("503 Busy", "Retry-After: 0\r\n");
  return answer("200 Fine", "Content-Type: text/plain\r\nX-Odd: \xe9\r\nSet-Cookie: k=hidden3\r\n",
                "12345");
}

class FetchHarTest : public ::testing::Test {
 protected:
  Json fetch(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), {"fetch", "--quiet", "--har", file_.string()});
    outcome_ = run_command(arguments);
    return entries();
  }
  Json entries() const {
    const Json log = Json::parse(content_of(file_))["log"];
    EXPECT_EQ(log["version"], "1.2");
    EXPECT_TRUE(log["creator"]["name"].is_string());
    EXPECT_TRUE(log["pages"][0]["pageTimings"].is_object());
    for (const Json& entry : log["entries"]) expect_whole(entry, log["pages"][0]["id"]);
    return log["entries"];
  }

  /// All that the format wants, and of the right kind.
  static void expect_whole(const Json& entry, const Json& page) {
    EXPECT_EQ(entry["pageref"], page);
    static const std::regex time(R"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z)");
    EXPECT_TRUE(std::regex_match(entry["startedDateTime"].get<std::string>(), time)) << entry;
    EXPECT_TRUE(entry["cache"].is_object());
    const Json& request = entry["request"];
    for (const char* text : {"method", "url", "httpVersion"}) {
      EXPECT_TRUE(request[text].is_string()) << text;
    }
    for (const char* list : {"headers", "cookies", "queryString"}) {
      EXPECT_TRUE(request[list].is_array()) << list;
    }
    const Json& response = entry["response"];
    EXPECT_TRUE(response["status"].is_number());
    EXPECT_TRUE(response["content"]["size"].is_number());
    for (const char* text : {"statusText", "httpVersion", "redirectURL"}) {
      EXPECT_TRUE(response[text].is_string()) << text;
    }
    for (const char* size : {"headersSize", "bodySize"}) {
      EXPECT_TRUE(request[size].is_number() && response[size].is_number()) << size;
    }
    expect_sum(entry);
  }

  static void expect_sum(const Json& entry) {
    double sum = 0;
    for (const char* phase : {"blocked", "dns", "connect", "send", "wait", "receive"}) {
      sum += std::max(0.0, entry["timings"][phase].get<double>());
    }
    EXPECT_NEAR(entry["time"].get<double>(), sum, 0.01) << entry;
  }

  ScriptedServer server_{answering(answer_with_secrets)};
  test::TemporaryDirectory directory_;
  fs::path file_ = directory_.path() / "out.har";
  Outcome outcome_;
};

TEST_F(FetchHarTest, HasAnEntryWithHeadersSizesTimesAndAddress) {
  const Json entry = fetch({"-d", "abc", server_.url("/a?x=1&y=%20&z")})[0];
  EXPECT_EQ(entry["request"]["method"], "POST");
  EXPECT_EQ(entry["request"]["url"], server_.url("/a?x=1&y=%20&z"));
  EXPECT_EQ(entry["request"]["bodySize"], 3);
  EXPECT_GT(entry["request"]["headersSize"], 20);
  EXPECT_EQ(entry["request"]["headers"][0]["name"], "Host");
  const Json query = Json::parse(
      R"([{"name": "x", "value": "1"}, {"name": "y", "value": "%20"}, {"name": "z", "value": ""}])");
  EXPECT_EQ(entry["request"]["queryString"], query);
  EXPECT_EQ(entry["response"]["status"], 200);
  EXPECT_EQ(entry["response"]["statusText"], "Fine");
  EXPECT_EQ(entry["response"]["httpVersion"], "HTTP/1.1");
  EXPECT_EQ(entry["response"]["content"]["size"], 5);
  EXPECT_EQ(entry["response"]["content"]["mimeType"], "text/plain");
  EXPECT_EQ(entry["response"]["bodySize"], 5);
  EXPECT_EQ(entry["serverIPAddress"], "127.0.0.1");
  EXPECT_EQ(entry["timings"]["ssl"], -1);
}

TEST_F(FetchHarTest, HasAnEntryForEachRedirectAndEachTry) {
  const Json redirected = fetch({server_.url("/here")});
  ASSERT_EQ(redirected.size(), 2U);
  EXPECT_EQ(redirected[0]["response"]["status"], 307);
  EXPECT_EQ(redirected[0]["response"]["redirectURL"], "/a");
  EXPECT_EQ(redirected[1]["request"]["url"], server_.url("/a"));
  const Json tried = fetch({"--retries", "2", server_.url("/busy")});
  ASSERT_EQ(tried.size(), 3U);
  for (const Json& entry : tried) EXPECT_EQ(entry["response"]["status"], 503);
}

TEST_F(FetchHarTest, HidesCredentialsAndCookies) {
  const std::string url = server_.url("/from");
  const std::string with_user = "http://me:hidden4@" + url.substr(7);
  const Json entries = fetch({"-b", "a=hidden5", "-H", "X-Api-Key: hidden6", with_user, url,
                              "http://me:hidden7@no url/", "--bearer", "hidden8"});
  EXPECT_GE(entries.size(), 3U);
  const std::string text = content_of(file_);
  EXPECT_EQ(text.find("hidden1"), std::string::npos);
  for (char digit = '1'; digit <= '8'; ++digit) {
    EXPECT_EQ(text.find(std::string("hidden") + digit), std::string::npos) << digit;
  }
  EXPECT_NE(text.find("[hidden]"), std::string::npos);
}

TEST_F(FetchHarTest, ShowsThemWhenAskedInAFileOfTheOwnerAlone) {
  const Json entry = fetch({"--har-sensitive", "-b", "a=1; b=2", server_.url("/a")})[0];
  EXPECT_EQ(entry["request"]["cookies"],
            Json::parse(R"([{"name": "a", "value": "1"}, {"name": "b", "value": "2"}])"));
  EXPECT_EQ(entry["response"]["cookies"], Json::parse(R"([{"name": "k", "value": "hidden3"}])"));
  struct stat status{};
  ASSERT_EQ(::stat(file_.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0600U);
  EXPECT_EQ(run_command({"fetch", "--har-sensitive", server_.url()}).code, 2);
}

TEST_F(FetchHarTest, TellsWhyThereIsNoAnswer) {
  const Json entry = fetch({"http://127.0.0.1:1/"})[0];
  EXPECT_EQ(entry["response"]["status"], 0);
  EXPECT_TRUE(entry["response"]["_error"].is_string());
  EXPECT_EQ(fetch({"nonsense"})[0]["request"]["url"], "nonsense");
}

TEST_F(FetchHarTest, IsWholeWhenTheRunIsInterrupted) {
  const ScriptedServer silent([](ServerConnection& connection) {
    static_cast<void>(connection.read_request());
    connection.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf");
    connection.wait_for_end();
  });
  RunningCommand command({"fetch", "--har", file_.string(), "--jsonl", server_.url("/a"),
                          silent.url(), silent.url("/b")});
  command.process().wait_until([&] { return silent.connections() == 2 && !command.out().empty(); });
  EXPECT_FALSE(fs::exists(file_));
  command.process().signal(SIGINT);
  EXPECT_EQ(command.wait(), 130);
  EXPECT_EQ(entries().size(), 3U);
  EXPECT_EQ(std::distance(fs::directory_iterator(directory_.path()), fs::directory_iterator()), 1);
}

TEST_F(FetchHarTest, FailsTheCommandWhenItOutgrowsWhatAFileMayHave) {
  rlimit limit{};
  ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &limit), 0);
  const rlimit low{100, limit.rlim_max};
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &low), 0);
  const Outcome outcome =
      run_command({"fetch", "--har", file_.string(), server_.url()}, {.output_path = "/dev/null"});
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &limit), 0);
  EXPECT_EQ(outcome.code, 1);
  EXPECT_FALSE(fs::exists(file_));
}

}  // namespace
}  // namespace rondo::cli
