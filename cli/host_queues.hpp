#pragma once
// Which of the waiting jobs goes next. Nothing here waits.

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "cli/job.hpp"

namespace rondo::cli {

/// What tells hosts apart for the order of fetching: the authority of a URL as it is written. Two
/// spellings of one host count as two here; the session's own limit knows better.
[[nodiscard]] std::string_view host_of(std::string_view url) noexcept;

/// Jobs in order of their arrival, except that one whose host is busy lets others pass: a list that
/// is sorted by host keeps all workers busy as far as it can be seen.
class HostQueues {
 public:
  /// The host of a job that was taken; it counts as busy until `finished`.
  class Host;

  struct Taken {
    Job job;
    Host* host = nullptr;
  };

  /// At most `limit_per_host` jobs of a host are under way at a time.
  explicit HostQueues(std::size_t limit_per_host);
  ~HostQueues();

  void push(Job job);

  /// The earliest job whose host has room; nothing when there is none.
  [[nodiscard]] std::optional<Taken> take();

  void finished(Host& host);

  /// Whether `take` would give something.
  [[nodiscard]] bool has_ready() const noexcept { return !ready_.empty(); }

  /// How many jobs wait, and how many bytes they hold.
  [[nodiscard]] std::size_t size() const noexcept { return size_; }
  [[nodiscard]] std::size_t bytes() const noexcept { return bytes_; }

 private:
  struct NameHash {
    using is_transparent = void;
    std::size_t operator()(std::string_view name) const noexcept {
      return std::hash<std::string_view>{}(name);
    }
  };
  using Hosts = std::unordered_map<std::string, std::unique_ptr<Host>, NameHash, std::equal_to<>>;

  Host& host_named(std::string_view name);
  void mark_ready(Host& host);

  std::size_t limit_per_host_;
  Hosts hosts_;
  std::map<std::uint64_t, Host*> ready_;  // hosts with room, by their first job's number
  std::size_t size_ = 0;
  std::size_t bytes_ = 0;
};

}  // namespace rondo::cli
