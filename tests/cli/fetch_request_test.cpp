// What is sent, and where it is sent on to.

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <mutex>
#include <string>
#include <vector>

#include "rondo/proto/base64.hpp"

#include "cli/descriptor.hpp"
#include "tests/cli/command.hpp"
#include "tests/cli/scripted_server.hpp"

namespace rondo::cli {
namespace {

namespace fs = std::filesystem;

class FetchRequestTest : public ::testing::Test {
 protected:
  std::string serve(const std::string& request) {
    const std::lock_guard lock(mutex_);
    requests_.push_back(request);
    const std::string path = path_of(request);
    if (path.starts_with("/to/")) {
      const std::string status = path.substr(4, 3);
      return answer(status + " Moved", "Location: /target\r\n");
    }
    if (path == "/loop") return answer("302 Found", "Location: /loop\r\n");
    if (path == "/away") return answer("302 Found", "Location: " + other_.url("/there") + "\r\n");
    if (path == "/file") return answer("302 Found", "Location: file:///etc/passwd\r\n");
    if (path == "/digest" && request.find("Authorization: Digest ") == std::string::npos) {
      return answer("401 Unauthorized", "WWW-Authenticate: Digest realm=\"r\", nonce=\"n\"\r\n");
    }
    if (path == "/set") return answer("200 OK", "Set-Cookie: k=v; Max-Age=1000\r\n");
    return ok("done");
  }

  Json fetch(std::vector<std::string> arguments) {
    {
      const std::lock_guard lock(mutex_);
      requests_.clear();
    }
    return fetch_json(std::move(arguments));
  }

  std::size_t request_count() const {
    const std::lock_guard lock(mutex_);
    return requests_.size();
  }
  std::string last_request() const {
    const std::lock_guard lock(mutex_);
    return requests_.back();
  }
  bool sent(const std::string& text) const {
    return last_request().find(text) != std::string::npos;
  }

