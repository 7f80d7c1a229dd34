#pragma once
// Every way in which the tests cut an input: whole, in two at each position, and byte by byte.

#include <cstddef>
#include <string_view>
#include <utility>
#include <vector>

namespace rondo::proto::testing {

/// Pieces of one input. Each is memory of its own, of exactly its size, that is freed once it has
/// been fed: the address sanitizer sees who reads past it or keeps a view.
class Pieces {
 public:
  explicit Pieces(std::vector<std::string_view> views) : views_(std::move(views)) {}

  /// Calls `feed(std::string_view)` with one piece after the other until it returns false.
  template <class Feed>
  void each(Feed&& feed) const {
    for (const std::string_view view : views_) {
      const std::vector<char> copy(view.begin(), view.end());
      if (!feed(std::string_view(copy.data(), copy.size()))) return;
    }
  }

  /// Where the first cut is.
  [[nodiscard]] std::size_t first_size() const { return views_.empty() ? 0 : views_[0].size(); }
  [[nodiscard]] std::size_t count() const { return views_.size(); }

 private:
  std::vector<std::string_view> views_;
};

/// All the ways to cut `input`; the first is not to cut it.
inline std::vector<Pieces> all_cuts(std::string_view input) {
  std::vector<Pieces> cuts;
  cuts.push_back(Pieces({input}));
  for (std::size_t at = 1; at < input.size(); ++at) {
    cuts.push_back(Pieces({input.substr(0, at), input.substr(at)}));
  }
  std::vector<std::string_view> bytes;
  for (std::size_t at = 0; at < input.size(); ++at) bytes.push_back(input.substr(at, 1));
  cuts.push_back(Pieces(std::move(bytes)));
  return cuts;
}

}  // namespace rondo::proto::testing
