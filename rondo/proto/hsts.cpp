// A host and those above it are looked up one after the other: as many look-ups as it has labels.

#include "rondo/proto/hsts.hpp"

#include <algorithm>
#include <cstdint>
#include <utility>
#include <vector>

#include "rondo/base/ascii.hpp"
#include "rondo/proto/field_syntax.hpp"

namespace rondo::proto {
namespace {

// Names come from URLs, in ASCII and lower case; "example.org." is the same host.
std::string_view without_dot(std::string_view host) noexcept {
  if (host.ends_with('.')) host.remove_suffix(1);
  return host;
}

std::optional<std::chrono::seconds> parse_seconds(std::string_view digits) noexcept {
  // 158 years; more would overflow when it is added to a time.
  constexpr std::int64_t kMost = 5'000'000'000;
  if (digits.empty() || !std::all_of(digits.begin(), digits.end(), ascii::is_digit)) {
    return std::nullopt;
  }
  std::int64_t number = 0;
  for (const char c : digits) number = std::min(number * 10 + (c - '0'), kMost);
  return std::chrono::seconds(number);
}

std::string_view unquoted(std::string_view value) noexcept {
  if (value.size() >= 2 && value.starts_with('"') && value.ends_with('"')) {
    value = value.substr(1, value.size() - 2);
  }
  return value;
}

// A file may name a year that the clock does not reach: it ends in 2262.
HstsStore::Time within_clock(std::chrono::sys_seconds time) noexcept {
  return std::min(time, std::chrono::floor<std::chrono::seconds>(HstsStore::Time::max()));
}

// Cuts the first directive off, up to a semicolon outside quotes.
std::string_view take_directive(std::string_view& rest) noexcept {
  std::size_t at = 0;
  bool quoted = false;
  while (at < rest.size() && (quoted || rest[at] != ';')) {
    if (rest[at] == '"') quoted = !quoted;
    ++at;
  }
  const std::string_view directive = ascii::trim(rest.substr(0, at));
  rest.remove_prefix(std::min(at + 1, rest.size()));
  return directive;
}

}  // namespace

std::optional<HstsPolicy> HstsPolicy::parse(std::string_view field) {
  HstsPolicy policy;
  bool has_age = false;
  std::vector<std::string> seen;
  while (!field.empty()) {
    const std::string_view directive = take_directive(field);
    if (directive.empty()) continue;
    const std::size_t equals = directive.find('=');
    const std::string_view name = ascii::trim(directive.substr(0, equals));
    if (!is_token(name)) return std::nullopt;
    std::string lowered = ascii::lowered(name);
    if (std::find(seen.begin(), seen.end(), lowered) != seen.end()) return std::nullopt;
    if (lowered == "max-age") {
      if (equals == std::string_view::npos) return std::nullopt;
      const auto age = parse_seconds(unquoted(ascii::trim(directive.substr(equals + 1))));
      if (!age) return std::nullopt;
      policy.max_age = *age;
      has_age = true;
    } else if (lowered == "includesubdomains") {
      policy.include_subdomains = true;
    }
    seen.push_back(std::move(lowered));
  }
  if (!has_age) return std::nullopt;
  return policy;
}

void HstsStore::note(const Url& url, std::string_view field, Time now) {
  if (url.scheme() != "https" || url.host_kind() != HostKind::domain) return;
  const auto policy = HstsPolicy::parse(field);
  if (!policy) return;
  const std::string_view host = without_dot(url.hostname());
  const auto known = hosts_.find(host);
  if (policy->max_age == std::chrono::seconds::zero()) {
    if (known != hosts_.end()) hosts_.erase(known);
    return;
  }
  put(host, {now + policy->max_age, policy->include_subdomains}, now);
}

void HstsStore::add(const HstsHost& host, Time now) {
  const Time expires = within_clock(host.expires);
  if (expires <= now) return;
  const auto url = Url::parse("https://" + host.name);
  const bool is_name = url && url->host_kind() == HostKind::domain &&
                       url->hostname() == host.name && without_dot(host.name) == host.name;
  if (is_name) put(host.name, {expires, host.include_subdomains}, now);
}

std::vector<HstsHost> HstsStore::hosts(Time now) const {
  std::vector<HstsHost> all;
  for (const auto& [name, entry] : hosts_) {
    if (entry.expires <= now) continue;
    all.push_back(
        {name, std::chrono::floor<std::chrono::seconds>(entry.expires), entry.include_subdomains});
  }
  return all;
}

void HstsStore::put(std::string_view host, const Entry& entry, Time now) {
  const auto known = hosts_.find(host);
  if (known != hosts_.end()) {
    known->second = entry;
    return;
  }
  if (max_hosts_ == 0) return;
  if (hosts_.size() >= max_hosts_) make_room(now);
  hosts_.emplace(host, entry);
}

void HstsStore::make_room(Time now) {
  std::erase_if(hosts_, [&](const auto& each) { return each.second.expires <= now; });
  if (hosts_.size() < max_hosts_) return;
  const auto first = std::min_element(
      hosts_.begin(), hosts_.end(),
      [](const auto& a, const auto& b) { return a.second.expires < b.second.expires; });
  hosts_.erase(first);
}

bool HstsStore::applies(const Url& url, Time now) const {
  if (hosts_.empty() || url.scheme() != "http" || url.host_kind() != HostKind::domain) return false;
  std::string_view host = without_dot(url.hostname());
  bool is_parent = false;
  while (true) {
    const auto known = hosts_.find(host);
    if (known != hosts_.end() && known->second.expires > now &&
        (!is_parent || known->second.include_subdomains)) {
      return true;
    }
    const std::size_t dot = host.find('.');
    if (dot == std::string_view::npos) return false;
    host.remove_prefix(dot + 1);
    is_parent = true;
  }
}

Url HstsStore::upgraded(Url url) {
  // Port 80 is not there as such in an http URL, so it is gone with the scheme.
  url.set_protocol("https");
  return url;
}

}  // namespace rondo::proto
