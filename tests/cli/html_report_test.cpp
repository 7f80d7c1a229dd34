#include "cli/html_report.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <string>

#include "cli/html_text.hpp"

namespace rondo::cli {
namespace {

using namespace std::chrono_literals;

const Clock::time_point kBegun{1h};

TransferResult result(Clock::duration total) {
  TransferResult made;
  made.url = "http://a.test/x";
  made.method = "GET";
  made.status = 200;
  made.begun = kBegun + 1s;
  made.total = total;
  made.timings.connect = total / 4;
  made.timings.receive = total / 2;
  return made;
}

std::size_t count(const std::string& text, const std::string& part) {
  std::size_t found = 0;
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++found;
  return found;
}

TEST(HtmlText, LeavesNoMarkupAndNoControlCharacters) {
  EXPECT_EQ(html_text("a<b>&\"'\n\x1b\xff\u202e\u00e9"),
            "a&lt;b&gt;&amp;&quot;&#39;\\x0a\\x1b\\xff\\xe2\\x80\\xae\u00e9");
}

TEST(HtmlReport, ShowsARunOfNothing) {
  const std::string page = html_page(RunStatistics(kBegun), {.elapsed = 1s});
  EXPECT_NE(page.find("<title>rondo fetch: 0 URLs</title>"), std::string::npos);
  EXPECT_EQ(page.find("nan"), std::string::npos);
  EXPECT_TRUE(page.ends_with("</html>\n"));
}

TEST(HtmlReport, SaysWhyARunHasEndedEarly) {
  const std::string page = html_page(RunStatistics(kBegun), {1s, "--max-time is up"});
  EXPECT_NE(page.find("Ended early: --max-time is up"), std::string::npos);
}

TEST(HtmlReport, DrawsEachPhaseInItsPlaceAndWidth) {
  RunStatistics run(kBegun);
  run.add(result(2s));
  const std::string page = html_page(run, {.elapsed = 3s});
  // Its own scale: a quarter, a half, and the quarter between tries.
  EXPECT_NE(page.find("<i class=\"connect\" style=\"left:0.00%;width:25.00%\"></i>"
                      "<i class=\"receive\" style=\"left:25.00%;width:50.00%\"></i>"
                      "<i class=\"between\" style=\"left:75.00%;width:25.00%\"></i>"),
            std::string::npos)
      << page;
  // The scale of the run: it begins after a third.
  EXPECT_NE(page.find("<i class=\"connect\" style=\"left:33.33%;width:16.67%\"></i>"),
            std::string::npos);
}

TEST(HtmlReport, StaysSmallHoweverManyTransfersThereAre) {
  RunStatistics run(kBegun);
  for (int i = 0; i < 20'000; ++i) {
    TransferResult made = result(std::chrono::microseconds(i));
    made.url = "http://host-" + std::to_string(i) + ".test/";
    run.add(made);
  }
  const std::string page = html_page(run, {.elapsed = 3s});
  EXPECT_LT(page.size(), 200'000U);
  EXPECT_EQ(count(page, "<div class=\"fall\">"), 2 * RunStatistics::kShown);
  EXPECT_NE(page.find("<td class=\"name\">all others</td><td class=\"n\">19,800</td>"),
            std::string::npos);
}

}  // namespace
}  // namespace rondo::cli
