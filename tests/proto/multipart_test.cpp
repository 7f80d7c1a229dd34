#include "rondo/proto/multipart.hpp"

#include <gtest/gtest.h>

#include <string>

namespace rondo::proto {
namespace {

constexpr std::array<std::uint8_t, 16> kRandom = {0, 1, 2,  3,  4,  5,  6,  7,
                                                  8, 9, 10, 11, 12, 13, 14, 0xff};
const std::string kBoundary = "----RondoFormBoundary000102030405060708090a0b0c0d0eff";

// The body with "B" for the boundary and "<n>" for file n.
std::string shown(MultipartForm form) {
  std::string text;
  for (const MultipartPiece& piece : form.finish()) {
    text += piece.file ? '<' + std::to_string(*piece.file) + '>' : piece.literal;
  }
  for (std::size_t at = text.find(kBoundary); at != std::string::npos; at = text.find(kBoundary)) {
    text.replace(at, kBoundary.size(), "B");
  }
  return text;
}

std::string shown(const MultipartField& field) {
  MultipartForm form(kRandom);
  EXPECT_TRUE(form.add(field));
  const auto size = form.size();
  std::size_t real = 0;
  for (const MultipartPiece& piece : MultipartForm(form).finish()) real += piece.literal.size();
  EXPECT_EQ(size, real);
  return shown(std::move(form));
}

TEST(Multipart, WritesFieldsAndFilesInTheirOrder) {
  MultipartForm form(kRandom);
  EXPECT_EQ(form.content_type(), "multipart/form-data; boundary=" + kBoundary);
  EXPECT_TRUE(form.add({.name = "a", .value = "1"}));
  EXPECT_TRUE(
      form.add_file({.name = "f", .filename = "dir/x.txt", .content_type = "text/plain"}, 10));
  EXPECT_TRUE(form.add_file({.name = "g"}, 5));
  EXPECT_TRUE(form.add({.name = "b", .value = std::string_view("\0\r\n", 3)}));
  std::size_t size = 15;
  const auto pieces = MultipartForm(form).finish();
  for (const MultipartPiece& piece : pieces) size += piece.literal.size();
  EXPECT_EQ(form.size(), size);
  EXPECT_EQ(pieces.size(), 5U);
  using namespace std::string_literals;
  EXPECT_EQ(shown(form),
            "--B\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1\r\n"
            "--B\r\nContent-Disposition: form-data; name=\"f\"; filename=\"x.txt\"\r\n"
            "Content-Type: text/plain\r\n\r\n<0>\r\n"
            "--B\r\nContent-Disposition: form-data; name=\"g\"\r\n\r\n<1>\r\n"
            "--B\r\nContent-Disposition: form-data; name=\"b\"\r\n\r\n\0\r\n\r\n"
            "--B--\r\n"s);
}

TEST(Multipart, EscapesNamesAsBrowsersDo) {
  struct Case {
    MultipartField field;
    std::string_view head;
  };
  const Case cases[] = {
      {{.name = "a\"b"}, "name=\"a%22b\""},
      {{.name = "a\nb\rc\r\nd"}, "name=\"a%0D%0Ab%0D%0Ac%0D%0Ad\""},
      {{.name = "a\\b%22"}, "name=\"a\\b%22\""},
      {{.name = "\xc3\xa9"}, "name=\"\xc3\xa9\""},
      {{.name = ""}, "name=\"\""},
      {{.name = "f", .filename = "a\"b\r\nc\nd"},
       "name=\"f\"; filename=\"a%22b%0D%0Ac%0Ad\"\r\nContent-Type: application/octet-stream"},
      {{.name = "f", .filename = "/etc/passwd"},
       "name=\"f\"; filename=\"passwd\"\r\nContent-Type: application/octet-stream"},
      {{.name = "f", .filename = "", .content_type = "a/b"},
       "name=\"f\"; filename=\"\"\r\nContent-Type: a/b"},
      {{.name = "j", .content_type = "application/json"},
       "name=\"j\"\r\nContent-Type: application/json"},
  };
  for (const Case& each : cases) {
    EXPECT_EQ(shown(each.field), "--B\r\nContent-Disposition: form-data; " +
                                     std::string(each.head) + "\r\n\r\n\r\n--B--\r\n");
  }
}

TEST(Multipart, RefusesTypesThatWouldBeMoreThanAType) {
  MultipartForm form(kRandom);
  EXPECT_FALSE(form.add({.name = "a", .content_type = "a/b\r\nX: y"}));
  EXPECT_FALSE(form.add_file({.name = "a", .content_type = std::string_view("\0", 1)}, 1));
  EXPECT_EQ(shown(form), "--B--\r\n");
}

TEST(Multipart, KnowsItsSizeIfEveryFileDoes) {
  MultipartForm form(kRandom);
  EXPECT_TRUE(form.add_file({.name = "a"}, 1));
  EXPECT_TRUE(form.size());
  EXPECT_TRUE(form.add_file({.name = "b"}, std::nullopt));
  EXPECT_FALSE(form.size());
  static_cast<void>(form.finish());
  EXPECT_EQ(form.size(), kBoundary.size() + 6);
}

TEST(Multipart, HasBoundariesThatDiffer) {
  EXPECT_NE(MultipartForm(kRandom).content_type(), MultipartForm({}).content_type());
  EXPECT_LE(kBoundary.size(), 70U);  // RFC 2046 §5.1.1
}

}  // namespace
}  // namespace rondo::proto
