#include "rondo/proto/http1_request.hpp"

#include <gtest/gtest.h>

#include <string>

#include "rondo/proto/http1_head.hpp"

#include "http1_framings.hpp"
#include "http1_outcome.hpp"

namespace rondo::proto {
namespace {

using namespace std::string_view_literals;
using testing::kChunked;
using testing::length;

struct Written {
  std::string text;
  std::optional<RequestError> error;
};

Written write(std::string_view method, std::string_view target, std::string_view host,
              const Fields& fields = {}, const BodyFraming& body = {}) {
  const HeaderMap headers(fields);
  Written written{"before ", std::nullopt};
  written.error = append_request_head({method, target, host, headers, body}, written.text);
  return written;
}

std::string text_of(const Written& written) {
  return written.error ? "refused: " + written.error->describe() : written.text.substr(7);
}

Written write_header(std::string_view name, std::string_view value, const BodyFraming& body = {}) {
  return write("GET", "/", "h", {{name, value}}, body);
}

void expect_refusal(const Written& written, RequestFault fault) {
  ASSERT_TRUE(written.error);
  EXPECT_EQ(written.error->fault, fault) << written.error->describe();
  EXPECT_EQ(written.text, "before ") << "nothing may be written then";
}

TEST(AppendRequestHead, WritesTheHeadInOrderWithHostFirst) {
  EXPECT_EQ(text_of(write("GET", "/a?b=c", "example.com:8080",
                          {{"Accept", "*/*"}, {"X-One", "1"}, {"X-One", "2"}, {"Empty", ""}})),
            "GET /a?b=c HTTP/1.1\r\nHost: example.com:8080\r\nAccept: */*\r\nX-One: 1\r\n"
            "X-One: 2\r\nEmpty: \r\n\r\n");
}

TEST(AppendRequestHead, WritesEveryFormOfTarget) {
  for (const std::string_view target : {"/", "/a?b", "http://h/a", "h:443", "*"}) {
    EXPECT_EQ(text_of(write("GET", target, "h")),
              "GET " + std::string(target) + " HTTP/1.1\r\nHost: h\r\n\r\n");
  }
}

TEST(AppendRequestHead, FramesTheBody) {
  EXPECT_EQ(text_of(write("PUT", "/", "h", {}, length(12345678901))),
            "PUT / HTTP/1.1\r\nHost: h\r\nContent-Length: 12345678901\r\n\r\n");
  EXPECT_EQ(text_of(write("POST", "/", "h", {}, kChunked)),
            "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n");
  EXPECT_EQ(text_of(write("GET", "/", "h", {}, length(0))),
            "GET / HTTP/1.1\r\nHost: h\r\nContent-Length: 0\r\n\r\n");
}

TEST(AppendRequestHead, SaysThatThereIsNoBodyOnlyWhereOneIsExpected) {
  for (const std::string_view method : {"POST", "PUT", "PATCH"}) {
    EXPECT_NE(write(method, "/", "h").text.find("Content-Length: 0\r\n"), std::string::npos);
  }
  for (const std::string_view method : {"GET", "HEAD", "DELETE", "OPTIONS", "post"}) {
    EXPECT_EQ(write(method, "/", "h").text.find("Content-Length"), std::string::npos) << method;
  }
}

TEST(AppendRequestHead, PrefersTheHostAmongTheHeaders) {
  EXPECT_EQ(text_of(write("GET", "/", "a", {{"X", "1"}, {"host", " b "}})),
            "GET / HTTP/1.1\r\nHost: b\r\nX: 1\r\n\r\n");
  EXPECT_EQ(text_of(write("GET", "/", "", {{"Host", ""}})), "GET / HTTP/1.1\r\nHost: \r\n\r\n");
}

TEST(AppendRequestHead, WritesRightFramingHeadersOnce) {
  EXPECT_EQ(text_of(write("PUT", "/", "h", {{"content-length", "5"}, {"X", "1"}}, length(5))),
            "PUT / HTTP/1.1\r\nHost: h\r\nX: 1\r\nContent-Length: 5\r\n\r\n");
  EXPECT_EQ(text_of(write_header("transfer-encoding", "Chunked", kChunked)),
            "GET / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n");
  EXPECT_EQ(text_of(write_header("Content-Length", "0")),
            "GET / HTTP/1.1\r\nHost: h\r\nContent-Length: 0\r\n\r\n");
}

TEST(AppendRequestHead, TrimsValues) {
  EXPECT_EQ(text_of(write_header("A", "\t b c \t")), "GET / HTTP/1.1\r\nHost: h\r\nA: b c\r\n\r\n");
}

TEST(AppendRequestHead, RefusesEveryByteThatCouldSplitTheHead) {
  for (const std::string_view bad : {"\r"sv, "\n"sv, "\r\n"sv, "\0"sv, "\x01"sv, "\x7f"sv}) {
    const std::string text = "a" + std::string(bad) + "b";
    expect_refusal(write(text, "/", "h"), RequestFault::bad_method);
    expect_refusal(write("GET", text, "h"), RequestFault::bad_target);
    expect_refusal(write("GET", "/", text), RequestFault::bad_host);
    expect_refusal(write_header("Host", text), RequestFault::bad_field_value);
    expect_refusal(write_header(text, "v"), RequestFault::bad_field_name);
    expect_refusal(write_header("N", text), RequestFault::bad_field_value);
  }
}

TEST(AppendRequestHead, RefusesWhatIsNoTokenTargetOrHost) {
  expect_refusal(write("", "/", "h"), RequestFault::bad_method);
  expect_refusal(write("GET ", "/", "h"), RequestFault::bad_method);
  expect_refusal(write("GET", "", "h"), RequestFault::bad_target);
  expect_refusal(write("GET", "/ HTTP/1.1", "h"), RequestFault::bad_target);
  expect_refusal(write("GET", "/#fragment", "h"), RequestFault::bad_target);
  expect_refusal(write("GET", "/\xc3\xa9", "h"), RequestFault::bad_target);
  expect_refusal(write("GET", "/", "h x"), RequestFault::bad_host);
  expect_refusal(write("GET", "/", ""), RequestFault::missing_host);
  expect_refusal(write_header("Host", "h x"), RequestFault::bad_host);
  expect_refusal(write_header("A B", "v"), RequestFault::bad_field_name);
  expect_refusal(write_header("A:", "v"), RequestFault::bad_field_name);
}

TEST(AppendRequestHead, RefusesHeadersThatContradictTheBody) {
  const auto wrong_length = RequestFault::wrong_content_length;
  expect_refusal(write_header("Content-Length", "5"), wrong_length);
  expect_refusal(write_header("content-length", "5", length(6)), wrong_length);
  expect_refusal(write_header("Content-Length", "5x", length(5)), wrong_length);
  expect_refusal(write_header("Content-Length", "5, 6", length(5)), wrong_length);
  expect_refusal(write_header("Content-Length", "0", kChunked), wrong_length);
  expect_refusal(
      write("PUT", "/", "h", {{"Content-Length", "5"}, {"Content-Length", "6"}}, length(5)),
      wrong_length);

  const auto wrong_coding = RequestFault::wrong_transfer_encoding;
  expect_refusal(write_header("Transfer-Encoding", "chunked"), wrong_coding);
  expect_refusal(write_header("Transfer-Encoding", "chunked", length(5)), wrong_coding);
  expect_refusal(write_header("Transfer-Encoding", "gzip", kChunked), wrong_coding);
  expect_refusal(write_header("Transfer-Encoding", "chunked, chunked", kChunked), wrong_coding);
  expect_refusal(
      write("PUT", "/", "h", {{"Transfer-Encoding", "chunked"}, {"transfer-encoding", "chunked"}},
            kChunked),
      wrong_coding);
  expect_refusal(
      write("PUT", "/", "h", {{"Transfer-Encoding", "chunked"}, {"Content-Length", "5"}}, kChunked),
      wrong_length);
  expect_refusal(write("PUT", "/", "h", {}, {BodyKind::until_close, 0}),
                 RequestFault::bad_body_framing);
}

TEST(AppendRequestHead, RefusesASecondHost) {
  expect_refusal(write("GET", "/", "h", {{"Host", "a"}, {"host", "a"}}),
                 RequestFault::repeated_host);
}

/// What the template says, or "" where it leaves the head to `append_request_head`.
std::string from_template(RequestHeadTemplate& heads, const HeaderMap& headers,
                          std::string_view method, std::string_view target, std::string_view host,
                          BodyFraming body = {}) {
  std::string head = "what was there before";
  const bool is_written = heads.write(
      {.method = method, .target = target, .host = host, .headers = headers, .body = body}, head);
  return is_written ? head : "";
}

TEST(RequestHeadTemplate, WritesWhatAppendRequestHeadWould) {
  const HeaderMap headers(Fields{{"Accept", " */* "}, {"X-A", "1"}});
  RequestHeadTemplate heads(headers);
  for (const char* host : {"h", "h", "other:8080", "h"}) {
    for (const char* target : {"/", "/a?b=c", "*"}) {
      for (const char* method : {"GET", "POST", "X-Y"}) {
        for (const BodyFraming body :
             {BodyFraming{}, BodyFraming{BodyKind::length, 12}, kChunked}) {
          std::string head;
          ASSERT_FALSE(append_request_head(
              {.method = method, .target = target, .host = host, .headers = headers, .body = body},
              head));
          EXPECT_EQ(from_template(heads, headers, method, target, host, body), head);
        }
      }
    }
  }
}

TEST(RequestHeadTemplate, LeavesToTheOtherWayWhatIsRefused) {
  const HeaderMap headers(Fields{{"Accept", "*/*"}});
  RequestHeadTemplate heads(headers);
  EXPECT_EQ(from_template(heads, headers, "GET", "/", ""), "");
  EXPECT_EQ(from_template(heads, headers, "GET", "/", "h\r\nX: 1"), "");
  EXPECT_NE(from_template(heads, headers, "GET", "/", "h"), "");
  EXPECT_EQ(from_template(heads, headers, "GET", "/ a", "h"), "");
  EXPECT_EQ(from_template(heads, headers, "GET", "", "h"), "");
  EXPECT_EQ(from_template(heads, headers, "G T", "/", "h"), "");
  EXPECT_EQ(from_template(heads, headers, "GET", "/", "h", {BodyKind::until_close, 0}), "");
  std::string head;
  EXPECT_FALSE(heads.write(
      {.method = "GET", .target = "/", .host = "h", .headers = headers, .minor_version = 0}, head));
}

TEST(RequestHeadTemplate, LeavesToTheRequestWhatItMustDecide) {
  for (const Field field :
       {Field{"host", "h"}, Field{"Content-Length", "1"}, Field{"Transfer-Encoding", "chunked"},
        Field{"a b", "1"}, Field{"X", "1\r\nY: 2"}}) {
    HeaderMap headers(Fields{{"Accept", "*/*"}});
    headers.add(field.name, field.value);
    RequestHeadTemplate heads(headers);
    EXPECT_EQ(from_template(heads, headers, "GET", "/", "h"), "") << field.name;
  }
}

TEST(RequestError, SaysWhichHeaderAndWhere) {
  EXPECT_EQ(text_of(write("GET", "/", "h", {{"A", "b"}, {"X-Id", "abcd\r\n"}})),
            "refused: the value of header 'X-Id' has a byte that is not allowed at position 4");
  EXPECT_EQ(text_of(write("GET", "/", "h", {{"A", "b"}, {"X Id", "v"}})),
            "refused: the name of header number 2 is empty or has a byte that is not allowed at "
            "position 1");
}

TEST(RequestError, NeverHoldsWhatMayBeSecret) {
  const Written refused[] = {
      write("GET", "/?token=SECRET\n", "h"),
      write("SECRET\n", "/", "h"),
      write("GET", "/", "SECRET\n"),
      write_header("Authorization", "Bearer SECRET\n"),
      write_header("Authorization: Bearer SECRET", "x"),
      write_header("Content-Length", "SECRET"),
      write_header("Transfer-Encoding", "SECRET"),
      write("GET", "/", "h", {{"Host", "SECRET"}, {"Host", "SECRET"}}),
  };
  for (const Written& written : refused) {
    ASSERT_TRUE(written.error);
    EXPECT_EQ(written.error->describe().find("SECRET"), std::string::npos)
        << written.error->describe();
    EXPECT_EQ(written.error->field.find("SECRET"), std::string::npos);
    EXPECT_FALSE(written.error->describe().empty());
  }
}

TEST(AppendRequestHead, WritesWhatTheRequestParserReads) {
  const Written written =
      write("PATCH", "/x", "h", {{"A", " b "}, {"Cookie", "c=\xc3\xa9"}, {"A", ""}}, length(3));
  RequestHeadParser parser;
  const std::string_view head = std::string_view(written.text).substr(7);
  const ReadProgress progress = parser.feed(head);
  EXPECT_EQ(progress.state, ReadState::complete);
  EXPECT_EQ(progress.consumed, head.size());
  EXPECT_EQ(testing::words_of(parser.head()),
            "PATCH /x 1.1 [Host=h] [A=b] [Cookie=c=\xc3\xa9] [A=] [Content-Length=3]");
  EXPECT_EQ(request_framing(parser.head()).value(), length(3));
}

}  // namespace
}  // namespace rondo::proto
