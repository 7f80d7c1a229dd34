#include "rondo/proto/http1_framing.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace rondo::proto {
namespace {

using FramingResult = Result<BodyFraming, Http1Error>;

std::string words_of(const FramingResult& framing) {
  if (!framing) return std::string(describe(framing.error()));
  switch (framing.value().kind) {
    case BodyKind::none:
      return "none";
    case BodyKind::length:
      return "length " + std::to_string(framing.value().length);
    case BodyKind::chunked:
      return "chunked";
    case BodyKind::until_close:
      return "until_close";
  }
  return "?";
}

ResponseHead response(int status, const Fields& fields, int minor_version = 1) {
  return {status, minor_version, "", HeaderMap(fields)};
}

FramingResult response_framing(std::string_view method, const ResponseHead& head) {
  const auto end = response_end(method, head);
  if (!end) return Failure{end.error()};
  return end->framing;
}

std::string framing_of(const Fields& fields, int minor_version = 1) {
  return words_of(response_framing("GET", response(200, fields, minor_version)));
}

std::string request_framing_of(const Fields& fields, int minor_version = 1) {
  return words_of(request_framing({"POST", "/", minor_version, HeaderMap(fields)}));
}

std::string words(Http1Error error) {
  return std::string(describe(error));
}

TEST(ResponseFraming, FollowsTheFields) {
  EXPECT_EQ(framing_of({}), "until_close");
  EXPECT_EQ(framing_of({}, 0), "until_close");
  EXPECT_EQ(framing_of({{"Content-Length", "5"}}), "length 5");
  EXPECT_EQ(framing_of({{"content-length", "0"}}, 0), "length 0");
  EXPECT_EQ(framing_of({{"Transfer-Encoding", "chunked"}}), "chunked");
  EXPECT_EQ(framing_of({{"transfer-encoding", " , Chunked ,"}}), "chunked");
  EXPECT_EQ(framing_of({{"Transfer-Encoding", ""}, {"Transfer-Encoding", "chunked"}}), "chunked");
}

/// Reads heads into one place, one after the other, as connections do.
class RepeatedHead {
 public:
  std::string framing_of(std::string_view lines) {
    parser_.read_into(head);
    const std::string text = "HTTP/1.1 200 OK\r\n" + std::string(lines) + "\r\n";
    if (parser_.feed(text).state != ReadState::complete) return "no head";
    return framing();
  }
  [[nodiscard]] std::string framing() const { return words_of(response_framing("GET", head)); }

  ResponseHead head;

