// A name may hold anything, and a message goes to terminals and logs: what cannot be printed is
// shown as "?".

#include "rondo/dns/resolve_error.hpp"

#include <utility>

#include "rondo/base/ascii.hpp"

namespace rondo::dns {
namespace {

constexpr std::size_t kLongestShown = 255;

std::string printable(std::string host) {
  if (host.size() > kLongestShown) host.replace(kLongestShown, host.npos, "...");
  for (char& c : host) {
    if (ascii::is_control(c) || !ascii::is_ascii(c)) c = '?';
  }
  return host.empty() ? "an empty name" : host;
}

}  // namespace

ResolveError::ResolveError(Kind kind, std::string host, const std::string& reason)
    : Error("cannot resolve " + printable(host) + ": " + reason),
      kind_(kind),
      host_(std::move(host)) {}

}  // namespace rondo::dns
