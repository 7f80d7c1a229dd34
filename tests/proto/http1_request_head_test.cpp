// Request heads, as a server reads them; each fed for every cut.

#include <gtest/gtest.h>

#include <string>

#include "rondo/proto/http1_head.hpp"

#include "http1_expect.hpp"

namespace rondo::proto {
namespace {

using testing::expect_error;
using testing::expect_head;
using testing::words_of;

TEST(RequestHeadParser, ReadsTheFourFormsOfATarget) {
  expect_head<RequestHeadParser>("GET /a?b=c HTTP/1.1\r\nHost: h\r\n\r\n",
                                 "GET /a?b=c 1.1 [Host=h]");
  expect_head<RequestHeadParser>("GET http://h/a HTTP/1.0\r\n\r\n", "GET http://h/a 1.0");
  expect_head<RequestHeadParser>("CONNECT h:443 HTTP/1.1\r\nHost: h:443\r\n\r\n",
                                 "CONNECT h:443 1.1 [Host=h:443]");
  expect_head<RequestHeadParser>("OPTIONS * HTTP/1.1\r\n\r\n", "OPTIONS * 1.1");
}

TEST(RequestHeadParser, IgnoresOneEmptyLineInFront) {
  expect_head<RequestHeadParser>("\r\nGET / HTTP/1.1\r\n\r\n", "GET / 1.1");
  expect_head<RequestHeadParser>("\nGET / HTTP/1.1\r\n\r\n", "GET / 1.1");
  expect_error<RequestHeadParser>(Http1Error::bad_request_line,
                                  {"\r\n\r\nGET / HTTP/1.1\r\n\r\n", "\r\rGET / HTTP/1.1\r\n\r\n"});
}

TEST(RequestHeadParser, RefusesMalformedRequestLines) {
  expect_error<RequestHeadParser>(
      Http1Error::bad_request_line,
      {"GET\r\n\r\n", "GET /\r\n\r\n", "GET  / HTTP/1.1\r\n\r\n", "GET /  HTTP/1.1\r\n\r\n",
       "GET / a HTTP/1.1\r\n\r\n", " GET / HTTP/1.1\r\n\r\n", "GET / HTTP/1.1 \r\n\r\n",
       "G(T / HTTP/1.1\r\n\r\n", "GET\t/\tHTTP/1.1\r\n\r\n", "GET /\x01 HTTP/1.1\r\n\r\n",
       "GET /\xc3\xa9 HTTP/1.1\r\n\r\n", "GET / http/1.1\r\n\r\n", "GET / HTTP/\r\n\r\n",
       "GET  HTTP/1.1\r\n\r\n", "GET / HTTP/1.1\r\r\n\r\n"});
}

TEST(RequestHeadParser, RefusesOtherVersions) {
  expect_error<RequestHeadParser>(
      Http1Error::unsupported_version,
      {"GET / HTTP/2.0\r\n\r\n", "GET / HTTP/0.9\r\n\r\n", "PRI * HTTP/2.0\r\n\r\n"});
}

TEST(RequestHeadParser, RefusesEveryFold) {
  expect_error<RequestHeadParser>(
      Http1Error::unexpected_fold,
      {"GET / HTTP/1.1\r\nA: b\r\n c\r\n\r\n", "GET / HTTP/1.1\r\n A: b\r\n\r\n"});
}

TEST(RequestHeadParser, ReadsPipelinedHeadsOneByOne) {
  std::string_view input = "GET /1 HTTP/1.1\r\nA: b\r\n\r\nGET /2 HTTP/1.1\r\n\r\n";
  RequestHeadParser parser;
  input.remove_prefix(parser.feed(input).consumed);
  EXPECT_EQ(words_of(parser.take()), "GET /1 1.1 [A=b]");
  RequestHead head;
  input.remove_prefix(parser.feed(input).consumed);
  parser.take(head);
  EXPECT_EQ(words_of(head), "GET /2 1.1");
  EXPECT_TRUE(input.empty());
}

TEST(RequestHeadParser, ForgetsWhatItHadWhenReset) {
  RequestHeadParser parser;
  EXPECT_EQ(parser.feed("POST /x HTTP/1.1\r\nA: b\r\nun").state, ReadState::need_more);
  EXPECT_TRUE(parser.has_begun());
  parser.reset();
  EXPECT_FALSE(parser.has_begun());
  EXPECT_EQ(words_of(parser.head()), "  1.1");
}

}  // namespace
}  // namespace rondo::proto
