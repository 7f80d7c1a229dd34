#pragma once
// Remembers answers, and asks the same question only once at a time.

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "rondo/dns/resolver.hpp"
#include "rondo/runtime/event_loop.hpp"

namespace rondo::dns {

struct CacheOptions {
  /// An answer is kept for its TTL, but not shorter and not longer than this. 0 and 0: answers are
  /// not kept.
  std::chrono::seconds min_ttl{1};
  std::chrono::seconds max_ttl{300};

  /// How long it is remembered that a name does not exist, or has no address; 0: not at all. Other
  /// failures are never kept.
  std::chrono::seconds negative_ttl{5};

  /// How many names are kept; the one that was not used for the longest time goes first.
  std::size_t max_entries = 1000;
};

/// How often the cache has had the answer.
struct CacheStatistics {
  std::uint64_t hits = 0;    ///< the answer was there
  std::uint64_t joined = 0;  ///< somebody was asking already
  std::uint64_t misses = 0;  ///< a question of its own
};

/// A cache in front of another resolver. Those who ask for a name that is being asked for wait for
/// that answer. Who of them is cancelled leaves the others alone; with the last one the question is
/// cancelled too. IP addresses and localhost pass by the cache.
///
/// Belongs to the loop that runs at its first use; under another one it throws `WrongLoopError`,
/// and so on.
class CachingResolver final : public Resolver {
 public:
  explicit CachingResolver(std::shared_ptr<Resolver> source, CacheOptions options = {});
  ~CachingResolver() override;

  [[nodiscard]] Task<Resolution> resolve(std::string host, std::uint16_t port,
                                         Family family) override;

  /// Forgets all answers. Questions that are under way go on.
  void clear() noexcept;

  /// How many names are kept, those that have expired included.
  [[nodiscard]] std::size_t size() const noexcept;

  [[nodiscard]] const CacheStatistics& statistics() const noexcept;

  /// Whether `resolve` would answer from what is kept. Loop thread only.
  [[nodiscard]] bool knows(std::string_view host, Family family) const;

 private:
  struct Core;

  void require_loop();

  std::shared_ptr<Core> core_;
  std::optional<LoopReference> handle_;
};

}  // namespace rondo::dns
