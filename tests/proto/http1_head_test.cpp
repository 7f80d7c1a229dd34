// Response heads, each fed whole, cut in two at every byte, and byte by byte.

#include "rondo/proto/http1_head.hpp"

#include <gtest/gtest.h>

#include <string>

#include "http1_expect.hpp"

namespace rondo::proto {
namespace {

using testing::all_cuts;
using testing::error_of;
using testing::expect_error;
using testing::expect_for_all_cuts;
using testing::expect_head;
using testing::Pieces;
using testing::read_head;
using testing::words_of;

struct HeadCase {
  std::string_view input;
  std::string_view words;
};

using namespace std::string_view_literals;

TEST(ResponseHeadParser, ReadsWellFormedHeads) {
  const HeadCase cases[] = {
      {"HTTP/1.1 200 OK\r\n\r\n", "1.1 200 'OK'"},
      {"HTTP/1.0 200 OK\r\n\r\n", "1.0 200 'OK'"},
      {"HTTP/1.1 404 Not Found\r\nServer: x\r\n\r\n", "1.1 404 'Not Found' [Server=x]"},
      {"HTTP/1.1 200 \r\nA: b\r\n\r\n", "1.1 200 '' [A=b]"},
      {"HTTP/1.1 200\r\nA: b\r\n\r\n", "1.1 200 '' [A=b]"},
      {"HTTP/1.2 200 OK\r\n\r\n", "1.1 200 'OK'"},
      {"HTTP/1.9 200 OK\r\n\r\n", "1.1 200 'OK'"},
      {"HTTP/1.1  200 OK\r\n\r\n", "1.1 200 'OK'"},
      {"HTTP/1.1 999 Denied\r\n\r\n", "1.1 999 'Denied'"},
      {"HTTP/1.1 100 Continue\r\n\r\n", "1.1 100 'Continue'"},
      {"HTTP/1.1 200 a  b\t\xc3\xa9 \r\n\r\n", "1.1 200 'a  b\t\xc3\xa9 '"},
      {"HTTP/1.1 200 O\x01K\x7f!\r\n\r\n", "1.1 200 'O K !'"},
  };
  for (const HeadCase& c : cases) expect_head<ResponseHeadParser>(c.input, c.words);
}

TEST(ResponseHeadParser, ReadsWellFormedFields) {
  const HeadCase cases[] = {
      {"HTTP/1.1 200 OK\r\nA:b\r\n\r\n", "1.1 200 'OK' [A=b]"},
      {"HTTP/1.1 200 OK\r\nA: \t b \t\r\n\r\n", "1.1 200 'OK' [A=b]"},
      {"HTTP/1.1 200 OK\r\nA:\r\nB: \r\n\r\n", "1.1 200 'OK' [A=] [B=]"},
      {"HTTP/1.1 200 OK\r\nA: b c\td\r\n\r\n", "1.1 200 'OK' [A=b c\td]"},
      {"HTTP/1.1 200 OK\r\nA: b:c\r\nA: d\r\na: e\r\n\r\n", "1.1 200 'OK' [A=b:c] [A=d] [a=e]"},
      {"HTTP/1.1 200 OK\r\n!#$%&'*+-.^_`|~09: x\r\n\r\n", "1.1 200 'OK' [!#$%&'*+-.^_`|~09=x]"},
      {"HTTP/1.1 200 OK\r\nA-Name-Longer-Than-16-Bytes: a value, longer than 16 bytes\r\n\r\n",
       "1.1 200 'OK' [A-Name-Longer-Than-16-Bytes=a value, longer than 16 bytes]"},
      {"HTTP/1.1 200 OK\r\nA: \xff\x80\r\n\r\n", "1.1 200 'OK' [A=\xff\x80]"},
  };
  for (const HeadCase& c : cases) expect_head<ResponseHeadParser>(c.input, c.words);
}

TEST(ResponseHeadParser, StopsExactlyBehindTheHead) {
  const std::string_view head = "HTTP/1.1 200 OK\r\nA: b\r\n\r\n";
  expect_head<ResponseHeadParser>(head, "1.1 200 'OK' [A=b]", "HTTP/1.1 500 No\r\n\r\n");
  expect_head<ResponseHeadParser>(head, "1.1 200 'OK' [A=b]", "\0\r\r"sv);
  expect_head<ResponseHeadParser>("HTTP/1.1 200 OK\r\n\r\n", "1.1 200 'OK'", "\r\n\r\n");
  expect_head<ResponseHeadParser>("HTTP/1.1 200 OK\n\n", "1.1 200 'OK'", "\n");
}

TEST(ResponseHeadParser, TakesALoneLfForALineEnd) {
  expect_head<ResponseHeadParser>("HTTP/1.1 200 OK\nA: b\nB: c\r\n\n", "1.1 200 'OK' [A=b] [B=c]");
}

TEST(ResponseHeadParser, NeverTakesALoneCrForALineEnd) {
  expect_error<ResponseHeadParser>(
      Http1Error::bad_field_value,
      {"HTTP/1.1 200 OK\r\nA: b\rB: c\r\n\r\n", "HTTP/1.1 200 OK\r\nA: b\r\r\n\r\n",
       "HTTP/1.1 200 OK\r\nA:\r\r\n\r\n", "HTTP/1.1 200 OK\r\nA: b\r \r\n\r\n"});
  expect_error<ResponseHeadParser>(
      Http1Error::bad_field_name,
      {"HTTP/1.1 200 OK\r\n\r\r\n", "HTTP/1.1 200 OK\r\n\rA: b\r\n\r\n"});
  expect_error<ResponseHeadParser>(Http1Error::bad_status_line,
                                   {"HTTP/1.1 200 OK\rA: b\r\n\r\n", "HTTP/1.1 200 OK\r\r\n\r\n"});
  expect_error<ResponseHeadParser>(Http1Error::bad_status_code, {"HTTP/1.1 200\r\r\n\r\n"});
}

TEST(ResponseHeadParser, RefusesWhatIsNoStatusLine) {
  expect_error<ResponseHeadParser>(
      Http1Error::bad_status_line,
      {"\r\nHTTP/1.1 200 OK\r\n\r\n", "\nHTTP/1.1 200 OK\r\n\r\n", " HTTP/1.1 200 OK\r\n\r\n",
       "http/1.1 200 OK\r\n\r\n", "HTTP 200 OK\r\n\r\n", "ICY 200 OK\r\n\r\n",
       "SSH-2.0-OpenSSH_9.2p1\r\n", "<html>", "\x15\x03\x01", "HTTP/\r\n\r\n",
       "HTTP/ 200 OK\r\n\r\n", "HTTP/1.1\r\n\r\n", "HTTP/1.1\t200 OK\r\n\r\n",
       "HTTP/x.y 200 OK\r\n\r\n", "HTTP/1.1x 200 OK\r\n\r\n", "HTTP/1,1 200 OK\r\n\r\n",
       "HTTP/1.1 200 O\0K\r\n\r\n"sv});
}

TEST(ResponseHeadParser, FindsOutAtTheFirstBytesThatThisIsNotHttp) {
  ResponseHeadParser parser;
  EXPECT_EQ(parser.feed("HTT").state, ReadState::need_more);
  EXPECT_EQ(parser.feed("X").state, ReadState::error);
  EXPECT_EQ(parser.error(), Http1Error::bad_status_line);
}

TEST(ResponseHeadParser, RefusesOtherVersions) {
  expect_error<ResponseHeadParser>(
      Http1Error::unsupported_version,
      {"HTTP/0.9 200 OK\r\n\r\n", "HTTP/2 200 OK\r\n\r\n", "HTTP/2.0 200 OK\r\n\r\n",
       "HTTP/1 200 OK\r\n\r\n", "HTTP/11.1 200 OK\r\n\r\n", "HTTP/1.10 200 OK\r\n\r\n",
       "HTTP/3\r\n\r\n"});
}

TEST(ResponseHeadParser, RefusesMalformedStatusCodes) {
  expect_error<ResponseHeadParser>(
      Http1Error::bad_status_code,
      {"HTTP/1.1 \r\n\r\n", "HTTP/1.1 20\r\n\r\n", "HTTP/1.1 20 OK\r\n\r\n",
       "HTTP/1.1 2000 OK\r\n\r\n", "HTTP/1.1 099 OK\r\n\r\n", "HTTP/1.1 -20 OK\r\n\r\n",
       "HTTP/1.1 2x0 OK\r\n\r\n", "HTTP/1.1 x00 OK\r\n\r\n", "HTTP/1.1 20x OK\r\n\r\n",
       "HTTP/1.1  \r\n\r\n", "HTTP/1.1 200\tOK\r\n\r\n", "HTTP/1.1 OK\r\n\r\n",
       "HTTP/1.1 200OK\r\n\r\n"});
}

TEST(ResponseHeadParser, RefusesMalformedFieldNames) {
  expect_error<ResponseHeadParser>(
      Http1Error::bad_field_name,
      {"HTTP/1.1 200 OK\r\nA : b\r\n\r\n", "HTTP/1.1 200 OK\r\nA\t: b\r\n\r\n",
       "HTTP/1.1 200 OK\r\n: b\r\n\r\n", "HTTP/1.1 200 OK\r\nA\r\n\r\n",
       "HTTP/1.1 200 OK\r\nA b\r\n\r\n", "HTTP/1.1 200 OK\r\n(A): b\r\n\r\n",
       "HTTP/1.1 200 OK\r\nA\0: b\r\n\r\n"sv, "HTTP/1.1 200 OK\r\nA\x80: b\r\n\r\n",
       "HTTP/1.1 200 OK\r\n\"A\": b\r\n\r\n", "HTTP/1.1 200 OK\r\nA: b\r\nC\r\n\r\n",
       "HTTP/1.1 200 OK\r\nHTTP/1.1 200 OK\r\n\r\n",
       "HTTP/1.1 200 OK\r\nTransfer-Encoding : chunked\r\n\r\n"});
}

TEST(ResponseHeadParser, RefusesControlsInFieldValues) {
  for (int byte = 0; byte < 0x80; ++byte) {
    if ((byte >= 0x20 && byte != 0x7f) || byte == '\t' || byte == '\n') continue;
    const std::string input =
        "HTTP/1.1 200 OK\r\nA: b" + std::string(1, static_cast<char>(byte)) + "c\r\n\r\n";
    expect_for_all_cuts<ResponseHeadParser>(input, error_of(Http1Error::bad_field_value));
  }
}

TEST(ResponseHeadParser, JoinsFoldedValuesWithOneSpace) {
  const HeadCase cases[] = {
      {"HTTP/1.1 200 OK\r\nA: b\r\n c\r\n\r\n", "1.1 200 'OK' [A=b c]"},
      {"HTTP/1.1 200 OK\r\nA: b \t\r\n\t  c  \n d\r\nE: f\r\n\r\n", "1.1 200 'OK' [A=b c d] [E=f]"},
      {"HTTP/1.1 200 OK\r\nA:\r\n b\r\n\r\n", "1.1 200 'OK' [A=b]"},
      {"HTTP/1.1 200 OK\r\nA: b\r\n \r\n\r\n", "1.1 200 'OK' [A=b]"},
      {"HTTP/1.1 200 OK\r\nA: b\r\n \r\n\tc\r\n\r\n", "1.1 200 'OK' [A=b c]"},
      {"HTTP/1.1 200 OK\r\nA:\r\n \r\n\r\n", "1.1 200 'OK' [A=]"},
      {"HTTP/1.1 200 OK\r\nA: b\r\n c:d\r\n\r\n", "1.1 200 'OK' [A=b c:d]"},
  };
  for (const HeadCase& c : cases) expect_head<ResponseHeadParser>(c.input, c.words);
}

TEST(ResponseHeadParser, RefusesAFoldWithoutAFieldAndBadBytesInOne) {
  expect_error<ResponseHeadParser>(Http1Error::unexpected_fold, {"HTTP/1.1 200 OK\r\n A: b\r\n\r\n",
                                                                 "HTTP/1.1 200 OK\r\n\tx\r\n\r\n",
                                                                 "HTTP/1.1 200 OK\r\n \r\n\r\n"});
  expect_error<ResponseHeadParser>(
      Http1Error::bad_field_value,
      {"HTTP/1.1 200 OK\r\nA: b\r\n c\x01\r\n\r\n", "HTTP/1.1 200 OK\r\nA: b\r\n c\rd\r\n\r\n"});
}

TEST(ResponseHeadParser, NeedsMoreUntilTheEmptyLineWhereverItIsCut) {
  const std::string_view head = "HTTP/1.1 200 OK\r\nA: b\r\n folded\r\nB: c\r\n\r\n";
  for (std::size_t size = 0; size < head.size(); ++size) {
    ResponseHeadParser parser;
    EXPECT_EQ(read_head(parser, all_cuts(head.substr(0, size)).front()), "need_more") << size;
    EXPECT_EQ(parser.has_begun(), size > 0);
  }
}

TEST(ResponseHeadParser, StaysInItsFinalState) {
  ResponseHeadParser parser;
  EXPECT_EQ(parser.feed("HTTP/1.1 200 OK\r\n\r\n").state, ReadState::complete);
  const ReadProgress again = parser.feed("HTTP/1.1 500 No\r\n\r\n");
  EXPECT_EQ(again.state, ReadState::complete);
  EXPECT_EQ(again.consumed, 0U);
  EXPECT_EQ(parser.head().status, 200);

  ResponseHeadParser refused;
  EXPECT_EQ(refused.feed("nonsense\r\n").state, ReadState::error);
  EXPECT_EQ(refused.feed("HTTP/1.1 200 OK\r\n\r\n").state, ReadState::error);
}

TEST(ResponseHeadParser, ReadsInformationalHeadsAndThenTheFinalOne) {
  std::string_view input =
      "HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\n"
      "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";
  ResponseHeadParser parser;
  input.remove_prefix(parser.feed(input).consumed);
  EXPECT_EQ(words_of(parser.take()), "1.1 103 'Early Hints' [Link=</a.css>]");
  EXPECT_FALSE(parser.has_begun());
  input.remove_prefix(parser.feed(input).consumed);
  EXPECT_EQ(words_of(parser.take()), "1.1 200 'OK' [Content-Length=0]");
  EXPECT_TRUE(input.empty());
}

TEST(ResponseHeadParser, ForgetsAnUnfinishedOrFailedHeadWhenReset) {
  ResponseHeadParser parser;
  for (const std::string_view start : {"HTTP/1.1 404 Not Found\r\nA: b\r\nunfin", "nonsense\r\n"}) {
    static_cast<void>(parser.feed(start));
    parser.reset();
    EXPECT_EQ(parser.error(), Http1Error::none);
    EXPECT_FALSE(parser.has_begun());
    EXPECT_EQ(parser.feed("HTTP/1.1 204\r\nC: d\r\n\r\n").state, ReadState::complete);
    EXPECT_EQ(words_of(parser.head()), "1.1 204 '' [C=d]");
    parser.reset();
  }
}

TEST(ResponseHeadParser, ReadsIntoAHeadOfTheCallersWithItsMemory) {
  const std::string input = "HTTP/1.1 200 OK\r\nServer: " + std::string(100, 's') + "\r\n\r\n";
  ResponseHeadParser parser;
  ResponseHead head;
  const char* memory[2] = {};
  for (const char*& at : memory) {
    parser.read_into(head);
    ASSERT_EQ(parser.feed(input).state, ReadState::complete);
    ASSERT_EQ(&parser.head(), &head);
    ASSERT_EQ(words_of(head), "1.1 200 'OK' [Server=" + std::string(100, 's') + "]");
    at = head.headers[0].value.data();
  }
  EXPECT_EQ(memory[0], memory[1]);
  EXPECT_EQ(parser.take().status, 200) << "takes what is there";
  EXPECT_EQ(head.status, 0);
}

TEST(ResponseHeadParser, KeepsNothingOfTheHeadBeforeButWhatIsTheSame) {
  const std::string usual = "HTTP/1.1 200 OK\r\nServer: a\r\nDate: 1\r\nContent-Length: 5\r\n\r\n";
  const std::string heads[] = {
      usual,
      "HTTP/1.1 200 OK\r\nServer: a\r\nDate: 2\r\nContent-Length: 5\r\n\r\n",
      "HTTP/1.1 200 OK\r\nServer: a\r\nDate: 1\r\nContent-Length: 5\r\nETag: x\r\n\r\n",
      "HTTP/1.1 200 OK\r\nServer: a\r\nDate: 1\r\n 2\r\nContent-Length: 5\r\n\r\n",
      "HTTP/1.1 200 OK\r\nServer: a\r\nDate: 1 2 2\r\nContent-Length: 5\r\n\r\n",
      "HTTP/1.1 200 OK\r\nServer: a\r\nDate: 1\r\n \r\nContent-Length: 5\r\n\r\n",
      "HTTP/1.1 200 OK\nServer: a\nDate: 1\nContent-Length: 5\n\n",
      "HTTP/1.1 200 OK\r\nServer: ab\r\n\r\n",
      "HTTP/1.1 200 OK\r\nServ: a\r\n\r\n",
      "HTTP/1.1 200 OK\r\nServer: a\r\n\r\n",
      "HTTP/1.1 200 OK\r\n\r\n",
      "HTTP/1.1 404 Not Found\r\nServer: a\r\nDate: 1\r\nContent-Length: 5\r\n\r\n",
      "HTTP/1.0 200 OK\r\nServer: a\r\nDate: 1\r\nContent-Length: 5\r\n\r\n",
      "HTTP/1.1 200 OK\r\nServer: a\r\nDate: 1\r\nContent-Length: 5\r\nbad\r\n\r\n",
      "nonsense\r\n",
  };
  for (const std::string& before : heads) {
    for (const std::string& now : heads) {
      ResponseHeadParser fresh;
      const std::string expected = read_head(fresh, Pieces({now}));
      for (const Pieces& pieces : all_cuts(now)) {
        ResponseHead head;
        ResponseHeadParser parser;
        parser.read_into(head);
        static_cast<void>(parser.feed(before));
        parser.read_into(head);
        ASSERT_EQ(read_head(parser, pieces), expected) << before << "then\n" << now;
      }
    }
  }
}

TEST(ResponseHeadParser, HoldsLinesThatComeAgainToItsOwnLimits) {
  const std::string input =
      "HTTP/1.1 200 OK\r\nA: 1\r\nB: 2\r\nC: " + std::string(20, 'c') + "\r\n\r\n";
  for (const Http1Limits& limits :
       {Http1Limits{.max_fields = 2}, Http1Limits{.max_line = 20}, Http1Limits{.max_head = 50}}) {
    ResponseHead head;
    ResponseHeadParser lenient;
    lenient.read_into(head);
    ASSERT_EQ(lenient.feed(input).state, ReadState::complete);
    ResponseHeadParser strict(limits);
    strict.read_into(head);
    EXPECT_EQ(strict.feed(input).state, ReadState::error);
  }
}

TEST(ResponseHeadParser, LeavesTheHeadThatWasReadIntoWhenItGetsOtherLimits) {
  ResponseHead head;
  ResponseHeadParser parser;
  parser.read_into(head);
  static_cast<void>(parser.feed("HTTP/1.1 404 No\r\nA: b\r\n\r\n"));
  parser.set_limits({.max_fields = 0});
  EXPECT_EQ(words_of(head), "1.1 404 'No' [A=b]");
  ResponseHead next;
  parser.read_into(next);
  EXPECT_EQ(parser.feed("HTTP/1.1 404 No\r\nA: b\r\n\r\n").state, ReadState::error);
}

TEST(ResponseHeadParser, FindsByNameWhatCameAgainAndNotWhatDidNot) {
  ResponseHead head;
  ResponseHeadParser parser;
  parser.read_into(head);
  static_cast<void>(parser.feed("HTTP/1.1 200 OK\r\nServer: a\r\nETag: 1\r\n\r\n"));
  parser.read_into(head);
  static_cast<void>(parser.feed("HTTP/1.1 200 OK\r\nServer: a\r\nAge: 1\r\n\r\n"));
  EXPECT_EQ(head.headers.get("server"), "a");
  EXPECT_EQ(head.headers.get("age"), "1");
  EXPECT_FALSE(head.headers.contains("ETag"));
}

}  // namespace
}  // namespace rondo::proto
