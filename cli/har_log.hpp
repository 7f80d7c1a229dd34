#pragma once
// `--har`: requests and answers for the developer tools of browsers.

#include <optional>
#include <string>

#include "rondo/base/error.hpp"

#include "cli/file_place.hpp"
#include "cli/run_file.hpp"

namespace rondo::cli {

/// Written as transfers end, so that its memory does not grow with their number; the file appears,
/// whole, at the end of the run. There are no bodies in it.
class HarLog final : public RunFile {
 public:
  /// `shows_secrets`: credentials and cookies are in it, and the owner alone can read it. Throws
  /// `OsError` when no file can be made there.
  HarLog(FilePlace place, bool shows_secrets);

  void add(const TransferResult& result) override;
  void finish(const RunEnd& end) override;

 private:
  void write_entry(const RecordedHop& hop, std::string_view error);
  void write_out() noexcept;

  static constexpr std::size_t kPiece = std::size_t{64} * 1024;

  FilePlace place_;
  bool shows_secrets_;
  OutputFile file_;
  std::string buffer_;
  bool has_entries_ = false;
  std::optional<OsError> error_;  // that has ended the writing
};

}  // namespace rondo::cli
