// `--report`, opened in a browser.

#include <gtest/gtest.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <sstream>
#include <string>
#include <string_view>

#include "tests/cli/command.hpp"
#include "tests/cli/scripted_server.hpp"

namespace rondo::cli {
namespace {

namespace fs = std::filesystem;

/// What a hostile list and server have for whoever opens the page.
constexpr std::string_view kMarkup =
    "<script>document.title='taken'</script><img src=http://evil.test/x onerror=alert(1)>\"'&";

std::size_t count(const std::string& text, std::string_view part) {
  std::size_t found = 0;
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++found;
  return found;
}

/// What the browser makes of a page.
struct Opened {
  std::string dom;
  std::string log;
  std::string asked;  ///< events of its network log that the page has caused
};

/// The browser asks its vendor for updates and the time, whatever it shows. What it does for a page
/// carries the page's key, which for a file is this.
std::string caused_by_a_file(const std::string& network_log) {
  constexpr std::string_view kEvents = "\"events\"";
  const std::size_t events = network_log.find(kEvents);
  if (events == std::string::npos) return "no network log";
  std::istringstream lines(network_log.substr(events));
  std::string found;
  for (std::string line; std::getline(lines, line);) {
    if (line.find("file://") != std::string::npos) found += line + "\n";
  }
  return found;
}

class FetchReportTest : public ::testing::Test {
 protected:
  static bool has_browser() { return std::system("command -v chromium >/dev/null") == 0; }

  /// Opens a page in a browser whose only way to the network ends here.
  Opened open(const fs::path& page) const {
    const fs::path log = directory_.path() / "log";
    const fs::path network = directory_.path() / "network";
    test::ChildProcess browser(
        {"sh",
         "-c",
         R"(exec chromium "$@" 2>"$LOG")",
         "sh",
         "--headless",
         "--no-sandbox",
         "--disable-gpu",
         "--disable-dev-shm-usage",
         "--disable-background-networking",
         "--disable-component-update",
         "--disable-domain-reliability",
         "--disable-sync",
         "--disable-extensions",
         "--no-first-run",
         "--no-pings",
         "--enable-logging=stderr",
         "--user-data-dir=" + (directory_.path() / "profile").string(),
         "--log-net-log=" + network.string(),
         "--proxy-server=127.0.0.1:" + std::to_string(proxy_.port()),
         "--proxy-bypass-list=<-loopback>",
         "--dump-dom",
         "file://" + page.string()},
        directory_.path() / "dom",
        {.environment = {"LOG=" + log.string(), "HOME=" + directory_.path().string()},
         .directory = {}});
    EXPECT_TRUE(browser.wait_for_end(std::chrono::seconds(120)));
    return {browser.output(), content_of(log), caused_by_a_file(content_of(network))};
  }

  ScriptedServer server_{answering([](const std::string& request) {
    const std::string path = path_of(request);
    if (path == "/missing") return answer("404 " + std::string(kMarkup), "", "no");
    if (path == "/broken") return "HTTP/1.1 " + std::string(kMarkup) + "\r\n\r\n";
    return ok("12345");
  })};
  ScriptedServer proxy_{
      [](ServerConnection& connection) { static_cast<void>(connection.read_request()); }};
  test::TemporaryDirectory directory_;
  fs::path page_ = directory_.path() / "report.html";
};

TEST_F(FetchReportTest, IsAPageThatABrowserShowsWithoutAskingForAnything) {
  const std::string hostile(kMarkup);
  const Outcome outcome =
      run_command({"fetch", "--report", page_.string(), server_.url("/a"), server_.url("/missing"),
                   server_.url("/broken"), server_.url("/?" + hostile), "http://" + hostile,
                   "http://me:secret@127.0.0.1:1/refused"});
  EXPECT_EQ(outcome.code, 1);
  if (!has_browser()) GTEST_SKIP() << "there is no chromium";
  const auto [dom, log, asked] = open(page_);
  EXPECT_NE(dom.find("<title>rondo fetch: 6 URLs</title>"), std::string::npos) << dom << log;
  EXPECT_EQ(count(dom, "<div class=\"fall\">"), 12U);
  EXPECT_EQ(count(dom, "<svg"), 2U);
  for (const char* section : {"latency", "activity", "statuses", "errors", "hosts", "slowest"}) {
    EXPECT_EQ(count(dom, "<section id=\"" + std::string(section) + "\""), 1U) << section;
  }
  EXPECT_NE(dom.find("&lt;script&gt;"), std::string::npos);
  for (const char* tag : {"<script", "<img", "<a ", "<link", "<iframe", "taken</title>"}) {
    EXPECT_EQ(dom.find(tag), std::string::npos) << tag;
  }
  EXPECT_EQ(dom.find("secret"), std::string::npos);
  EXPECT_EQ(log.find("CONSOLE"), std::string::npos) << log;
  EXPECT_EQ(asked, "");
}

TEST_F(FetchReportTest, IsOpenedByABrowserThatWouldTellWhatIsAskedFor) {
  if (!has_browser()) GTEST_SKIP() << "there is no chromium";
  const fs::path page = directory_.write("asks.html",
                                         "<link rel=stylesheet href=https://fonts.test/x>"
                                         "<link rel=preconnect href=http://early.test/>"
                                         "<img src=http://image.test/x>");
  const std::string asked = open(page).asked;
  for (const char* host : {"fonts.test", "early.test", "image.test"}) {
    EXPECT_NE(asked.find(host), std::string::npos) << host << asked;
  }
}

TEST_F(FetchReportTest, IsRefusedWhereNoFileCanBeBeforeAnythingIsSent) {
  const Outcome outcome =
      run_command({"fetch", "--report", directory_.path().string(), server_.url()});
  EXPECT_EQ(outcome.code, 2);
  EXPECT_NE(outcome.err.find("--report"), std::string::npos) << outcome.err;
  EXPECT_EQ(server_.connections(), 0);
}

TEST_F(FetchReportTest, FailsTheCommandWhenItCannotBeWrittenAtTheEnd) {
  const ScriptedServer taker([this](ServerConnection& connection) {
    static_cast<void>(connection.read_request());
    fs::create_directory(page_);  // where the page should go
    connection.send(ok("x"));
  });
  const Outcome outcome = run_command({"fetch", "--report", page_.string(), taker.url()});
  EXPECT_EQ(outcome.code, 1);
  EXPECT_NE(outcome.err.find("report.html"), std::string::npos) << outcome.err;
}

}  // namespace
}  // namespace rondo::cli
