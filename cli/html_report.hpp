#pragma once
// `--report`: the run as one page that needs nothing else.

#include <string>

#include "cli/file_place.hpp"
#include "cli/run_file.hpp"
#include "cli/run_statistics.hpp"

namespace rondo::cli {

/// The whole page. It loads nothing, runs no script, and leads nowhere.
[[nodiscard]] std::string html_page(const RunStatistics& run, const RunEnd& end);

/// Writes the page at the end of the run.
class HtmlReport final : public RunFile {
 public:
  /// Throws `OsError` when no file can be made there.
  explicit HtmlReport(FilePlace place);

  void add(const TransferResult& result) override { run_.add(result); }
  void finish(const RunEnd& end) override { place_.replace(html_page(run_, end)); }

 private:
  FilePlace place_;
  RunStatistics run_;
};

}  // namespace rondo::cli
