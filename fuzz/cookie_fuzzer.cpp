// Each line is a Set-Cookie field, alternately from a secure and an insecure origin: no crash, a
// jar within its limits, a header that may be sent, and a cookie file that reads back whole.

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "rondo/base/ascii.hpp"
#include "rondo/proto/cookie_jar.hpp"
#include "rondo/proto/netscape_cookies.hpp"

namespace {

void require(bool condition) {
  if (!condition) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace rondo::proto;
  static const Url kOrigins[] = {Url::parse("https://a.b.example.com/x/y").value(),
                                 Url::parse("http://b.example.com/x").value()};
  constexpr std::chrono::sys_seconds kNow{std::chrono::seconds{1700000000}};
  CookieJar jar({.max_per_domain = 4, .max_total = 6});
  std::string_view rest(reinterpret_cast<const char*>(data), size);
  for (std::size_t line = 0; !rest.empty(); ++line) {
    const std::string_view field = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(rest.size(), field.size() + 1));
    jar.store(kOrigins[line % 2], field, kNow);
    require(jar.size() <= 6);
  }
  for (const Url& origin : kOrigins) {
    const std::string header = jar.header_for(origin, kNow);
    require(std::none_of(header.begin(), header.end(),
                         [](char c) { return rondo::ascii::is_control(c) && c != '\t'; }));
  }
  const std::vector<Cookie> cookies = jar.cookies(kNow);
  const NetscapeCookies file = parse_netscape_cookies(write_netscape_cookies(cookies));
  require(file.skipped == 0 && file.cookies.size() <= cookies.size());
  return 0;
}
