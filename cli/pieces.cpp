#include "cli/pieces.hpp"

#include <fmt/format.h>

#include <charconv>
#include <iterator>

namespace rondo::cli {
namespace {

bool take_number(std::string_view& text, std::uint64_t& value) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc()) return false;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return true;
}

bool take_character(std::string_view& text, char expected) {
  if (!text.starts_with(expected)) return false;
  text.remove_prefix(1);
  return true;
}

}  // namespace

Pieces::Pieces(std::uint64_t total, std::size_t count) : total_(total) {
  const std::uint64_t size = total / count;
  for (std::size_t i = 0; i < count; ++i) {
    pieces_.push_back({i * size, i + 1 == count ? total : (i + 1) * size});
  }
}

std::optional<Pieces> Pieces::parse(std::string_view text) {
  std::uint64_t total = 0;
  if (!take_number(text, total)) return std::nullopt;
  Pieces pieces(total);
  std::uint64_t before = 0;
  while (!text.empty()) {
    Piece piece;
    const bool is_piece = take_character(text, ' ') && take_number(text, piece.next) &&
                          take_character(text, '-') && take_number(text, piece.end);
    if (!is_piece || piece.next < before || piece.end <= piece.next || piece.end > total) {
      return std::nullopt;
    }
    before = piece.end;
    pieces.pieces_.push_back(piece);
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
