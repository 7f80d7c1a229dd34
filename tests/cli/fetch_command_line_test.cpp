#include "cli/fetch_command_line.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <variant>
#include <vector>

#include "cli/usage_error.hpp"

namespace rondo::cli {
namespace {

using namespace std::chrono_literals;

FetchOptions options_of(const std::vector<std::string>& arguments) {
  return std::get<FetchOptions>(parse_fetch_command_line(arguments));
}

/// What is said about arguments that cannot be obeyed.
std::string refusal_of(std::vector<std::string> arguments) {
  arguments.emplace_back("http://a.test/");
  try {
    static_cast<void>(parse_fetch_command_line(arguments));
  } catch (const UsageError& error) {
    return error.what();
  }
  return "";
}

TEST(FetchCommandLine, HasTheDefaultsOfTheContract) {
  const FetchOptions options = options_of({"http://a.test/"});
  EXPECT_EQ(options.urls, std::vector<std::string>({"http://a.test/"}));
  EXPECT_EQ(options.concurrency, 64U);
  EXPECT_EQ(options.per_host, 8U);
  EXPECT_EQ(options.max_redirects, 10U);
  EXPECT_EQ(options.retries, 0U);
  EXPECT_EQ(options.timeout.total, Clock::duration(300s));
  EXPECT_EQ(options.timeout.sock_connect, Clock::duration(30s));
  EXPECT_EQ(options.timeout.sock_read, std::nullopt);
  EXPECT_EQ(options.max_body, std::nullopt);
  EXPECT_TRUE(options.decompress);
  EXPECT_FALSE(options.fail);
}

TEST(FetchCommandLine, TakesUrlsBetweenOptions) {
  const FetchOptions options = options_of({"http://a/", "-H", "A: b", "http://b/", "-c", "2"});
  EXPECT_EQ(options.urls, std::vector<std::string>({"http://a/", "http://b/"}));
  EXPECT_EQ(options.headers, HeaderList({{"A", "b"}}));
  EXPECT_EQ(options.concurrency, 2U);
}

TEST(FetchCommandLine, KeepsRepeatedHeadersInOrder) {
  EXPECT_EQ(options_of({"-H", "A: 1", "-H", "A: 2", "-H", "B: 3", "u"}).headers,
            HeaderList({{"A", "1"}, {"A", "2"}, {"B", "3"}}));
}

TEST(FetchCommandLine, TakesDataThatLooksLikeSomethingElse) {
  for (const char* data : {"-x", "--json", "", "[1, 2]", "{\"a\": [1]}", "a,b", "%", "a b", "{}",
                           "%%", "--", "--json=", "--quiet=false"}) {
    EXPECT_EQ(options_of({"-d", data, "u"}).body, data) << data;
    EXPECT_EQ(options_of({"--json", data, "u"}).body, data) << data;
  }
}

TEST(FetchCommandLine, TakesAnEmptyValueBehindAnEqualsSign) {
  const FetchOptions options = options_of({"-vd", "--json=", "--cookie=a=b", "u"});
  EXPECT_EQ(options.body, "--json=");
  EXPECT_EQ(options.headers, HeaderList({{"Cookie", "a=b"}}));
  EXPECT_EQ(options_of({"--data=", "u"}).body, "");
  EXPECT_EQ(options_of({"--data=", "u"}).urls, std::vector<std::string>({"u"}));
  EXPECT_EQ(refusal_of({"--output="}), "--output needs a value");
}

TEST(FetchCommandLine, TakesWhatIsBehindTwoDashesAsUrls) {
  EXPECT_EQ(options_of({"-v", "--", "--data=", "-d"}).urls,
            std::vector<std::string>({"--data=", "-d"}));
}

TEST(FetchCommandLine, MakesHeadersOfCredentialsAgentAndCookies) {
  const FetchOptions options =
      options_of({"-u", "me:pa:ss", "-A", "agent", "-b", "a=b", "-b", "c=d", "u"});
  EXPECT_EQ(options.headers, HeaderList({{"Authorization", "Basic bWU6cGE6c3M="},
                                         {"User-Agent", "agent"},
                                         {"Cookie", "a=b; c=d"}}));
  EXPECT_EQ(options_of({"--bearer", "t", "u"}).headers,
            HeaderList({{"Authorization", "Bearer t"}}));
}

TEST(FetchCommandLine, PrefersAHeaderToTheOptionThatMakesIt) {
  EXPECT_EQ(options_of({"-A", "agent", "-H", "user-agent: mine", "u"}).headers,
            HeaderList({{"user-agent", "mine"}}));
}

TEST(FetchCommandLine, ReadsLimits) {
  const FetchOptions options =
      options_of({"--timeout", "1.5", "--connect-timeout", "0", "--read-timeout", "2", "--rate",
                  "10/s", "--max-body", "0", "--retries", "3", "u"});
  EXPECT_EQ(options.timeout.total, Clock::duration(1500ms));
  EXPECT_EQ(options.timeout.sock_connect, std::nullopt);
  EXPECT_EQ(options.timeout.sock_read, Clock::duration(2s));
  EXPECT_EQ(options.start_interval, Clock::duration(100ms));
  EXPECT_EQ(options.max_body, 0U);
  EXPECT_EQ(options.retries, 3U);
}

TEST(FetchCommandLine, CountsVerbosity) {
  EXPECT_EQ(options_of({"u"}).verbosity, 0);
  EXPECT_EQ(options_of({"-v", "u"}).verbosity, 1);
  EXPECT_EQ(options_of({"-vv", "u"}).verbosity, 2);
}

TEST(FetchCommandLine, RefusesWhatItDoesNotKnow) {
  EXPECT_NE(refusal_of({"--nonsense"}), "");
  EXPECT_NE(refusal_of({"-Z"}), "");
  EXPECT_NE(refusal_of({"-c"}), "");
  EXPECT_NE(refusal_of({"-c", "0"}), "");
  EXPECT_EQ(refusal_of({"-c", "1", "-c", "2"}), "--concurrency can be given only once");
  EXPECT_EQ(refusal_of({"--insecure=false"}), "--insecure takes no value");
  EXPECT_EQ(refusal_of({"--quiet="}), "--quiet takes no value");
  EXPECT_NE(refusal_of({"--tls-min", "1.1"}), "");
  EXPECT_NE(refusal_of({"-X", "GE T"}), "");
  EXPECT_NE(refusal_of({"-X", "CONNECT"}), "");
  EXPECT_NE(refusal_of({"-X", "GET\r\nA: b"}), "");
  EXPECT_NE(refusal_of({"-A", "a\r\nb: c"}), "");
  EXPECT_NE(refusal_of({"-b", "a=b\r\nc: d"}), "");
  EXPECT_NE(refusal_of({"--bearer", "a\nb"}), "");
  EXPECT_NE(refusal_of({"--bearer", ""}), "");
  EXPECT_NE(refusal_of({"-u", "me"}), "");
  EXPECT_NE(refusal_of({"-b", "cookies.txt"}), "");
  EXPECT_NE(refusal_of({"-o", ""}), "");
}

TEST(FetchCommandLine, RefusesOptionsThatContradictEachOther) {
  EXPECT_NE(refusal_of({"-d", "a", "--json", "b"}), "");
  EXPECT_NE(refusal_of({"-u", "a:b", "--bearer", "c"}), "");
  EXPECT_NE(refusal_of({"--compressed", "--no-decompress"}), "");
  EXPECT_NE(refusal_of({"--key", "k"}), "");
  EXPECT_NE(refusal_of({"--include-body"}), "");
}

TEST(FetchCommandLine, RefusesWithoutAUrl) {
  EXPECT_THROW(static_cast<void>(parse_fetch_command_line(Arguments())), UsageError);
}

TEST(FetchCommandLine, NamesWhatIsNotBuiltYet) {
  EXPECT_EQ(refusal_of({"--http2"}), "--http2 is not built yet");
  EXPECT_EQ(refusal_of({"--http3"}), "--http3 is not built yet");
}

TEST(FetchCommandLine, TakesTheWayToTheServer) {
  EXPECT_EQ(options_of({"--proxy", "socks5h://a:b@[::1]:1080", "http://b.test/"}).proxy,
            "socks5h://a:b@[::1]:1080");
  EXPECT_EQ(options_of({"--no-proxy", "a.test,*", "http://b.test/"}).no_proxy, "a.test,*");
  EXPECT_EQ(options_of({"--no-proxy", "", "http://b.test/"}).no_proxy, "");
  EXPECT_EQ(options_of({"http://b.test/"}).no_proxy, std::nullopt);
  EXPECT_EQ(options_of({"--interface", "127.0.0.2", "http://b.test/"}).local.address, "127.0.0.2");
  EXPECT_EQ(options_of({"--interface", "::1", "http://b.test/"}).local.address, "::1");
  EXPECT_EQ(options_of({"--interface", "lo", "http://b.test/"}).local.interface, "lo");
}

TEST(FetchCommandLine, TakesWhatAProxyIsShown) {
  const FetchOptions options =
      options_of({"--proxy", "http://a:b@p.test", "--proxy-digest", "--proxy-header", "X-A: 1",
                  "--proxy-header", "X-B:", "http://b.test/"});
  EXPECT_TRUE(options.proxy_digest);
  EXPECT_EQ(options.proxy_headers, (HeaderList{{"X-A", "1"}, {"X-B", ""}}));
  EXPECT_EQ(refusal_of({"--proxy-header", "Host: a"}),
            "--proxy-header: 'Host' is not for the user to say");
  EXPECT_NE(refusal_of({"--proxy-header", "nonsense"}), "");
  EXPECT_NE(refusal_of({"--proxy-header", "A: b\r\nC: d"}), "");
  EXPECT_NE(refusal_of({"--proxy-digest"}), "");
  EXPECT_EQ(refusal_of({"--proxy-digest", "--proxy", "http://p.test"}),
            "--proxy-digest needs credentials in --proxy: http://NAME:PASSWORD@HOST:PORT");
  EXPECT_EQ(refusal_of({"--proxy-digest", "--proxy", "socks5://a:b@p.test"}),
            "--proxy-digest is for HTTP proxies");
}

TEST(FetchCommandLine, RefusesProxiesWithoutShowingThem) {
  EXPECT_NE(refusal_of({"--proxy", "ftp://user:secret@a.test"}), "");
  EXPECT_EQ(refusal_of({"--proxy", "ftp://user:secret@a.test"}).find("secret"), std::string::npos);
  EXPECT_NE(refusal_of({"--proxy", "http://"}), "");
  EXPECT_NE(refusal_of({"--proxy", "http://a", "--unix-socket", "/s"}), "");
  EXPECT_NE(refusal_of({"--interface", "no-such-interface"}), "");
  EXPECT_NE(refusal_of({"--pin", ""}), "");
}

}  // namespace
}  // namespace rondo::cli
