// Input: lines. The first is a URL, the second its base; each of the others names a setter by its
// first character (a digit, in the inputs written by hand), and the rest of the line is the value.
// Whatever comes out must parse to itself.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <iterator>
#include <string>
#include <string_view>

#include "rondo/proto/url.hpp"

namespace {

using rondo::proto::HostKind;
using rondo::proto::Url;

void require(bool condition) {
  if (!condition) std::abort();
}

/// The attributes in the order in which they stand in a URL, which are to make up its href.
std::string joined(const Url& url) {
  std::string text(url.protocol());
  if (url.host_kind() != HostKind::none) {
    text += "//";
    if (url.has_credentials()) {
      text += url.username();
      if (!url.password().empty()) (text += ':') += url.password();
      text += '@';
    }
    text += url.host();
  } else if (url.pathname().starts_with("//")) {
    text += "/.";
  }
  return text += url.pathname();
}

void check(const Url& url) {
  const auto again = Url::parse(url.href());
  require(again.ok() && *again == url);
  require(again->host() == url.host() && again->host_kind() == url.host_kind());
  require(again->pathname() == url.pathname() && again->search() == url.search());
  require(url.href().starts_with(joined(url)));
  for (const char c : url.href()) require(c >= ' ' && c < '\x7f');

  require(url.host().starts_with(url.hostname()));
  require(!url.host_for_connect().starts_with('['));
  require(url.without_credentials().find(url.hostname()) != std::string::npos);
  require(url.same_origin(url) == (url.origin() != "null"));
  const Url extended = url.with_query({{"name", url.href()}});
  require(extended.pathname() == url.pathname() && extended.search().starts_with('?'));
  require(Url::parse(extended.href()).ok());
}

std::string_view take_line(std::string_view& rest) {
  const std::string_view line = rest.substr(0, rest.find('\n'));
  rest.remove_prefix(line.size() < rest.size() ? line.size() + 1 : rest.size());
  return line;
}

void apply_setter(Url& url, std::string_view line) {
  constexpr std::string_view kAttributes[] = {"href",   "protocol", "username", "password",
                                              "host",   "hostname", "port",     "pathname",
                                              "search", "hash"};
  const auto choice = static_cast<unsigned char>(line.front() - '0');
  const std::string before(url.href());
  const auto error = url.set(kAttributes[choice % std::size(kAttributes)], line.substr(1));
  require(!error || url.href() == before);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view rest(reinterpret_cast<const char*>(data), size);
  const std::string_view input = take_line(rest);
  const auto base = Url::parse(take_line(rest));
  auto url = Url::parse(input, base ? &*base : nullptr);
  if (!url) return 0;
  check(*url);
  while (!rest.empty()) {
    const std::string_view line = take_line(rest);
    if (line.empty()) continue;
    const bool was_file = url->scheme() == "file";
    apply_setter(*url, line);
    // The protocol setter does not look at the host and the path, in which file URLs have a
    // "localhost" and drive letters that the parser would write differently.
    if (!was_file && url->scheme() == "file") return 0;
    check(*url);
  }
  return 0;
}
