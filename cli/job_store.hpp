#pragma once
// What a job that survives is kept in: every URL, its state, and what became of it.

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cli/job.hpp"

namespace rondo::cli {

enum class JobState : std::uint8_t {
  waiting,  ///< to be fetched, perhaps not before a time
  claimed,  ///< somebody fetches it
  done,
  failed,
};

/// A line of the input. `spec` is the line if it is a JSON object, else empty; `output` the file
/// name that is wanted, empty without files and where it is given later.
struct NewJob {
  std::string url;
  std::string spec;
  std::string output;
  std::uint64_t key = 0;  ///< a hash of the line: what is the same line has the same key
};

/// How far the input has been taken over, and a hash of all lines up to there.
struct ListPosition {
  std::uint64_t lines = 0;
  std::uint64_t hash = 0;
  bool operator==(const ListPosition&) const = default;
};

/// A job that is the caller's until it is acknowledged. `had_begun`: somebody has had it before,
/// and may have left half a file.
struct ClaimedJob {
  std::uint64_t id = 0;
  std::string url;
  std::string spec;
  std::string output;
  unsigned attempts = 0;  ///< in earlier claims
  bool had_begun = false;
  Validators validators = {};  ///< of the half file, if it can be resumed
  std::string pieces = {};     ///< what is missing of it, as it was acknowledged
  bool was_done = false;       ///< and is looked after again: `validators` are of the whole
};

/// What is known of a job.
struct JobRecord {
  using Time = std::chrono::system_clock::time_point;

  std::uint64_t id = 0;
  JobState state = JobState::waiting;
  unsigned attempts = 0;
  Time next_time{};  ///< of one that waits: not before
  int status = 0;
  std::uint64_t bytes = 0;
  std::string sha256;  ///< hexadecimal
  Validators validators = {};
  std::string final_url;
  std::string error_kind;
  std::string error_class;
  std::string error_phase;
  std::string error_message;
  Time finished{};
  std::string pieces = {};    ///< what is missing of a half file; only kept
  bool is_unchanged = false;  ///< what was known of a job that was done still holds
  // Of the input; only read, never acknowledged.
  std::string url = {};
  std::string output = {};
};

struct JobCounts {
  std::uint64_t total = 0;
  std::uint64_t done = 0;
  std::uint64_t failed = 0;
  [[nodiscard]] std::uint64_t left() const noexcept { return total - done - failed; }
};

/// A queue of jobs with memory. Jobs are claimed, which is a lease: they belong to the claimer
/// until he acknowledges them, or is gone; how the store learns of that is its business. Every call
/// is all or nothing, and what it has done outlives the process. Calls block, may come from any
/// thread and at the same time, and throw `Error`.
class JobStore {
 public:
  JobStore() = default;
  JobStore(const JobStore&) = delete;
  JobStore& operator=(const JobStore&) = delete;
  virtual ~JobStore() = default;

  /// How far the input was taken over by the last `add` or `end_comparison`.
  [[nodiscard]] virtual ListPosition list_position() = 0;

  /// Appends `jobs`; the input has been read up to `position`. Output names that are taken are
  /// numbered, in the order of the calls.
  virtual void add(std::span<const NewJob> jobs, ListPosition position) = 0;

  /// Compares an input with the store, from its first line: what `add_missing` is given is appended
  /// unless the store has it, as often as the input has it. One comparison at a time.
  virtual void begin_comparison() = 0;
  virtual void add_missing(std::span<const NewJob> jobs) = 0;
  virtual void end_comparison(ListPosition position) = 0;

  /// Claims at most `most` jobs whose time has come: those that were begun before, then the others
  /// in the order of the input.
  [[nodiscard]] virtual std::vector<ClaimedJob> claim(std::size_t most, JobRecord::Time now) = 0;

  /// When the first of the jobs that wait for a time may be claimed; nothing: none waits.
  [[nodiscard]] virtual std::optional<JobRecord::Time> next_time() = 0;

  /// Says what became of claimed jobs. The state `waiting` gives one back; `claimed` keeps it, and
  /// notes the validators of its half file.
  virtual void acknowledge(std::span<const JobRecord> records) = 0;

  /// Gives the claimed job `id` an output name: `wanted`, or a numbered one if that is taken.
  [[nodiscard]] virtual std::string name_output(std::uint64_t id, const std::string& wanted) = 0;

  /// Lets all that are done wait again, to be looked after; says how many. They stay as they are
  /// until something else is acknowledged.
  virtual std::uint64_t look_again() = 0;

  /// Lets all that failed wait again; says how many.
  virtual std::uint64_t retry_failed() = 0;

  [[nodiscard]] virtual JobCounts counts() = 0;

  /// Calls `visit` for every job in the order of the input.
  virtual void visit_all(const std::function<void(const JobRecord&)>& visit) = 0;
};

[[nodiscard]] constexpr std::string_view to_string(JobState state) noexcept {
  switch (state) {
    case JobState::waiting:
      return "waiting";
    case JobState::claimed:
      return "in_flight";
    case JobState::done:
      return "done";
    case JobState::failed:
      return "failed";
  }
  return "";
}

}  // namespace rondo::cli
