// A large body by several requests at a time. The request that asked for all of it fills the first
// piece and is then given up; helpers take the others, one after the other. A helper who is
// refused, or whose connection breaks, gives his piece back and leaves: the transfer itself takes
// up what is left over. If it is refused, too, all of the body is fetched anew by one request.

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

#include "rondo/runtime/task_group.hpp"

#include "cli/transfer.hpp"

namespace rondo::cli {
namespace {

constexpr std::uint64_t kLeastPiece = std::uint64_t{1} << 20;
constexpr std::size_t kUnnoted = std::size_t{4} << 20;

/// Gives a piece back, unless that is not there any more because it was filled.
class TakenPiece {
 public:
  TakenPiece(Pieces& pieces, std::size_t number) noexcept : pieces_(pieces), number_(number) {}
  TakenPiece(const TakenPiece&) = delete;
  TakenPiece& operator=(const TakenPiece&) = delete;
  ~TakenPiece() { pieces_.give_back(number_); }

 private:
  Pieces& pieces_;
  std::size_t number_;
};

}  // namespace

bool Transfer::can_divide(const http::Response& response) const {
  const FetchOptions& options = context_.options;
  const bool is_wanted = options.split > 1 && may_divide_ && file_.is_open() && !writes_body_ &&
                         !options.include_body && !options.digest;
  if (!is_wanted || response.status() != 200) return false;
  const auto unit = response.headers().get("Accept-Ranges");
  if (unit != "bytes" || !can_be_halved(parts_of(job_, options))) return false;
  if (validators_of(response.status(), response.headers()).empty()) return false;
  return response.content_length().value_or(0) >= 2 * kLeastPiece;
}

Task<> Transfer::receive_pieces(http::Response& response) {
  if (file_.pieces() == nullptr) {
    const std::uint64_t total = response.content_length().value();
    require_size(total);
    file_.divide(total, std::min<std::uint64_t>(context_.options.split, total / kLeastPiece));
  }
  trace_.note(fmt::format("in {} pieces at a time", context_.options.split));
  Pieces& pieces = *file_.pieces();
  piece_failure_ = nullptr;
  may_divide_ = false;  // not twice
  if (context_.keeper != nullptr) file_.note_half(attempts());
  co_await with_task_group([this, &response](TaskGroup& group) {
    for (std::size_t i = 1; i < context_.options.split; ++i) group.spawn(help_with_pieces());
    return fill_pieces(&response);
  });
  if (pieces.missing() > 0 && !is_refused_) co_await fill_pieces(nullptr);
  if (is_refused_) co_return;
  result_.body_bytes = pieces.total();
  if (hashes()) co_await file_.hash_all();
}

/// Fills the first piece from `response`, if there is one, and then what nobody has taken.
Task<> Transfer::fill_pieces(http::Response* response) {
  if (response != nullptr) {
    co_await receive_piece(*response, file_.first_piece());
    response->close();
  }
  while (!is_refused_) {
    const auto number = file_.pieces()->take();
    if (!number) break;
    const bool is_given = co_await fetch_piece(*number);
    if (is_given) continue;
    is_refused_ = response == nullptr;  // the others may still get what there is
    break;
  }
  if (piece_failure_) std::rethrow_exception(piece_failure_);
}

Task<> Transfer::help_with_pieces() {
  try {
    while (!is_refused_) {
      const auto number = file_.pieces()->take();
      if (!number) co_return;
      const bool is_given = co_await fetch_piece(*number);
      if (!is_given) co_return;
    }
  } catch (const http::ClientError&) {
    // The piece is taken up by somebody else.
  } catch (const OsError&) {
    piece_failure_ = std::current_exception();
  }
}

/// False: the server does not give it.
Task<bool> Transfer::fetch_piece(std::size_t number) {
  Pieces& pieces = *file_.pieces();
  const TakenPiece taken(pieces, number);
  co_await context_.pacer.wait();
  const Pieces::Piece piece = pieces.at(number);
  const RangeFields range(piece.next, piece.end, file_.validators());
  http::Response response = co_await send(&range, nullptr);
  const bool is_given = is_stretch(response.status(), response.headers(),
                                   {piece.next, piece.end, pieces.total()}, file_.validators());
  if (!is_given) co_return false;
  co_await receive_piece(response, number);
  co_return true;
}

Task<> Transfer::receive_piece(http::Response& response, std::size_t number) {
  Pieces& pieces = *file_.pieces();
  while (pieces.at(number).left() > 0) {
    if (piece_failure_) std::rethrow_exception(piece_failure_);
    std::string_view bytes = co_await response.read_any();
    if (bytes.empty()) {
      throw http::ClientPayloadError({result_.final_url, http::Phase::receive},
                                     "the body is shorter than the server has said");
    }
    bytes = bytes.substr(0, pieces.at(number).left());
    file_.write_at(pieces.at(number).next, bytes);
    pieces.advance(number, bytes.size());
    if (context_.keeper != nullptr) note_pieces(bytes.size());
    if (context_.bandwidth) co_await context_.bandwidth.take(bytes.size());
  }
  if (response.status() == 206) static_cast<void>(co_await response.read_any());  // its end
}

void Transfer::note_pieces(std::size_t bytes) {
  unnoted_ += bytes;
  if (unnoted_ < kUnnoted) return;
  unnoted_ = 0;
  file_.note_half(attempts());
}

}  // namespace rondo::cli
