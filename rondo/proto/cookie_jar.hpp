#pragma once
// The cookies of a session: what servers set, and what is sent back to whom (RFC 6265bis §5.7,
// §5.8).

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "rondo/proto/cookie.hpp"
#include "rondo/proto/url.hpp"

namespace rondo::proto {

struct CookieJarOptions {
  /// Cookies with the same domain, and all of them. When there are more, some are evicted: expired
  /// ones, else those of a domain that has too many (those that are not Secure first), else any;
  /// among equals the one that was not sent for longest.
  std::size_t max_per_domain = 180;
  std::size_t max_total = 3000;
  /// Whether `http` to this machine (localhost, names under it, 127.0.0.0/8, ::1) counts as secure,
  /// as in browsers. Otherwise `https` and `wss` do, and nothing else.
  bool trust_loopback = false;
};

/// A store of cookies. One thread at a time. Time is passed in; the jar keeps no clock.
///
/// What is never sent where: a cookie without Domain goes back to its host alone, one with Domain
/// to the names under it as well; addresses and single labels have no names under them. Public
/// suffixes are no Domain.
class CookieJar {
 public:
  using TimePoint = std::chrono::system_clock::time_point;

  explicit CookieJar(CookieJarOptions options = {}) noexcept : options_(options) {}

  /// Takes the value of one Set-Cookie field of a response to `url`. Nothing is returned if it was
  /// obeyed, which means stored, or removed if it has expired.
  std::optional<CookieRefusal> store(const Url& url, std::string_view set_cookie, TimePoint now);

  /// Puts in a cookie that comes from the user or from a file. A leading dot of the domain is
  /// dropped, capitals in it are lowered, and a path without a slash is "/". An expired one removes
  /// what it would have replaced. Refuses what a header cannot carry, an empty domain
  /// (`foreign_domain`), and broken prefixes.
  std::optional<CookieRefusal> add(Cookie cookie, TimePoint now);

  /// The value of the Cookie field of a request to `url`, empty if there is none to send: longer
  /// paths first, then in the order in which the cookies came.
  [[nodiscard]] std::string header_for(const Url& url, TimePoint now);

  /// A copy of all that have not expired, in the order in which they came.
  [[nodiscard]] std::vector<Cookie> cookies(TimePoint now) const;

  [[nodiscard]] std::size_t size() const noexcept { return size_; }
  [[nodiscard]] bool empty() const noexcept { return size_ == 0; }

  void clear() noexcept;
  /// Removes the cookies of `domain` and of the names under it.
  void clear_domain(std::string_view domain);
  void remove_expired(TimePoint now);

 private:
  // Creation and use are counted, not timed: cookies that come at the same moment keep their order.
  struct Entry {
    Cookie cookie;
    std::uint64_t created = 0;
    std::uint64_t used = 0;
  };
  using Entries = std::vector<Entry>;

  struct DomainHash {
    using is_transparent = void;
    std::size_t operator()(std::string_view domain) const noexcept {
      return std::hash<std::string_view>{}(domain);
    }
  };
  using Domains = std::unordered_map<std::string, Entries, DomainHash, std::equal_to<>>;

  [[nodiscard]] bool is_secure(const Url& url) const;
  [[nodiscard]] bool hides_secure_cookie(const Cookie& cookie) const;
  [[nodiscard]] Entry* find_same(const Cookie& cookie);
  [[nodiscard]] std::vector<Entry*> find_for(const Url& url, TimePoint now);
  void put(Cookie cookie, TimePoint now);
  void evict(const std::string& domain, TimePoint now);
  void evict_from(Domains::iterator domain);
  void evict_any();
  void erase(Domains::iterator domain, Entries::iterator entry);
  template <class Predicate>
  void remove_if(Predicate predicate);

  CookieJarOptions options_;
  Domains domains_;
  std::size_t size_ = 0;
  std::uint64_t counter_ = 0;
};

}  // namespace rondo::proto
