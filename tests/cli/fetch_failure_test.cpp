// What servers do wrong, and the kind of error that comes of it.

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "tests/cli/command.hpp"
#include "tests/cli/scripted_server.hpp"
#include "tests/support/loopback_port.hpp"

namespace rondo::cli {
namespace {

/// Fetches from a server that sends `bytes` and ends the connection; `arguments` come first.
Json fetch_from(const std::string& bytes, std::vector<std::string> arguments = {}) {
  const ScriptedServer server([&](ServerConnection& connection) {
    static_cast<void>(connection.read_request());
    connection.send(bytes);
  });
  arguments.push_back(server.url());
  return fetch_json(std::move(arguments));
}

void expect_error(const Json& result, std::string_view kind, std::string_view class_name) {
  ASSERT_FALSE(result["error"].is_null()) << result;
  EXPECT_EQ(result["error"]["kind"], kind) << result;
  EXPECT_EQ(result["error"]["class"], class_name) << result;
  EXPECT_FALSE(result["error"]["message"].get<std::string>().empty());
}

TEST(FetchFailure, OfTheConnection) {
  const test::RefusingPort nobody;
  expect_error(fetch_json({nobody.url()}), "connect", "ClientConnectorError");
}

TEST(FetchFailure, OfTheName) {
  const test::RefusingPort nobody;
  const Json result = fetch_json({"--dns-server", nobody.address(), "http://a.test/"});
  expect_error(result, "resolve", "ClientConnectorDNSError");
  EXPECT_EQ(result["error"]["phase"], "resolve");
}

TEST(FetchFailure, OfTls) {
  const ScriptedServer server([](ServerConnection& connection) { connection.send("no TLS\r\n"); });
  const Json result = fetch_json({"https://127.0.0.1:" + std::to_string(server.port()) + "/"});
  expect_error(result, "tls", "ClientConnectorSSLError");
}

TEST(FetchFailure, WithoutAnAnswer) {
  expect_error(fetch_from(""), "disconnected", "ServerDisconnectedError");
  expect_error(fetch_from("HTTP/1.1 200 OK\r\nConte"), "disconnected", "ServerDisconnectedError");
}

TEST(FetchFailure, OfTheProtocol) {
  for (const char* bytes :
       {"SSH-2.0-OpenSSH\r\n\r\n", "HTTP/1.1 abc\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
        "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n", "HTTP/1.1 200 OK\r\nA b: c\r\n\r\n"}) {
    const Json result = fetch_from(bytes);
    expect_error(result, "protocol", "ClientProtocolError");
  }
}

TEST(FetchFailure, OfTheBody) {
  for (const char* bytes :
       {"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\nzz\r\n",
        "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 4\r\n\r\nhalf"}) {
    const Json result = fetch_from(bytes);
    expect_error(result, "payload", "ClientPayloadError");
    EXPECT_EQ(result["status"], 200);
    EXPECT_FALSE(result["headers"].empty());
  }
}

TEST(FetchFailure, IsNoneWhereTheBodyEndsWithTheConnection) {
  const Json result = fetch_from("HTTP/1.0 200 OK\r\n\r\nall of it");
  EXPECT_TRUE(result["error"].is_null()) << result;
  EXPECT_EQ(result["body_bytes"], 9);
  EXPECT_EQ(result["http_version"], "1.0");
}

TEST(FetchFailure, OfARedirect) {
  expect_error(fetch_from("HTTP/1.1 302 Found\r\nLocation: http://[\r\nContent-Length: 0\r\n\r\n"),
               "redirect", "InvalidUrlRedirectError");
}

TEST(FetchFailure, OfTime) {
  const ScriptedServer silent([](ServerConnection& connection) { connection.wait_for_end(); });
  for (const char* option : {"--timeout", "--read-timeout"}) {
    const Json result = fetch_json({option, "0.2", silent.url()});
    expect_error(result, "timeout", "ServerTimeoutError");
    EXPECT_GE(result["timings"]["total"].get<double>(), 0.2);
    EXPECT_LT(result["timings"]["total"].get<double>(), 5);
    EXPECT_GE(result["timings"]["wait"].get<double>(), 0.15);
  }
}

TEST(FetchFailure, NeverSendsTheTerminalWhatAServerSays) {
  const ScriptedServer server([](ServerConnection& connection) {
    static_cast<void>(connection.read_request());
    connection.send(
        "HTTP/1.1 404 \xc2\x9b"
        "2J\r\nX-\xc2\x9b: \xc2\x9b"
        "31m\r\nContent-Length: 0\r\n\r\n");
  });
  const Outcome outcome = run_command({"fetch", "-vv", "--fail", server.url("/\x1b[2J")});
  EXPECT_EQ(outcome.code, 1);
  EXPECT_EQ((outcome.out + outcome.err).find_first_of("\x1b\x9b"), std::string::npos)
      << outcome.err;
}

TEST(FetchFailure, WritesValidJsonWhateverTheServerSends) {
  const Json result = fetch_from(
      "HTTP/1.1 200 \xff\xfe\r\nX-Latin: caf\xe9\r\nX-Utf: caf\xc3\xa9\r\nContent-Length: "
      "0\r\n\r\n");
  EXPECT_TRUE(result["error"].is_null()) << result;
  EXPECT_EQ(result["headers"][0], Json::array({"X-Latin", "caf\u00e9"}));
  EXPECT_EQ(result["headers"][1], Json::array({"X-Utf", "caf\u00e9"}));
}

}  // namespace
}  // namespace rondo::cli
