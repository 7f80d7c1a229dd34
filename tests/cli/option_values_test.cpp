#include "cli/option_values.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <string_view>

#include "cli/usage_error.hpp"
#include "tests/support/temporary_directory.hpp"

namespace rondo::cli {
namespace {

using namespace std::chrono_literals;
using Header = std::pair<std::string, std::string>;

TEST(OptionValues, ReadWholeDecimalNumbers) {
  EXPECT_EQ(parse_number("-c", "1", 1), 1U);
  EXPECT_EQ(parse_number("-c", "010", 1), 10U);
  EXPECT_EQ(parse_number("-c", "18446744073709551615", 0), 18446744073709551615U);
  for (const char* text : {"", "-1", "+1", "1.5", "0x10", "1k", " 1", "18446744073709551616"}) {
    EXPECT_THROW(static_cast<void>(parse_number("-c", text, 0)), UsageError) << text;
  }
  EXPECT_THROW(static_cast<void>(parse_number("-c", "0", 1)), UsageError);
  EXPECT_THROW(static_cast<void>(parse_number("-c", "11", 1, 10)), UsageError);
}

TEST(OptionValues, ReadSecondsWithFractionsAndZeroAsNoLimit) {
  EXPECT_EQ(parse_seconds("--timeout", "1.5"), Clock::duration(1500ms));
  EXPECT_EQ(parse_seconds("--timeout", ".25"), Clock::duration(250ms));
  EXPECT_EQ(parse_seconds("--timeout", "0"), std::nullopt);
  for (const char* text : {"", "-1", "nan", "inf", "1s", "1e300"}) {
    EXPECT_THROW(static_cast<void>(parse_seconds("--timeout", text)), UsageError) << text;
  }
}

TEST(OptionValues, ReadRatesBySecondAndMinute) {
  EXPECT_EQ(parse_rate("--rate", "10/s"), Clock::duration(100ms));
  EXPECT_EQ(parse_rate("--rate", "600/m"), Clock::duration(100ms));
  EXPECT_EQ(parse_rate("--rate", "0.5/s"), Clock::duration(2s));
  for (const char* text : {"", "/s", "0/s", "-1/s", "10/h", "10/", "ten/s", "inf/s", "nan/s"}) {
    EXPECT_THROW(static_cast<void>(parse_rate("--rate", text)), UsageError) << text;
  }
}

TEST(OptionValues, ReadHeaders) {
  EXPECT_EQ(parse_header("-H", "A: b c"), Header("A", "b c"));
  EXPECT_EQ(parse_header("-H", "A:b:c"), Header("A", "b:c"));
  EXPECT_EQ(parse_header("-H", "A:"), Header("A", ""));
  EXPECT_EQ(parse_header("-H", "A: \xe9"), Header("A", "\xe9"));
  for (const char* text : {"", "A", ": b", "A b: c", "A: b\r\nC: d", "A\n: b", "A: b\x7f"}) {
    EXPECT_THROW(static_cast<void>(parse_header("-H", text)), UsageError) << text;
  }
}

TEST(OptionValues, ReadResolveEntries) {
  const auto entry = parse_resolve("--resolve", "A.test:443:127.0.0.1");
  EXPECT_EQ(entry.host, "a.test");
  EXPECT_EQ(entry.port, 443);
  EXPECT_EQ(entry.addresses, std::vector<std::string>({"127.0.0.1"}));
  EXPECT_EQ(parse_resolve("--resolve", "a:1:[::1]").addresses, std::vector<std::string>({"::1"}));
  EXPECT_EQ(parse_resolve("--resolve", "a:1:::1").addresses, std::vector<std::string>({"::1"}));
  EXPECT_EQ(parse_resolve("--resolve", "[::2]:1:::1").host, "::2");
  EXPECT_EQ(parse_resolve("--resolve", "a:1:10.0.0.1,::1").addresses.size(), 2U);
  for (const char* text : {"", "a", "a:1", "a:1:", "a:x:127.0.0.1", "a:0:127.0.0.1",
                           "a:65536:127.0.0.1", "a:1:host", "a:1:127.0.0.1,", ":1:127.0.0.1"}) {
    EXPECT_THROW(static_cast<void>(parse_resolve("--resolve", text)), UsageError) << text;
  }
}

TEST(OptionValues, TakeDataAsItIsOrFromAFileByteForByte) {
  const test::TemporaryDirectory directory;
  const std::string bytes("a\0b\r\n", 5);
  const auto file = directory.write("body", bytes);
  EXPECT_EQ(parse_data("-d", "a=b&c"), "a=b&c");
  EXPECT_EQ(parse_data("-d", ""), "");
  EXPECT_EQ(parse_data("-d", "@" + file.string()), bytes);
  EXPECT_THROW(static_cast<void>(parse_data("-d", "@" + file.string() + ".not")), UsageError);
  EXPECT_THROW(static_cast<void>(parse_data("-d", "@" + directory.path().string())), UsageError);
}

TEST(OptionValues, TakeOnlyAddressesForADnsServer) {
  EXPECT_EQ(parse_dns_server("--dns-server", "127.0.0.1:5353"), "127.0.0.1:5353");
  EXPECT_EQ(parse_dns_server("--dns-server", "::1"), "::1");
  for (const char* text : {"", "localhost", "unix:/x", "1.2.3"}) {
    EXPECT_THROW(static_cast<void>(parse_dns_server("--dns-server", text)), UsageError) << text;
  }
}

}  // namespace
}  // namespace rondo::cli