  mutable std::mutex mutex_;
  std::vector<std::string> requests_;
  ScriptedServer other_{answering([this](const std::string& request) { return serve(request); })};
  ScriptedServer server_{answering([this](const std::string& request) { return serve(request); })};
};

TEST_F(FetchRequestTest, SendsItsDefaults) {
  fetch({server_.url("/a?b#c")});
  EXPECT_TRUE(last_request().starts_with("GET /a?b HTTP/1.1\r\nHost: 127.0.0.1:"));
  EXPECT_TRUE(sent("\r\nUser-Agent: rondo/"));
  EXPECT_TRUE(sent("\r\nAccept-Encoding: gzip, deflate, br, zstd\r\n"));
}

TEST_F(FetchRequestTest, LetsHeadersReplaceDefaultsAndRepeat) {
  fetch({"-H", "user-agent: mine", "-H", "X: 1", "-H", "X: 2", server_.url()});
  EXPECT_TRUE(sent("\r\nuser-agent: mine\r\n"));
  EXPECT_FALSE(sent("rondo/"));
  EXPECT_TRUE(sent("\r\nX: 1\r\nX: 2\r\n"));
  fetch({"-H", "Host: other.test", server_.url()});
  EXPECT_TRUE(sent("\r\nHost: other.test\r\n"));
  EXPECT_FALSE(sent("127.0.0.1"));
}

TEST_F(FetchRequestTest, SendsDataByteForByte) {
  const test::TemporaryDirectory directory;
  const std::string bytes("a\0b\r\n&", 6);
  fetch({"-d", "@" + directory.write("data", bytes).string(), server_.url()});
  EXPECT_TRUE(last_request().starts_with("POST / "));
  EXPECT_TRUE(sent("\r\nContent-Type: application/x-www-form-urlencoded\r\n"));
  EXPECT_TRUE(last_request().ends_with("\r\n\r\n" + bytes));
  fetch({"--json", "{\"a\": [1]}", server_.url()});
  EXPECT_TRUE(sent("\r\nContent-Type: application/json\r\n"));
  EXPECT_TRUE(last_request().ends_with("\r\n\r\n{\"a\": [1]}"));
  fetch({"-X", "PUT", "-H", "Content-Type: text/plain", "-d", "x", server_.url()});
  EXPECT_TRUE(last_request().starts_with("PUT / "));
  EXPECT_TRUE(sent("\r\nContent-Type: text/plain\r\n"));
}

TEST_F(FetchRequestTest, SendsAFormWithFiles) {
  const test::TemporaryDirectory directory;
  const std::string path = directory.write("score.txt", "do re mi").string();
  fetch({"-F", "title=a=@b", "-F", "score=@" + path, server_.url("/to/307")});
  EXPECT_TRUE(last_request().starts_with("POST /target ")) << last_request();
  EXPECT_TRUE(sent("\r\nContent-Type: multipart/form-data; boundary="));
  EXPECT_TRUE(sent("form-data; name=\"score\"; filename=\"score.txt\"\r\n"));
  EXPECT_TRUE(sent("\r\n\r\ndo re mi\r\n--"));
  EXPECT_TRUE(sent("name=\"title\"\r\n\r\na=@b\r\n--"));
}

TEST_F(FetchRequestTest, SendsCredentialsAndCookies) {
  fetch({"-u", "me:secret", "-b", "a=b", server_.url()});
  EXPECT_TRUE(sent("\r\nAuthorization: Basic " + proto::base64_encode("me:secret") + "\r\n"));
  EXPECT_TRUE(sent("\r\nCookie: a=b\r\n"));
  fetch({"--bearer", "token", server_.url()});
  EXPECT_TRUE(sent("\r\nAuthorization: Bearer token\r\n"));
}

TEST_F(FetchRequestTest, AsksForNoCodingWithoutDecompression) {
  fetch({"--no-decompress", server_.url()});
  EXPECT_FALSE(sent("Accept-Encoding"));
}

TEST_F(FetchRequestTest, AnswersADigestChallenge) {
  const Json result = fetch({"-u", "me:secret", "--digest", server_.url("/digest")});
  EXPECT_EQ(result["status"], 200);
  EXPECT_EQ(request_count(), 2U);
  EXPECT_TRUE(sent("\r\nAuthorization: Digest "));
  EXPECT_TRUE(sent("username=\"me\""));
  EXPECT_FALSE(sent("secret"));
  const Json elsewhere = fetch({"-u", "me:secret", "--digest", server_.url("/")});
  EXPECT_EQ(elsewhere["status"], 200);
  EXPECT_FALSE(sent("Authorization"));
}

TEST_F(FetchRequestTest, FollowsRedirectsAsTheContractSays) {
  for (const std::string& status : std::vector<std::string>{"301", "302", "303", "307", "308"}) {
    const Json result = fetch({"-d", "x=y", server_.url("/to/" + status)});
    const bool keeps = status == "307" || status == "308";
    EXPECT_TRUE(last_request().starts_with(keeps ? "POST /target " : "GET /target ")) << status;
    EXPECT_EQ(last_request().ends_with("x=y"), keeps) << status;
    EXPECT_EQ(result["status"], 200);
    EXPECT_EQ(result["final_url"], server_.url("/target"));
    ASSERT_EQ(result["redirects"].size(), 1U);
    EXPECT_EQ(result["redirects"][0]["status"], std::stoi(status));
    EXPECT_EQ(result["redirects"][0]["url"], server_.url("/to/" + status));
    EXPECT_EQ(result["attempts"], 1);
  }
}

TEST_F(FetchRequestTest, StopsAfterTheLastRedirectThatIsAllowed) {
  const Json result = fetch({"--max-redirects", "3", server_.url("/loop")});
  EXPECT_EQ(request_count(), 4U);
  EXPECT_EQ(result["error"]["kind"], "redirect");
  EXPECT_EQ(result["error"]["class"], "TooManyRedirects");
  EXPECT_EQ(result["redirects"].size(), 3U);
  EXPECT_EQ(result["status"], 302);
  const Json direct = fetch({"--max-redirects", "0", server_.url("/loop")});
  EXPECT_TRUE(direct["error"].is_null());
  EXPECT_EQ(direct["status"], 302);
  EXPECT_EQ(direct["redirects"].size(), 0U);
  EXPECT_EQ(fetch({server_.url("/loop")})["redirects"].size(), 10U);
}

TEST_F(FetchRequestTest, FollowsOnlyHttp) {
  const Json result = fetch({server_.url("/file")});
  EXPECT_EQ(result["error"]["kind"], "redirect");
  EXPECT_EQ(result["error"]["class"], "NonHttpUrlRedirectError");
}

TEST_F(FetchRequestTest, KeepsCredentialsFromOtherOrigins) {
  fetch({"-u", "me:secret", "-b", "a=b", "-H", "X-Kept: 1", server_.url("/away")});
  EXPECT_TRUE(last_request().starts_with("GET /there "));
  EXPECT_FALSE(sent("Authorization"));
  EXPECT_FALSE(sent("Cookie"));
  EXPECT_TRUE(sent("X-Kept: 1"));
  fetch({"-H", "Authorization: x", "-H", "cookie: y", server_.url("/away")});
  EXPECT_FALSE(sent("Authorization"));
  EXPECT_FALSE(sent("ookie"));
}

TEST_F(FetchRequestTest, ShowsNoPasswordInItsResultsAndMessages) {
  std::string url = server_.url("/loop");
  url.insert(7, "me:secret@");
  const Outcome outcome =
      run_command({"fetch", "-vv", "-b", "k=secret", "--bearer", "secret", url});
  EXPECT_EQ(outcome.code, 1);
  EXPECT_EQ(outcome.err.find("secret"), std::string::npos) << outcome.err;
}

TEST_F(FetchRequestTest, KeepsNoCookiesWithoutAJar) {
  const Outcome outcome =
      run_command({"fetch", "-c", "1", "--quiet", server_.url("/set"), server_.url("/next")});
  EXPECT_EQ(outcome.code, 0);
  EXPECT_FALSE(sent("Cookie"));
}

TEST_F(FetchRequestTest, KeepsCookiesInAJarThatNobodyElseCanRead) {
  const test::TemporaryDirectory directory;
  const fs::path jar = directory.path() / "jar";
  EXPECT_EQ(run_command({"fetch", "-c", "1", "--quiet", "--cookie-jar", jar.string(),
                         server_.url("/set"), server_.url("/next")})
                .code,
            0);
  EXPECT_TRUE(sent("\r\nCookie: k=v\r\n"));
  struct stat status{};
  ASSERT_EQ(::stat(jar.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0600U);
  EXPECT_NE(content_of(jar).find("127.0.0.1\tFALSE\t/\tFALSE\t"), std::string::npos);
  EXPECT_NE(content_of(jar).find("\tk\tv\n"), std::string::npos);
  fetch({"--cookie-jar", jar.string(), server_.url("/again")});
  EXPECT_TRUE(sent("\r\nCookie: k=v\r\n"));
}

TEST_F(FetchRequestTest, MakesAnOldJarUnreadableForOthers) {
  const test::TemporaryDirectory directory;
  const fs::path jar = directory.write("jar", "# Netscape HTTP Cookie File\n");
  ::chmod(jar.c_str(), 0644);
  fetch({"--cookie-jar", jar.string(), server_.url("/set")});
  struct stat status{};
  ASSERT_EQ(::stat(jar.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0600U);
}

TEST_F(FetchRequestTest, KeepsTheSymbolicLinkToAJar) {
  const test::TemporaryDirectory directory;
  const test::TemporaryDirectory elsewhere;
  const fs::path jar = elsewhere.write("jar", "# Netscape HTTP Cookie File\n");
  const fs::path link = directory.path() / "link";
  fs::create_symlink(jar, link);
  fetch({"--cookie-jar", link.string(), server_.url("/set")});
  EXPECT_TRUE(fs::is_symlink(link));
  EXPECT_NE(content_of(jar).find("\tk\tv\n"), std::string::npos);
}

TEST_F(FetchRequestTest, WritesAJarThatIsADeviceInPlace) {
  // A terminal of our own: replacing a real device by a file would harm the machine.
  const Descriptor master(::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC));
  ASSERT_EQ(::grantpt(master.get()) | ::unlockpt(master.get()), 0);
  const std::string device = ::ptsname(master.get());
  const Descriptor slave(::open(device.c_str(), O_RDWR | O_NOCTTY | O_CLOEXEC));
  EXPECT_EQ(run_command({"fetch", "--quiet", "--cookie-jar", device, server_.url("/set")}).code, 0);
  EXPECT_TRUE(fs::is_character_file(device));
  std::string shown(4096, '\0');
  const auto count = ::read(master.get(), shown.data(), shown.size());
  ASSERT_GT(count, 0);
  EXPECT_TRUE(shown.starts_with("# Netscape")) << shown;
}

TEST_F(FetchRequestTest, ConnectsWhereResolveSays) {
  const std::string port = std::to_string(server_.port());
  const Json result = fetch(
      {"--resolve", "nowhere.test:" + port + ":127.0.0.1", "http://nowhere.test:" + port + "/"});
  EXPECT_TRUE(result["error"].is_null()) << result;
  EXPECT_TRUE(sent("\r\nHost: nowhere.test:" + port + "\r\n"));
  EXPECT_EQ(result["remote"], "127.0.0.1:" + port);
}

TEST_F(FetchRequestTest, ConnectsToAUnixSocket) {
  const test::TemporaryDirectory directory;
  const std::string path = (directory.path() / "socket").string();
  const ScriptedServer local(path,
                             answering([](const std::string& request) { return ok(request); }));
  const Outcome outcome =
      run_command({"fetch", "--quiet", "--unix-socket", path, "http://a.test/x"});
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_TRUE(outcome.out.starts_with("GET /x HTTP/1.1\r\nHost: a.test\r\n"));
}

TEST_F(FetchRequestTest, RefusesAddressesThatAreNotPublic) {
  const Json result = fetch({"--deny-private", server_.url()});
  EXPECT_EQ(result["error"]["kind"], "denied");
  EXPECT_EQ(result["error"]["class"], "AddressDenied");
  EXPECT_EQ(server_.connections(), 0);
}

TEST_F(FetchRequestTest, SendsTheWholeUrlToAProxy) {
  const ScriptedServer echo(answering([](const std::string& request) { return ok(request); }));
  std::string proxy = echo.url();
  proxy.insert(proxy.find("//") + 2, "user:secret@");
  const Outcome outcome = run_command({"fetch", "--quiet", "--proxy", proxy, "http://a.test/x#y"});
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_TRUE(outcome.out.starts_with("GET http://a.test/x HTTP/1.1\r\nHost: a.test\r\n"))
      << outcome.out;
  EXPECT_NE(outcome.out.find("Proxy-Authorization: Basic dXNlcjpzZWNyZXQ=\r\n"), std::string::npos);
}

TEST_F(FetchRequestTest, TakesTheProxyOfTheEnvironment) {
  const RunningCommand::Options with_proxy{.environment = {"http_proxy=" + server_.url()}};
  EXPECT_EQ(run_command({"fetch", "--quiet", "http://a.test/x"}, with_proxy).code, 0);
  const RunningCommand::Options with_list{
      .environment = {"http_proxy=http://127.0.0.1:1", "no_proxy=127.0.0.1"}};
  EXPECT_EQ(run_command({"fetch", "--quiet", server_.url()}, with_list).code, 0);
  EXPECT_EQ(run_command({"fetch", "--quiet", "--no-proxy", "", server_.url()}, with_list).code, 1);
  const RunningCommand::Options dead{.environment = {"http_proxy=http://127.0.0.1:1"}};
  EXPECT_EQ(
      run_command({"fetch", "--quiet", "--no-proxy", "127.0.0.0/8", server_.url()}, dead).code, 0);
}

TEST_F(FetchRequestTest, CallsWhatAProxyDoesAProxysError) {
  const Json dead = fetch({"--proxy", "http://127.0.0.1:1", "http://a.test/"});
  EXPECT_EQ(dead["error"]["kind"], "proxy");
  EXPECT_EQ(dead["error"]["class"], "ClientProxyConnectionError");
  const Json socks = fetch({"--proxy", "socks5://127.0.0.1:1", server_.url()});
  EXPECT_EQ(socks["error"]["kind"], "proxy");
  EXPECT_EQ(server_.connections(), 0);
}

TEST_F(FetchRequestTest, ConnectsFromTheAddressOfInterface) {
  EXPECT_EQ(fetch({"--interface", "127.0.0.9", server_.url()})["error"], nullptr);
  EXPECT_EQ(fetch({"--interface", "lo", server_.url()})["error"], nullptr);
  const Json elsewhere = fetch({"--interface", "192.0.2.1", server_.url()});
  EXPECT_EQ(elsewhere["error"]["kind"], "connect");
}

}  // namespace
}  // namespace rondo::cli
