// What lies in one piece of the connection's is handed out as a view of it; only what lies in
// several is copied together.

#include "rondo/http/response_pieces.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "rondo/http/errors.hpp"
#include "rondo/http/response.hpp"

namespace rondo::http {

std::string_view ResponseChunks::cut(std::size_t size) noexcept {
  const std::string_view part = piece_.substr(0, size);
  piece_.remove_prefix(part.size());
  return part;
}

Task<std::string_view> ResponseChunks::next() {
  gathered_.clear();
  while (true) {
    if (gathered_.empty() && piece_.size() >= size_) co_return cut(size_);
    gathered_.append(cut(size_ - gathered_.size()));
    if (gathered_.size() == size_) co_return gathered_;
    piece_ = co_await response_->read_any();
    if (piece_.empty()) co_return gathered_;
  }
}

void ResponseLines::require_room(std::size_t size) const {
  if (size <= max_line_) return;
  throw ResponseTooLarge({response_->url().without_credentials(), Phase::receive},
                         fmt::format("a line of the body is longer than {} bytes", max_line_));
}

Task<std::optional<std::string_view>> ResponseLines::next() {
  gathered_.clear();
  while (true) {
    const auto end = piece_.find('\n');
    const bool is_whole = end != std::string_view::npos;
    const std::string_view part = piece_.substr(0, end);
    require_room(gathered_.size() + part.size());
    piece_.remove_prefix(std::min(piece_.size(), part.size() + 1));
    if (is_whole) {
      std::string_view line = part;
      if (!gathered_.empty()) line = gathered_.append(part);
      if (line.ends_with('\r')) line.remove_suffix(1);
      co_return line;
    }
    gathered_.append(part);
    piece_ = co_await response_->read_any();
    if (piece_.empty()) break;
  }
  if (gathered_.empty()) co_return std::nullopt;
  co_return std::string_view(gathered_);
}

Task<std::optional<proto::ServerSentEvent>> ResponseEvents::next() {
  while (true) {
    std::optional<proto::ServerSentEvent> event = parser_.feed(piece_);
    if (event) co_return event;
    if (parser_.error() != proto::EventStreamError::none) {
      throw ResponseTooLarge({response_->url().without_credentials(), Phase::receive},
                             std::string(proto::describe(parser_.error())));
    }
    piece_ = co_await response_->read_any();
    if (piece_.empty()) co_return std::nullopt;
  }
}

}  // namespace rondo::http
