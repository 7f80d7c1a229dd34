// Halves are worth keeping for a keeper alone, who remembers their validators; pieces that are
// missing are remembered with them.

#include "cli/body_file.hpp"

#include <utility>

#include "rondo/base/error.hpp"
#include "rondo/runtime/to_thread.hpp"

#include "cli/existing_copy.hpp"
#include "cli/half_body.hpp"

namespace rondo::cli {

BodyFile::BodyFile(TransferContext& context, const Job& job, proto::Sha256& hash)
    : context_(context), job_(job), hash_(hash) {
  if (!job.earlier || context.keeper == nullptr || context.directory == nullptr) return;
  has_half_ = job.earlier->had_begun;
  validators_ = job.earlier->half;
  if (has_half_) pieces_ = Pieces::parse(job.earlier->pieces);
}

void BodyFile::begin_attempt() noexcept {
  half_ = 0;
  is_whole_ = false;
  is_noted_ = false;
}

Task<> BodyFile::reopen_half(bool can_be_halved) {
  half_ = 0;
  if (!has_half_) co_return;
  if (can_be_halved && !validators_.empty()) {
    auto left = context_.directory->reopen(job_.output, job_.number);
    if (left) file_.emplace(std::move(*left));
  }
  const std::uint64_t size = file_ ? file_->size() : 0;
  const bool fits = !pieces_ || (pieces_->total() == size && pieces_->missing() > 0);
  if (size == 0 || !fits) {
    file_.reset();
    drop_half();
    co_return;
  }
  has_half_ = false;  // it is open
  if (pieces_) {
    pieces_->give_all_back();
    first_piece_ = pieces_->take().value();
    co_return;
  }
  half_ = size;
  co_await hash_all();
}

Task<> BodyFile::hash_all() {
  co_await to_thread([this] { file_->read_back([this](auto piece) { hash_.update(piece); }); });
}

bool BodyFile::is_first_piece(const http::Response& response) const {
  const Pieces::Piece& piece = pieces_->at(first_piece_);
  return is_stretch(response.status(), response.headers(),
                    {piece.next, piece.end, pieces_->total()}, validators_);
}

bool BodyFile::lacks_other_half(const http::Response& response) const {
  const int status = response.status();
  if (half_ == 0 && !pieces_) return false;
  if (status == 416) return true;
  if (status != 206) return false;
  if (pieces_) return !is_first_piece(response);
  return !is_other_half(status, response.headers(), half_, validators_);
}

std::optional<RangeFields> BodyFile::range() const {
  if (pieces_) {
    const Pieces::Piece& piece = pieces_->at(first_piece_);
    return RangeFields(piece.next, piece.end, validators_);
  }
  if (half_ > 0) return RangeFields(half_, validators_);
  return std::nullopt;
}

void BodyFile::give_up_half() {
  static_cast<void>(hash_.finish());
  validators_ = {};  // so that it is not kept
  pieces_.reset();
}

std::uint64_t BodyFile::open(const http::Response& response) {
  if (pieces_ && is_first_piece(response)) return 0;
  const bool goes_on =
      half_ > 0 && is_other_half(response.status(), response.headers(), half_, validators_);
  const bool may_be_halved = context_.keeper != nullptr || context_.options.split > 1;
  validators_ = may_be_halved ? validators_of(response.status(), response.headers()) : Validators();
  if (goes_on) return half_;
  pieces_.reset();
  if (half_ > 0) static_cast<void>(hash_.finish());
  if (file_) file_->keep();  // the new one takes its place
  file_.reset();
  file_.emplace(context_.keeper != nullptr ? context_.directory->create(job_.output, job_.number)
                                           : context_.directory->create(job_.output));
  return 0;
}

void BodyFile::divide(std::uint64_t total, std::size_t count) {
  file_->reserve(total);
  pieces_.emplace(total, count);
  first_piece_ = pieces_->take().value();
}

void BodyFile::note_half(unsigned attempts) {
  is_noted_ = true;
  context_.keeper->note_half(job_.number, left(attempts));
}

EarlierRuns BodyFile::left(unsigned attempts) const {
  return {.attempts = attempts,
          .had_begun = true,
          .half = validators_,
          .pieces = pieces_ ? pieces_->text() : ""};
}

std::string BodyFile::end(const http::Response& response, std::string_view sha256) {
  if (job_.output.empty()) {
    wanted_name_ = context_.naming.name_of(
        {.url = job_.url,
         .index = job_.number,
         .status = response.status(),
         .disposition = response.headers().get("Content-Disposition").value_or(""),
         .sha256 = sha256});
    if (context_.keeper == nullptr) {
      context_.directory->rename(*file_, context_.names.reserve(wanted_name_));
    }
  }
  if (context_.options.if_modified) set_modified(*file_, response.headers());
  std::string path = file_->path();
  if (context_.keeper != nullptr) {
    is_whole_ = true;
    return path;
  }
  file_->commit();
  file_.reset();
  return path;
}

void BodyFile::leave() noexcept {
  if (!file_ || is_whole_) return;
  if (context_.keeper != nullptr && !validators_.empty()) {
    has_half_ = true;
    file_->keep();
  }
  file_.reset();
}

void BodyFile::drop_half() {
  has_half_ = false;
  validators_ = {};
  pieces_.reset();
  try {
    // Opened once more, it is removed with the object.
    static_cast<void>(context_.directory->reopen(job_.output, job_.number));
  } catch (const Error&) {
    // It cannot be reached, no more than it could be written.
  }
}

}  // namespace rondo::cli
