// Cookies are kept by domain, so a request looks at its host and the domains above it, and at no
// other cookie. Within a domain they stand in the order in which they came.

#include "rondo/proto/cookie_jar.hpp"

#include <algorithm>
#include <iterator>
#include <tuple>
#include <utility>

#include "rondo/base/ascii.hpp"
#include "rondo/proto/field_syntax.hpp"
#include "rondo/proto/public_suffix.hpp"

namespace rondo::proto {
namespace {

bool is_address(const Url& url) {
  return url.host_kind() == HostKind::ipv4 || url.host_kind() == HostKind::ipv6;
}

bool is_loopback(const Url& url) {
  const std::string_view host = url.hostname();
  if (url.host_kind() == HostKind::ipv4) return host.starts_with("127.");
  return host == "[::1]" || domain_matches(host, "localhost");
}

// Domain, and whether it is for the host alone; or why the cookie is not for this host (RFC 6265bis
// §5.7, steps on the domain attribute).
std::optional<CookieRefusal> apply_domain(std::string domain, const Url& url, Cookie& cookie) {
  const std::string_view host = url.hostname();
  cookie.host_only = domain.empty() || domain == host;
  cookie.domain = host;
  if (cookie.host_only) {
    // Naming one's own host is how to say "and the names under it", if there can be any.
    const bool may_be_shared = !domain.empty() && !is_address(url) && !is_public_suffix(domain);
    cookie.host_only = !may_be_shared;
    return std::nullopt;
  }
  if (is_address(url) || !domain_matches(host, domain)) return CookieRefusal::foreign_domain;
  if (is_public_suffix(domain)) return CookieRefusal::public_suffix;
  cookie.domain = std::move(domain);
  return std::nullopt;
}

void append(const Cookie& cookie, std::string& header) {
  if (!header.empty()) header.append("; ");
  if (!cookie.name.empty()) header.append(cookie.name).append("=");
  header.append(cookie.value);
}

}  // namespace

bool CookieJar::is_secure(const Url& url) const {
  return url.scheme() == "https" || url.scheme() == "wss" ||
         (options_.trust_loopback && is_loopback(url));
}

bool CookieJar::hides_secure_cookie(const Cookie& cookie) const {
  const auto is_hidden = [&](const Entry& entry) {
    const Cookie& other = entry.cookie;
    return other.secure && other.name == cookie.name && path_matches(cookie.path, other.path);
  };
  return std::any_of(domains_.begin(), domains_.end(), [&](const auto& domain) {
    return (domain_matches(domain.first, cookie.domain) ||
            domain_matches(cookie.domain, domain.first)) &&
           std::any_of(domain.second.begin(), domain.second.end(), is_hidden);
  });
}

std::optional<CookieRefusal> CookieJar::store(const Url& url, std::string_view set_cookie,
                                              TimePoint now) {
  auto parsed = parse_set_cookie(set_cookie, now);
  if (!parsed) return parsed.error();
  Cookie cookie;
  cookie.name = std::move(parsed->name);
  cookie.value = std::move(parsed->value);
  cookie.path = parsed->path.value_or(std::string(default_cookie_path(url.pathname())));
  cookie.expires = parsed->expires;
  cookie.secure = parsed->secure;
  cookie.http_only = parsed->http_only;
  cookie.same_site = parsed->same_site;
  const bool names_path = parsed->path.has_value();
  if (const auto refusal = apply_domain(std::move(parsed->domain), url, cookie)) return refusal;
  const bool secure_origin = is_secure(url);
  if (cookie.secure && !secure_origin) return CookieRefusal::insecure_origin;
  if (!cookie.secure && !secure_origin && hides_secure_cookie(cookie)) {
    return CookieRefusal::hides_secure_cookie;
  }
  if (!keeps_prefix_promise(cookie, names_path)) return CookieRefusal::broken_prefix;
  put(std::move(cookie), now);
  return std::nullopt;
}

std::optional<CookieRefusal> CookieJar::add(Cookie cookie, TimePoint now) {
  if (cookie.domain.starts_with('.')) cookie.domain.erase(0, 1);
  cookie.domain = ascii::lowered(cookie.domain);
  if (!cookie.path.starts_with('/')) cookie.path.assign(1, '/');
  if (cookie.domain.empty()) return CookieRefusal::foreign_domain;
  if (cookie.name.empty() && cookie.value.empty()) return CookieRefusal::empty;
  if (!is_field_value(cookie.name) || !is_field_value(cookie.value)) {
    return CookieRefusal::control_character;
  }
  if (cookie.name.size() + cookie.value.size() > kMaxCookieSize) return CookieRefusal::too_long;
  if (!keeps_prefix_promise(cookie, true)) return CookieRefusal::broken_prefix;
  put(std::move(cookie), now);
  return std::nullopt;
}

CookieJar::Entry* CookieJar::find_same(const Cookie& cookie) {
  const auto domain = domains_.find(cookie.domain);
  if (domain == domains_.end()) return nullptr;
  for (Entry& entry : domain->second) {
    const Cookie& other = entry.cookie;
    if (other.name == cookie.name && other.path == cookie.path &&
        other.host_only == cookie.host_only) {
      return &entry;
    }
  }
  return nullptr;
}

void CookieJar::put(Cookie cookie, TimePoint now) {
  ++counter_;
  Entry* const same = find_same(cookie);
  if (cookie.is_expired(now)) {
    if (same == nullptr) return;
    remove_if([id = same->created](const Entry& entry) { return entry.created == id; });
  } else if (same != nullptr) {
    same->cookie = std::move(cookie);
    same->used = counter_;
  } else {
    const std::string domain = cookie.domain;
    domains_[domain].push_back({std::move(cookie), counter_, counter_});
    ++size_;
    evict(domain, now);
  }
}

std::vector<CookieJar::Entry*> CookieJar::find_for(const Url& url, TimePoint now) {
  std::vector<Entry*> found;
  const std::string_view host = url.hostname();
  const bool secure_origin = is_secure(url);
  for (std::string_view domain = host;;) {
    const auto entries = domains_.find(domain);
    if (entries != domains_.end()) {
      for (Entry& entry : entries->second) {
        const Cookie& cookie = entry.cookie;
        if (cookie.host_only && domain != host) continue;
        if (cookie.secure && !secure_origin) continue;
        if (!path_matches(url.pathname(), cookie.path) || cookie.is_expired(now)) continue;
        found.push_back(&entry);
      }
    }
    const std::size_t dot = domain.find('.');
    if (dot == std::string_view::npos || is_address(url)) return found;
    domain.remove_prefix(dot + 1);
  }
}

std::string CookieJar::header_for(const Url& url, TimePoint now) {
  std::string header;
  if (empty()) return header;
  std::vector<Entry*> found = find_for(url, now);
  std::sort(found.begin(), found.end(), [](const Entry* a, const Entry* b) {
    const std::size_t a_size = a->cookie.path.size();
    const std::size_t b_size = b->cookie.path.size();
    return a_size != b_size ? a_size > b_size : a->created < b->created;
  });
  ++counter_;
  for (Entry* entry : found) {
    entry->used = counter_;
    append(entry->cookie, header);
  }
  return header;
}

std::vector<Cookie> CookieJar::cookies(TimePoint now) const {
  std::vector<const Entry*> found;
  for (const auto& [domain, entries] : domains_) {
    for (const Entry& entry : entries) {
      if (!entry.cookie.is_expired(now)) found.push_back(&entry);
    }
  }
  std::sort(found.begin(), found.end(),
            [](const Entry* a, const Entry* b) { return a->created < b->created; });
  std::vector<Cookie> copies;
  copies.reserve(found.size());
  for (const Entry* entry : found) copies.push_back(entry->cookie);
  return copies;
}

void CookieJar::clear() noexcept {
  domains_.clear();
  size_ = 0;
}

void CookieJar::clear_domain(std::string_view domain) {
  const std::string wanted = ascii::lowered(domain.starts_with('.') ? domain.substr(1) : domain);
  remove_if([&](const Entry& entry) { return domain_matches(entry.cookie.domain, wanted); });
}

void CookieJar::remove_expired(TimePoint now) {
  remove_if([&](const Entry& entry) { return entry.cookie.is_expired(now); });
}

template <class Predicate>
void CookieJar::remove_if(Predicate predicate) {
  for (auto domain = domains_.begin(); domain != domains_.end();) {
    size_ -= std::erase_if(domain->second, predicate);
    domain = domain->second.empty() ? domains_.erase(domain) : std::next(domain);
  }
}

void CookieJar::evict(const std::string& domain, TimePoint now) {
  const auto is_crowded = [&] {
    const auto found = domains_.find(domain);
    return found != domains_.end() && found->second.size() > options_.max_per_domain;
  };
  if (!is_crowded() && size_ <= options_.max_total) return;
  remove_expired(now);
  while (is_crowded()) evict_from(domains_.find(domain));
  while (size_ > options_.max_total) evict_any();
}

void CookieJar::evict_from(Domains::iterator domain) {
  Entries& entries = domain->second;
  erase(domain,
        std::min_element(entries.begin(), entries.end(), [](const Entry& a, const Entry& b) {
          return std::tie(a.cookie.secure, a.used) < std::tie(b.cookie.secure, b.used);
        }));
}

void CookieJar::evict_any() {
  const auto least_used = [](Entries& entries) {
    return std::min_element(entries.begin(), entries.end(),
                            [](const Entry& a, const Entry& b) { return a.used < b.used; });
  };
  const auto domain = std::min_element(domains_.begin(), domains_.end(), [&](auto& a, auto& b) {
    return least_used(a.second)->used < least_used(b.second)->used;
  });
  erase(domain, least_used(domain->second));
}

void CookieJar::erase(Domains::iterator domain, Entries::iterator entry) {
  domain->second.erase(entry);
  if (domain->second.empty()) domains_.erase(domain);
  --size_;
}

}  // namespace rondo::proto
