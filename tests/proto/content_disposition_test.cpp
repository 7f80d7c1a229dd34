#include "rondo/proto/content_disposition.hpp"

#include <gtest/gtest.h>

#include <string>

namespace rondo::proto {
namespace {

std::string filename(std::string_view field) {
  const auto disposition = ContentDisposition::parse(field);
  return disposition ? disposition->filename().value_or("none") : "malformed";
}

std::string safe(std::string_view name) {
  ContentDisposition disposition{"attachment", {{"filename", std::string(name)}}};
  return disposition.safe_filename().value_or("none");
}

// RFC 6266 §5 and the collection of test cases that goes with it (greenbytes.de/tech/tc2231).
TEST(ContentDisposition, FindsTheNameThatTheServerGave) {
  struct Case {
    std::string_view field, name;
  };
  const Case cases[] = {
      {"Attachment; filename=example.html", "example.html"},
      {"INLINE; FILENAME= \"an example.html\"", "an example.html"},
      {"attachment; filename*= UTF-8''%e2%82%ac%20rates", "\xe2\x82\xac rates"},
      {"attachment; filename=\"EURO rates\"; filename*=utf-8''%e2%82%ac%20rates",
       "\xe2\x82\xac rates"},
      {"attachment; filename*=utf-8''%e2%82%ac; filename=\"EURO\"", "\xe2\x82\xac"},
      {"attachment; filename*=UTF-8'en-GB'x%25y", "x%y"},
      {"attachment; filename*=iso-8859-1''foo-%E4.html", "foo-\xc3\xa4.html"},
      {"attachment; filename=\"f\\oo.html\"", "foo.html"},
      {"attachment; filename=\"\\\"quoting\\\".html\"", "\"quoting\".html"},
      {"attachment; filename=\"Here's a semicolon;.html\"", "Here's a semicolon;.html"},
      {"attachment; foo=\"\\\"\\\\\";filename=\"foo.html\"", "foo.html"},
      {"attachment; filename=\"foo-%41.html\"", "foo-%41.html"},
      {"attachment; filename=\"foo-\xe4.html\"", "foo-\xc3\xa4.html"},
      {"attachment; filename=\"foo-\xc3\xa4.html\"", "foo-\xc3\xa4.html"},
      {"attachment; filename=foo bar.html", "foo bar.html"},
      {"attachment; filename=/foo.html", "/foo.html"},
      {"attachment; filename = foo", "foo"},
      {"attachment; filename=\"\"", ""},
      {"attachment; filename=\"open", "open"},
      {"attachment; filename=a; filename=b", "a"},
      {"foobar; filename=x", "x"},
      // A damaged filename* counts for nothing.
      {"attachment; filename=a; filename*=UTF-8''%e2%82", "a"},
      {"attachment; filename=a; filename*=UTF-8''%", "a"},
      {"attachment; filename=a; filename*=UTF-8''%4", "a"},
      {"attachment; filename=a; filename*=UTF-8''%4g", "a"},
      {"attachment; filename=a; filename*=UTF-8%41", "a"},
      {"attachment; filename=a; filename*=''b", "a"},
      {"attachment; filename=a; filename*=b", "a"},
      {"attachment; filename=a; filename*=no-such-charset''b", "a"},
      {"attachment", "none"},
      {"attachment; xfilename=x", "none"},
      {"attachment; filename", "none"},
      {"attachment; filename=", "none"},
      {"attachment; filename=\"a\nb\"", "none"},
      {"", "malformed"},
      {"; filename=x", "malformed"},
      {"filename=x", "malformed"},
      {"\"attachment\"; filename=x", "malformed"},
      {"a b; filename=x", "malformed"},
  };
  for (const Case& each : cases) EXPECT_EQ(filename(each.field), each.name) << each.field;
  EXPECT_EQ(ContentDisposition::parse("INLINE; a=b")->type, "inline");
}

TEST(ContentDisposition, MakesNamesThatStayWhereTheyArePut) {
  const std::string long_name(300, 'a');
  struct Case {
    std::string name, safe;
  };
  const Case cases[] = {
      {"a.txt", "a.txt"},
      {"an example.html", "an example.html"},
      {"/etc/passwd", "passwd"},
      {"..\\..\\evil.exe", "evil.exe"},
      {"a/../b", "b"},
      {"..", "none"},
      {".", "none"},
      {"", "none"},
      {"a/", "none"},
      {" . . ", "none"},
      {".bashrc", "_bashrc"},
      {"..bashrc", "_.bashrc"},
      {"a.txt. .", "a.txt"},
      {" a ", "a"},
      {"a:b*c?d\"e<f>g|h", "a_b_c_d_e_f_g_h"},
      {std::string("a\0b\x1b[31m\x7f", 9), "a_b_[31m_"},
      {"a\xc2\x9b"
       "b",
       "a_b"},
      {"photo\xe2\x80\xaegnp.exe", "photo_gnp.exe"},
      {"\xe2\x81\xa6x", "_x"},
      {"\xe2\x82\xac rates", "\xe2\x82\xac rates"},
      {long_name, long_name.substr(0, 200)},
      {long_name + ".tar.gz", long_name.substr(0, 197) + ".gz"},
      {"a." + long_name, ("a." + long_name).substr(0, 200)},
      {long_name.substr(0, 199) + "\xe2\x82\xac", long_name.substr(0, 199)},
  };
  for (const Case& each : cases) EXPECT_EQ(safe(each.name), each.safe) << each.name;
  EXPECT_EQ(ContentDisposition::parse("a; filename*=UTF-8''..%2F%2e%2E%5Cx%00y")->safe_filename(),
            "x_y");
  EXPECT_FALSE(ContentDisposition::parse("attachment")->safe_filename());
}

}  // namespace
}  // namespace rondo::proto
