#include "rondo/proto/charset.hpp"

#include <gtest/gtest.h>

#include <string>
#include <utility>

namespace rondo::proto {
namespace {

struct CharsetCase {
  std::string_view label;
  std::string bytes;
  std::string_view text;
};

std::string bytes_of(const char* data, std::size_t size) {
  return {data, size};
}

TEST(Charset, DecodesEachFamily) {
  const CharsetCase cases[] = {
      {"utf-8", "\xc3\xa9", "é"},
      {"iso-8859-2", "\xb1", "ą"},
      {"iso-8859-5", "\xb0", "А"},
      {"iso-8859-7", "\xe1", "α"},
      {"iso-8859-15", "\xa4", "€"},
      {"windows-1250", "\x9a", "š"},
      {"windows-1251", "\xcf\xf0\xe8", "При"},
      {"windows-1255", "\xe0", "א"},
      {"windows-1256", "\xc7", "ا"},
      {"koi8-r", "\xf0\xd2\xc9", "При"},
      {"ibm866", "\x8f", "П"},
      {"macintosh", "\x8e", "é"},
      {"tis-620", "\xa1", "ก"},
      {"shift_jis", "\x93\xfa\x96\x7b", "日本"},
      {"euc-jp", "\xc6\xfc\xcb\xdc", "日本"},
      {"iso-2022-jp", "\x1b$BF|K\\\x1b(B.", "日本."},
      {"gb2312", "\xd6\xd0\xb9\xfa", "中国"},
      {"gbk", "\x80", "€"},
      {"gb18030", "\x95\x32\x82\x36", "𠀀"},
      {"big5", "\xa4\xa4\xb0\xea", "中國"},
      {"euc-kr", "\xc7\xd1\xb1\xb9", "한국"},
      {"utf-16le", bytes_of("\x3d\xd8\x00\xde", 4), "😀"},
      {"utf-16be", bytes_of("\xd8\x3d\xde\x00", 4), "😀"},
      {"utf-16", bytes_of("a\0", 2), "a"},
      {"cp437", "\x82", "é"},
  };
  for (const CharsetCase& each : cases) {
    EXPECT_EQ(decode_text(each.bytes, each.label).value(), each.text) << each.label;
  }
}

TEST(Charset, ReadsLatin1AndAsciiAsWindows1252) {
  for (const std::string_view label :
       {"iso-8859-1", "ISO-8859-1", "latin1", "ascii", "US-ASCII", "windows-1252", "cp1252"}) {
    EXPECT_EQ(decode_text("\x80 \xe9 \x93\x81\x8d", label).value(), "€ é “\xc2\x81\xc2\x8d")
        << label;
  }
}

TEST(Charset, TakesLabelsInAnyCaseWithSpaceAround) {
  EXPECT_EQ(decode_text("\xf0", " KOI8-r\t").value(), "П");
  EXPECT_EQ(decode_text("x", "\r\nUTF8 ").value(), "x");
}

TEST(Charset, RefusesUnknownLabels) {
  for (const std::string_view label : {"", " ", "klingon", "utf-9", "utf-8 x", "utf-8//translit",
                                       "koi8-r koi", "utf-7", "../../gconv", "8859-1"}) {
    EXPECT_EQ(decode_text("x", label).error(), CharsetError::unknown_label) << label;
    EXPECT_FALSE(is_known_charset(label)) << label;
  }
}

TEST(Charset, LetsTheByteOrderMarkBeatTheLabel) {
  EXPECT_EQ(decode_text("\xef\xbb\xbf\xc3\xa9", "koi8-r").value(), "é");
  EXPECT_EQ(decode_text("\xef\xbb\xbf", "utf-8").value(), "");
  EXPECT_EQ(decode_text(bytes_of("\xff\xfe"
                                 "a\0",
                                 4),
                        "utf-8")
                .value(),
            "a");
  EXPECT_EQ(decode_text(bytes_of("\xfe\xff\0a", 4), "utf-16le").value(), "a");
  EXPECT_EQ(decode_text("\xef\xbb", "utf-8").value(), "\xef\xbf\xbd");
}

TEST(Charset, RemovesOneMarkOnly) {
  EXPECT_EQ(decode_text("\xef\xbb\xbf\xef\xbb\xbf"
                        "a")
                .value(),
            "\xef\xbb\xbf"
            "a");
}

TEST(Charset, ReplacesWhatStandsForNothing) {
  const CharsetCase cases[] = {
      {"utf-8",
       "a\xff"
       "b",
       "a\ufffdb"},
      {"shift_jis",
       "a\xff"
       "b",
       "a\ufffdb"},
      {"shift_jis", "ab\x93", "ab\ufffd"},
      {"euc-kr",
       "\xc7\xd1\xff"
       "x",
       "한\ufffdx"},
      {"gb18030", "\x95\x32\x82", "\ufffd"},
      {"windows-1253", "\xaa", "\ufffd"},
      {"windows-1258", "a\xd2\x80", "\u1ea3€"},
      {"windows-1255", "\xe0\xfc", "א\ufffd"},
      {"utf-16le",
       bytes_of("a\0\x00\xd8"
                "b\0",
                6),
       "a\ufffdb"},
      {"utf-16le", bytes_of("a\0\x00\xd8", 4), "a\ufffd"},
      {"utf-16le", bytes_of("a\0b", 3), "a\ufffd"},
      {"iso-2022-jp",
       "\x1b$BF|\xff"
       "K\\\x1b(B.",
       "日\ufffd本."},
  };
  for (const CharsetCase& each : cases) {
    EXPECT_EQ(decode_text(each.bytes, each.label).value(), each.text) << each.label;
  }
}

TEST(Charset, DecodesTextOfAnyLength) {
  std::string bytes;
  std::string text;
  for (int i = 0; i < 5000; ++i) {
    bytes += "\x93\xfa";
    text += "日";
  }
  EXPECT_EQ(decode_text(bytes, "shift_jis").value(), text);
  bytes += '\xff';
  EXPECT_EQ(decode_text(bytes + bytes, "shift_jis").value(), text + "\ufffd" + text + "\ufffd");
}

TEST(Charset, EndsForEveryBytePairInEveryCharset) {
  for (const std::string_view label :
       {"big5", "euc-jp", "euc-kr", "gb18030", "ibm866", "iso-2022-jp", "iso-8859-8", "koi8-u",
        "shift_jis", "utf-16be", "windows-1255", "windows-1258", "x-mac-cyrillic"}) {
    ASSERT_TRUE(is_known_charset(label)) << label;
    std::string bytes;
    for (int first = 0; first < 256; ++first) {
      for (int second = 1; second < 256; second += 3) {
        bytes.push_back(static_cast<char>(first));
        bytes.push_back(static_cast<char>(second));
      }
    }
    const std::string text = decode_text("x" + bytes, label).value();
    EXPECT_EQ(decode_text(text).value(), text) << label << " gave something else than UTF-8";
  }
}

TEST(Charset, HandsValidUtf8ThroughWithoutACopy) {
  std::string text(1000, 'x');
  const char* const storage = text.data();
  EXPECT_EQ(decode_text(std::move(text)).value().data(), storage);
}

}  // namespace
}  // namespace rondo::proto
