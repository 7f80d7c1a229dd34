#pragma once
// The file of one transfer, over all its attempts.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "rondo/http/response.hpp"
#include "rondo/proto/digest.hpp"
#include "rondo/runtime/task.hpp"

#include "cli/half_body.hpp"
#include "cli/job.hpp"
#include "cli/output_file.hpp"
#include "cli/pieces.hpp"
#include "cli/transfer_context.hpp"

namespace rondo::cli {

/// Started, or gone on with where an attempt, perhaps of an earlier run, has left half of it; then
/// committed, handed over to the keeper, or left as it is for the next attempt. What writes throws
/// `OsError`.
class BodyFile {
 public:
  /// `hash` is of the body from its beginning.
  BodyFile(TransferContext& context, const Job& job, proto::Sha256& hash);

  void begin_attempt() noexcept;

  /// Whether an attempt has left something, which may turn out to be useful or not.
  [[nodiscard]] bool has_half() const noexcept { return has_half_; }

  /// Opens it, and hashes what is there, on a worker thread since that may be much. Afterwards
  /// `half` bytes, or all but some `pieces`, need not be fetched; or nothing is left.
  Task<> reopen_half(bool can_be_halved);
  [[nodiscard]] std::uint64_t half() const noexcept { return half_; }
  [[nodiscard]] Pieces* pieces() noexcept { return pieces_ ? &*pieces_ : nullptr; }

  /// The one that the attempt's own request asks for.
  [[nodiscard]] std::size_t first_piece() const noexcept { return first_piece_; }

  /// What asks for the rest; nothing: all of it is to be fetched.
  [[nodiscard]] std::optional<RangeFields> range() const;

  /// Whether the server has something else than the rest where only that will do.
  [[nodiscard]] bool lacks_other_half(const http::Response& response) const;

  /// Of the half, and then of the body.
  [[nodiscard]] const Validators& validators() const noexcept { return validators_; }

  /// Half of it is worth nothing any more.
  void give_up_half();

  [[nodiscard]] bool is_open() const noexcept { return file_.has_value(); }

  /// For the body of `response`: goes on with the half, or starts anew. Says how much is there.
  std::uint64_t open(const http::Response& response);

  /// From now on the body, of `total` bytes, comes in `count` pieces.
  void divide(std::uint64_t total, std::size_t count);

  void write(std::string_view piece) { file_->write(piece); }
  void write_at(std::uint64_t position, std::string_view piece) {
    file_->write_at(position, piece);
  }

  /// Hashes what is there, on a worker thread.
  Task<> hash_all();

  /// Lets the keeper know what could be gone on with, after `attempts`.
  void note_half(unsigned attempts);
  [[nodiscard]] bool is_noted() const noexcept { return is_noted_; }

  /// The body has come to its end. Gives the file its name, unless that is the keeper's business;
  /// says where it is.
  std::string end(const http::Response& response, std::string_view sha256);

  /// The attempt has ended. A file that is whole stays open for the keeper; half of one stays under
  /// its temporary name.
  void leave() noexcept;

  /// Half of it is no longer wanted.
  void drop_half();

  /// What is there for the keeper, and the name that it should get, if it has none.
  [[nodiscard]] std::optional<OutputFile> take_file() { return std::move(file_); }
  [[nodiscard]] std::string take_name() { return std::move(wanted_name_); }
  [[nodiscard]] EarlierRuns left(unsigned attempts) const;

 private:
  [[nodiscard]] bool is_first_piece(const http::Response& response) const;

  TransferContext& context_;
  const Job& job_;
  proto::Sha256& hash_;
  std::optional<OutputFile> file_;
  Validators validators_;
  std::optional<Pieces> pieces_;
  std::size_t first_piece_ = 0;
  std::string wanted_name_;  // of a file that was not named before the answer
  std::uint64_t half_ = 0;   // bytes that were there before this attempt
  bool has_half_ = false;
  bool is_whole_ = false;
  bool is_noted_ = false;  // the keeper knows of the half
};

}  // namespace rondo::cli
