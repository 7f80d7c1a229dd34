#pragma once
// Which parts of a body are still missing, while several are fetched at a time.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace rondo::cli {

/// A body of known size in stretches, each of which is filled from its front. Nothing here waits.
class Pieces {
 public:
  /// Bytes `next` to `end`, without that one, are missing.
  struct Piece {
    std::uint64_t next = 0;
    std::uint64_t end = 0;
    bool is_taken = false;
    [[nodiscard]] std::uint64_t left() const noexcept { return end - next; }
  };

  /// `count` pieces of about one size; nothing of them is there.
  Pieces(std::uint64_t total, std::size_t count);

  /// What `text` has written; nothing for anything else.
  [[nodiscard]] static std::optional<Pieces> parse(std::string_view text);

  /// "1000 0-250 300-500": the size of the whole, and what is missing.
  [[nodiscard]] std::string text() const;

  [[nodiscard]] std::uint64_t total() const noexcept { return total_; }
  [[nodiscard]] std::uint64_t missing() const noexcept;

  /// A piece that nobody has taken and that is missing; nothing: there is none.
  [[nodiscard]] std::optional<std::size_t> take();
  void give_back(std::size_t number) { pieces_.at(number).is_taken = false; }

  [[nodiscard]] const Piece& at(std::size_t number) const { return pieces_.at(number); }

  /// The next `bytes` of a piece, at most what is left of it, are there.
  void advance(std::size_t number, std::uint64_t bytes) { pieces_.at(number).next += bytes; }

  /// Nobody has any piece: at the start of another attempt.
  void give_all_back() noexcept;

 private:
  explicit Pieces(std::uint64_t total) noexcept : total_(total) {}

  std::uint64_t total_;
  std::vector<Piece> pieces_;
};

}  // namespace rondo::cli
