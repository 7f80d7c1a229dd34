#include "cli/pieces.hpp"

#include <fmt/format.h>

#include <iterator>

#include "cli/text_front.hpp"

namespace rondo::cli {
Pieces::Pieces(std::uint64_t total, std::size_t count) : total_(total) {
  const std::uint64_t size = total / count;
  for (std::size_t i = 0; i < count; ++i) {
    pieces_.push_back({i * size, i + 1 == count ? total : (i + 1) * size});
  }
}

std::optional<Pieces> Pieces::parse(std::string_view text) {
  const auto total = take_number(text);
  if (!total) return std::nullopt;
  Pieces pieces(*total);
  std::uint64_t before = 0;
  while (!text.empty()) {
    if (!take_text(text, " ")) return std::nullopt;
    const auto next = take_number(text);
    if (!next || !take_text(text, "-")) return std::nullopt;
    const auto end = take_number(text);
    if (!end || *next < before || *end <= *next || *end > *total) return std::nullopt;
    before = *end;
    pieces.pieces_.push_back({*next, *end});
  }
  return pieces;
}

std::string Pieces::text() const {
  std::string text = std::to_string(total_);
  for (const Piece& piece : pieces_) {
    if (piece.left() > 0) {
      fmt::format_to(std::back_inserter(text), " {}-{}", piece.next, piece.end);
    }
  }
  return text;
}

std::uint64_t Pieces::missing() const noexcept {
  std::uint64_t bytes = 0;
  for (const Piece& piece : pieces_) bytes += piece.left();
  return bytes;
}

std::optional<std::size_t> Pieces::take() {
  for (std::size_t i = 0; i < pieces_.size(); ++i) {
    if (pieces_[i].is_taken || pieces_[i].left() == 0) continue;
    pieces_[i].is_taken = true;
    return i;
  }
  return std::nullopt;
}

void Pieces::give_all_back() noexcept {
  for (Piece& piece : pieces_) piece.is_taken = false;
}

}  // namespace rondo::cli
