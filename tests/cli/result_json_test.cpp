#include "cli/result_json.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

namespace rondo::cli {
namespace {

using namespace std::chrono_literals;
using nlohmann::ordered_json;

ordered_json parsed(const TransferResult& result) {
  std::string line;
  append_json_line(result, line);
  EXPECT_EQ(line.find('\n'), line.size() - 1);
  return ordered_json::parse(line);
}

std::vector<std::string> keys_of(const ordered_json& object) {
  std::vector<std::string> keys;
  for (const auto& [key, value] : object.items()) keys.push_back(key);
  return keys;
}

TransferResult example() {
  TransferResult result;
  result.url = "http://a.test/";
  result.final_url = "http://a.test/b";
  result.method = "GET";
  result.status = 200;
  result.http_version = "1.1";
  result.headers.add("Content-Type", "text/html");
  result.body_bytes = 5;
  result.body_sha256 = "00ff";
  result.redirects.push_back({302, "http://a.test/"});
  result.attempts = 1;
  result.remote = "127.0.0.1:443";
  result.timings.dns = 250ms;
  result.total = 1s;
  return result;
}

TEST(ResultJson, HasEveryMemberOfTheContractInItsOrder) {
  const ordered_json object = parsed(example());
  EXPECT_EQ(keys_of(object),
            std::vector<std::string>({"url", "final_url", "method", "status", "http_version",
                                      "headers", "body_bytes", "body_sha256", "saved_to", "error",
                                      "redirects", "attempts", "remote", "timings"}));
  EXPECT_EQ(keys_of(object["timings"]),
            std::vector<std::string>(
                {"queued", "dns", "connect", "tls", "send", "wait", "receive", "total"}));
}

TEST(ResultJson, SaysWhatWasFound) {
  const ordered_json object = parsed(example());
  EXPECT_EQ(object["url"], "http://a.test/");
  EXPECT_EQ(object["final_url"], "http://a.test/b");
  EXPECT_EQ(object["status"], 200);
  EXPECT_EQ(object["headers"], ordered_json::parse(R"([["Content-Type", "text/html"]])"));
  EXPECT_EQ(object["body_bytes"], 5);
  EXPECT_TRUE(object["saved_to"].is_null());
  EXPECT_TRUE(object["error"].is_null());
  EXPECT_EQ(object["redirects"],
            ordered_json::parse(R"([{"status": 302, "url": "http://a.test/"}])"));
  EXPECT_EQ(object["remote"], "127.0.0.1:443");
  EXPECT_EQ(object["timings"]["dns"], 0.25);
  EXPECT_EQ(object["timings"]["queued"], 0.0);
  EXPECT_TRUE(object["timings"]["queued"].is_number_float());
}

TEST(ResultJson, HasNullForWhatWasNeverKnown) {
  TransferResult result;
  result.url = "nonsense";
  result.error = {ErrorKind::url, "InvalidURL", "plan", "invalid URL"};
  const ordered_json object = parsed(result);
  for (const char* key :
       {"final_url", "status", "http_version", "body_sha256", "saved_to", "remote"}) {
    EXPECT_TRUE(object[key].is_null()) << key;
  }
  EXPECT_EQ(object["headers"], ordered_json::array());
  EXPECT_EQ(object["redirects"], ordered_json::array());
  EXPECT_EQ(object["error"],
            ordered_json::parse(R"({"kind": "url", "class": "InvalidURL", "phase": "plan",
                                    "message": "invalid URL"})"));
}

TEST(ResultJson, AddsTheBodyOnlyWhenThereIsOne) {
  TransferResult result = example();
  EXPECT_FALSE(parsed(result).contains("body_base64"));
  result.body = std::string("\0\xff", 2);
  EXPECT_EQ(parsed(result)["body_base64"], "AP8=");
  result.body = "";
  EXPECT_EQ(parsed(result)["body_base64"], "");
}

TEST(ResultJson, SurvivesWhatServersSend) {
  TransferResult result = example();
  result.headers.add("X-Latin", "caf\xe9");
  result.headers.add("X-Utf8", "caf\xc3\xa9");
  result.headers.add("X-Twice", "1");
  result.headers.add("X-Twice", "2");
  result.error = {ErrorKind::protocol, "ClientProtocolError", "wait", "bad byte \xff\x1b[2J"};
  const ordered_json object = parsed(result);
  EXPECT_EQ(object["headers"][1][1], "caf\u00e9");
  EXPECT_EQ(object["headers"][2][1], "caf\u00e9");
  EXPECT_EQ(object["headers"][4][1], "2");
  EXPECT_EQ(object["error"]["message"], "bad byte \ufffd\x1b[2J");
}

}  // namespace
}  // namespace rondo::cli
