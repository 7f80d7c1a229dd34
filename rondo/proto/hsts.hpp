#pragma once
// HTTP Strict Transport Security (RFC 6797): hosts that want to be reached over TLS only.
//
//   HstsStore hsts;
//   if (hsts.applies(url, now)) url = HstsStore::upgraded(url);
//   ...
//   if (auto value = head.headers.get("Strict-Transport-Security")) hsts.note(url, *value, now);

#include <chrono>
#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "rondo/proto/url.hpp"

namespace rondo::proto {

/// What a Strict-Transport-Security field says.
struct HstsPolicy {
  std::chrono::seconds max_age{};
  bool include_subdomains = false;

  /// Nothing if the field is not valid: no max-age, one that is no number, a directive that is
  /// there twice (RFC 6797 §6.1). Directives that are not known are passed over.
  [[nodiscard]] static std::optional<HstsPolicy> parse(std::string_view field);

  friend bool operator==(const HstsPolicy&, const HstsPolicy&) = default;
};

/// A host that is known.
struct HstsHost {
  std::string name;  ///< as a URL has it: ASCII in lower case, without a dot at its end
  std::chrono::sys_seconds expires{};
  bool include_subdomains = false;

  friend bool operator==(const HstsHost&, const HstsHost&) = default;
};

/// The hosts that are known, with the end of their time. One thread at a time. Its text for a file
/// is in hsts_file.hpp.
class HstsStore {
 public:
  using Time = std::chrono::system_clock::time_point;

  /// Beyond `max_hosts` the one whose time ends first is forgotten.
  explicit HstsStore(std::size_t max_hosts = 10'000) noexcept : max_hosts_(max_hosts) {}

  /// Remembers or, with max-age=0, forgets the host of `url`, which sent the first
  /// Strict-Transport-Security field of a response (RFC 6797 §8.1). Counts only over https, whose
  /// certificate was checked: that is up to the caller. Never for IP addresses.
  void note(const Url& url, std::string_view field, Time now);

  /// Whether `url`, an http one, has to be fetched over https: its host is known, or one above it
  /// is with includeSubDomains (RFC 6797 §8.3).
  [[nodiscard]] bool applies(const Url& url, Time now) const;

  /// Puts in a host that comes from the user or from a file, in place of what was known of it.
  /// Without effect if its time has ended, or its name is none of a host that a URL can have, or an
  /// IP address.
  void add(const HstsHost& host, Time now);

  /// Those whose time has not ended, by name.
  [[nodiscard]] std::vector<HstsHost> hosts(Time now) const;

  /// `url` over https: port 80 becomes 443, any other stays.
  [[nodiscard]] static Url upgraded(Url url);

  [[nodiscard]] std::size_t size() const noexcept { return hosts_.size(); }
  void clear() noexcept { hosts_.clear(); }

 private:
  struct Entry {
    Time expires;
    bool include_subdomains;
  };

  void put(std::string_view host, const Entry& entry, Time now);
  void make_room(Time now);

  std::size_t max_hosts_;
  std::map<std::string, Entry, std::less<>> hosts_;
};

}  // namespace rondo::proto