 private:
  ResponseHeadParser parser_;
};

TEST(ResponseFraming, FollowsTheFieldsOfEachOfSeveralHeadsInOnePlace) {
  RepeatedHead repeated;
  for (int i = 0; i < 2; ++i) {
    EXPECT_EQ(repeated.framing_of("A: b\r\nContent-Length: 5\r\n"), "length 5");
    EXPECT_EQ(repeated.framing_of("A: b\r\nContent-Length: 5\r\n"), "length 5");
    EXPECT_EQ(repeated.framing_of("A: b\r\nContent-Length: 6\r\n"), "length 6");
    EXPECT_EQ(repeated.framing_of("A: b\r\nTransfer-Encoding: chunked\r\n"), "chunked");
    EXPECT_EQ(repeated.framing_of("A: b\r\n"), "until_close");
    EXPECT_EQ(repeated.framing_of("A: b\r\n"), "until_close");
    EXPECT_EQ(repeated.framing_of("Content-Length: 7\r\n folded\r\n"),
              words(Http1Error::bad_content_length));
  }
}

TEST(ResponseFraming, FollowsFieldsThatWereChangedAfterTheyWereRead) {
  RepeatedHead repeated;
  EXPECT_EQ(repeated.framing_of("Content-Length: 5\r\n"), "length 5");
  repeated.head.headers.set("Content-Length", "8");
  EXPECT_EQ(repeated.framing(), "length 8");
  EXPECT_EQ(repeated.framing_of("Content-Length: 5\r\n"), "length 5");
  repeated.head.headers.remove("Content-Length");
  EXPECT_EQ(repeated.framing(), "until_close");
}

TEST(ResponseFraming, GoesWithTheFieldsWhereverTheyGo) {
  RepeatedHead five;
  RepeatedHead six;
  EXPECT_EQ(five.framing_of("Content-Length: 5\r\n"), "length 5");
  EXPECT_EQ(six.framing_of("Content-Length: 6\r\n"), "length 6");
  five.head.headers.swap(six.head.headers);
  EXPECT_EQ(five.framing(), "length 6");
  EXPECT_EQ(six.framing_of("Content-Length: 5\r\n"), "length 5");
  HeaderMap copy = six.head.headers;
  six.head.headers = std::move(five.head.headers);
  EXPECT_EQ(six.framing(), "length 6");
  six.head.headers = copy;
  EXPECT_EQ(six.framing_of("Content-Length: 5\r\n"), "length 5");
}

TEST(ResponseFraming, HasNoBodyWhereTheProtocolSaysSo) {
  const Fields framed[] = {{{"Content-Length", "5"}},
                           {{"Transfer-Encoding", "chunked"}},
                           {{"Content-Length", "nonsense"}, {"Transfer-Encoding", "nonsense"}}};
  for (const Fields& fields : framed) {
    EXPECT_EQ(words_of(response_framing("HEAD", response(200, fields))), "none");
    EXPECT_EQ(words_of(response_framing("HEAD", response(404, fields))), "none");
    for (const int status : {100, 101, 103, 199, 204, 304}) {
      EXPECT_EQ(words_of(response_framing("GET", response(status, fields))), "none") << status;
    }
    EXPECT_EQ(words_of(response_framing("CONNECT", response(200, fields))), "none");
    EXPECT_EQ(words_of(response_framing("CONNECT", response(299, fields))), "none");
  }
}

TEST(ResponseFraming, HasABodyEverywhereElse) {
  for (const int status : {200, 203, 205, 206, 301, 303, 305, 400, 404, 500, 999}) {
    EXPECT_EQ(words_of(response_framing("GET", response(status, {{"Content-Length", "5"}}))),
              "length 5")
        << status;
  }
  EXPECT_EQ(words_of(response_framing("CONNECT", response(407, {{"Content-Length", "5"}}))),
            "length 5");
  EXPECT_EQ(words_of(response_framing("CONNECT", response(300, {}))), "until_close");
  EXPECT_EQ(words_of(response_framing("head", response(200, {{"Content-Length", "5"}}))),
            "length 5")
      << "methods are case-sensitive";
}

TEST(ResponseFraming, RefusesBothFieldsTogether) {
  const std::string refusal = words(Http1Error::content_length_with_transfer_encoding);
  EXPECT_EQ(framing_of({{"Content-Length", "5"}, {"Transfer-Encoding", "chunked"}}), refusal);
  EXPECT_EQ(framing_of({{"Transfer-Encoding", "chunked"}, {"Content-Length", "5"}}), refusal);
  EXPECT_EQ(framing_of({{"Transfer-Encoding", "x"}, {"Content-Length", "y"}}), refusal);
}

TEST(ResponseFraming, RefusesTransferCodingsOtherThanChunkedOnce) {
  const std::string refusal = words(Http1Error::unsupported_transfer_coding);
  for (const std::string_view codings :
       {"", ",", "gzip", "identity", "gzip, chunked", "chunked, gzip", "chunked, chunked",
        "chunked;a=b", "\"chunked\"", "xchunked", "chunked x", "chunke"}) {
    EXPECT_EQ(framing_of({{"Transfer-Encoding", codings}}), refusal) << codings;
  }
  EXPECT_EQ(framing_of({{"Transfer-Encoding", "chunked"}, {"Transfer-Encoding", "chunked"}}),
            refusal);
  EXPECT_EQ(framing_of({{"Transfer-Encoding", "chunked"}, {"Transfer-Encoding", "identity"}}),
            refusal);
}

TEST(ResponseFraming, RefusesTransferEncodingInHttp10) {
  EXPECT_EQ(framing_of({{"Transfer-Encoding", "chunked"}}, 0),
            words(Http1Error::transfer_encoding_in_http_1_0));
}

TEST(ResponseFraming, TakesTheSameLengthSeveralTimes) {
  EXPECT_EQ(framing_of({{"Content-Length", "5"}, {"Content-Length", "5"}}), "length 5");
  EXPECT_EQ(framing_of({{"Content-Length", "5, 5 ,5"}, {"content-length", "05"}}), "length 5");
}

TEST(ResponseFraming, RefusesConflictingLengths) {
  const std::string refusal = words(Http1Error::conflicting_content_lengths);
  EXPECT_EQ(framing_of({{"Content-Length", "5"}, {"Content-Length", "6"}}), refusal);
  EXPECT_EQ(framing_of({{"Content-Length", "5, 6"}}), refusal);
  EXPECT_EQ(framing_of({{"Content-Length", "5, 5"}, {"Content-Length", "5, 50"}}), refusal);
}

TEST(ResponseFraming, RefusesLengthsThatAreNoNumber) {
  for (const std::string_view value :
       {"", " ", ",", "5,", ",5", "5,,5", "-5", "+5", "5x", "x5", "0x5", "5.0", "5 5", "1e3",
        "\"5\"", "9223372036854775808", "18446744073709551616", "18446744073709551621",
        "99999999999999999999999"}) {
    EXPECT_EQ(framing_of({{"Content-Length", value}}), words(Http1Error::bad_content_length))
        << value;
  }
  EXPECT_EQ(framing_of({{"Content-Length", "5"}, {"Content-Length", "x"}}),
            words(Http1Error::bad_content_length));
}

TEST(ResponseFraming, TakesTheLargestLength) {
  EXPECT_EQ(framing_of({{"Content-Length", "9223372036854775807"}}), "length 9223372036854775807");
}

TEST(RequestFraming, FollowsTheSameRulesButHasNoBodyByDefault) {
  EXPECT_EQ(request_framing_of({}), "none");
  EXPECT_EQ(request_framing_of({{"Content-Length", "5"}}), "length 5");
  EXPECT_EQ(request_framing_of({{"Transfer-Encoding", "chunked"}}), "chunked");
  EXPECT_EQ(request_framing_of({{"Transfer-Encoding", "chunked"}, {"Content-Length", "5"}}),
            words(Http1Error::content_length_with_transfer_encoding));
  EXPECT_EQ(request_framing_of({{"Transfer-Encoding", "gzip"}}),
            words(Http1Error::unsupported_transfer_coding));
  EXPECT_EQ(request_framing_of({{"Transfer-Encoding", "chunked"}}, 0),
            words(Http1Error::transfer_encoding_in_http_1_0));
  EXPECT_EQ(request_framing_of({{"Content-Length", "1"}, {"Content-Length", "2"}}),
            words(Http1Error::conflicting_content_lengths));
}

TEST(KeepsAlive, FollowsVersionAndConnection) {
  const auto alive = [](int minor_version, const Fields& fields) {
    return keeps_alive(RequestHead{"GET", "/", minor_version, HeaderMap(fields)});
  };
  EXPECT_TRUE(alive(1, {}));
  EXPECT_FALSE(alive(0, {}));
  EXPECT_FALSE(alive(1, {{"Connection", "close"}}));
  EXPECT_FALSE(alive(1, {{"connection", "keep-alive, CLOSE"}}));
  EXPECT_FALSE(alive(1, {{"Connection", "upgrade"}, {"Connection", "close"}}));
  EXPECT_TRUE(alive(1, {{"Connection", "closed"}}));
  EXPECT_TRUE(alive(0, {{"Connection", "Keep-Alive"}}));
  EXPECT_FALSE(alive(0, {{"Connection", "keep-alive, close"}}));
  EXPECT_FALSE(alive(0, {{"Keep-Alive", "timeout=5"}}));
}

TEST(KeepsAlive, NeedsAnEndOfTheBodyBesides) {
  const auto alive = [](std::string_view method, int status, const Fields& fields) {
    return response_end(method, response(status, fields)).value().keeps_alive;
  };
  EXPECT_TRUE(alive("GET", 200, {{"Content-Length", "5"}}));
  EXPECT_TRUE(alive("GET", 200, {{"Content-Length", "5"}, {"Connection", "keep-alive"}}));
  EXPECT_TRUE(alive("GET", 200, {{"Transfer-Encoding", "chunked"}}));
  EXPECT_FALSE(alive("GET", 200, {{"Content-Length", "5"}, {"Connection", "close"}}));
  EXPECT_FALSE(alive("GET", 200, {{"Connection", "keep-alive"}}));
  EXPECT_TRUE(alive("HEAD", 200, {{"Connection", "keep-alive"}}));
  EXPECT_FALSE(alive("HEAD", 200, {{"Connection", "close"}}));
  EXPECT_TRUE(alive("GET", 204, {}));
  EXPECT_FALSE(alive("CONNECT", 200, {{"Connection", "keep-alive"}})) << "a tunnel begins";
  EXPECT_FALSE(alive("CONNECT", 204, {}));
  EXPECT_TRUE(alive("CONNECT", 405, {{"Content-Length", "0"}}));
}

}  // namespace
}  // namespace rondo::proto
