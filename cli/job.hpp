#pragma once
// One URL to fetch, as the command line or a line of the input says it.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace rondo::cli {

using HeaderList = std::vector<std::pair<std::string, std::string>>;

/// What tells whether half of a body still fits the other half (RFC 9110 §8.8).
struct Validators {
  std::string etag;
  std::string last_modified;
  [[nodiscard]] bool empty() const noexcept { return etag.empty() && last_modified.empty(); }
};

/// What earlier runs have done for a job.
struct EarlierRuns {
  unsigned attempts = 0;
  bool had_begun = false;   ///< they may have left half a file
  Validators half = {};     ///< of that file, if it can be gone on with
  std::string pieces = {};  ///< what of it is missing, as `Pieces` write it; empty: the end
  Validators whole = {};    ///< of a whole file that is looked after again
};

struct Job {
  std::uint64_t number = 0;  ///< in the order of the input, from 1
  std::string url;
  std::string method;  ///< empty: as the command line says
  HeaderList headers;  ///< each takes the place of one of the same name of the command line
  std::optional<std::string> body;
  std::string sha256;   ///< that the body must have, in small hexadecimal digits; empty: any
  std::string output;   ///< the file's name inside the output directory
  std::string problem;  ///< why there is nothing to send; empty: there is
  std::shared_ptr<const EarlierRuns> earlier;  ///< null: it is new

  /// About how much memory it holds.
  [[nodiscard]] std::size_t size() const noexcept {
    std::size_t bytes = sizeof(Job) + url.size() + output.size();
    for (const auto& [name, value] : headers) bytes += name.size() + value.size();
    return bytes + (body ? body->size() : 0);
  }
};

/// A job on its way from the input to its transfer, which hands it on many times. Null: none.
using JobPtr = std::unique_ptr<Job>;

}  // namespace rondo::cli
