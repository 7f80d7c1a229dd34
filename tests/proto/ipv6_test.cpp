#include "rondo/proto/ipv6.hpp"

#include <gtest/gtest.h>

#include <string>

namespace rondo::proto {
namespace {

std::string canonical(std::string_view text) {
  const auto pieces = parse_ipv6(text);
  if (!pieces) return "error: " + std::string(describe(pieces.error()));
  std::string out;
  append_ipv6(*pieces, out);
  return out;
}

TEST(Ipv6, ReadsAndCompresses) {
  struct Case {
    std::string_view text;
    std::string_view canonical;
  };
  constexpr Case kCases[] = {{"::", "::"},
                             {"::1", "::1"},
                             {"1::", "1::"},
                             {"1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7:8"},
                             {"1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0"},
                             {"::2:3:4:5:6:7:8", "0:2:3:4:5:6:7:8"},
                             {"1::3:4:5:6:7:8", "1:0:3:4:5:6:7:8"},
                             {"1:0:0:4:0:0:0:8", "1:0:0:4::8"},
                             {"1:0:0:4:0:0:7:8", "1::4:0:0:7:8"},
                             {"0:0:3:0:0:0:7:8", "0:0:3::7:8"},
                             {"0:1:0:1:0:1:0:1", "0:1:0:1:0:1:0:1"},
                             {"1:2:3:4:5:6:0:0", "1:2:3:4:5:6::"},
                             {"00AB:00cd::FFFF", "ab:cd::ffff"},
                             {"::1.2.3.4", "::102:304"},
                             {"::ffff:255.0.255.1", "::ffff:ff00:ff01"},
                             {"1:2:3:4:5:6:7.8.9.10", "1:2:3:4:5:6:708:90a"},
                             {"1::7.8.9.10", "1::708:90a"}};
  for (const Case& each : kCases) EXPECT_EQ(canonical(each.text), each.canonical) << each.text;
}

TEST(Ipv6, KeepsThePiecesInTheirPlaces) {
  const auto pieces = parse_ipv6("a:b::c:d");
  ASSERT_TRUE(pieces);
  EXPECT_EQ(*pieces, (Ipv6Pieces{0xa, 0xb, 0, 0, 0, 0, 0xc, 0xd}));
}

TEST(Ipv6, RefusesEachKindOfMistake) {
  struct Case {
    std::string_view text;
    UrlError error;
  };
  constexpr Case kCases[] = {{"", UrlError::ipv6_too_few_pieces},
                             {"1", UrlError::ipv6_too_few_pieces},
                             {"1:2:3:4:5:6:7", UrlError::ipv6_too_few_pieces},
                             {"1:2:3:4:5:6:7:8:9", UrlError::ipv6_too_many_pieces},
                             {"1:2:3:4:5:6:7:8::", UrlError::ipv6_too_many_pieces},
                             {"::1:2:3:4:5:6:7:8", UrlError::ipv6_too_many_pieces},
                             {"1:2:3:4:5:6:7:1.2.3.4", UrlError::ipv6_too_many_pieces},
                             {"1:2:3:4:5:6::1.2.3.4", UrlError::ipv6_too_many_pieces},
                             {":1", UrlError::ipv6_invalid_compression},
                             {":", UrlError::ipv6_invalid_compression},
                             {"1::2::3", UrlError::ipv6_multiple_compression},
                             {":::", UrlError::ipv6_multiple_compression},
                             {"1:::2", UrlError::ipv6_multiple_compression},
                             {"1:2:3:4:5:6:7:", UrlError::ipv6_invalid_code_point},
                             {"12345::", UrlError::ipv6_invalid_code_point},
                             {"g::", UrlError::ipv6_invalid_code_point},
                             {"::1%eth0", UrlError::ipv6_invalid_code_point},
                             {"::1 ", UrlError::ipv6_invalid_code_point},
                             {"::.1.2.3", UrlError::ipv6_invalid_ipv4},
                             {"::1.2.3", UrlError::ipv6_invalid_ipv4},
                             {"::1.2.3.", UrlError::ipv6_invalid_ipv4},
                             {"::1.2.3.4.5", UrlError::ipv6_invalid_ipv4},
                             {"::1.2.3.4:5", UrlError::ipv6_invalid_ipv4},
                             {"::1.2.3.256", UrlError::ipv6_invalid_ipv4},
                             {"::1.2.3.04", UrlError::ipv6_invalid_ipv4},
                             {"::00.1.2.3", UrlError::ipv6_invalid_ipv4},
                             {"::a.1.2.3", UrlError::ipv6_invalid_ipv4}};
  for (const Case& each : kCases) {
    const auto pieces = parse_ipv6(each.text);
    ASSERT_FALSE(pieces) << each.text << " became " << canonical(each.text);
    EXPECT_EQ(describe(pieces.error()), describe(each.error)) << each.text;
  }
}

}  // namespace
}  // namespace rondo::proto
