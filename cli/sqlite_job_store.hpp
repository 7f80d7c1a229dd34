#pragma once
// The journal of one machine: a job store in an SQLite file.

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "cli/descriptor.hpp"
#include "cli/file_name.hpp"
#include "cli/job_store.hpp"
#include "cli/sqlite_database.hpp"

namespace rondo::cli {

/// One process at a time writes; others may read meanwhile. Memory does not grow with the journal.
/// Claims of a process that is gone are free again when the next one opens the journal. Killing the
/// process loses nothing that was acknowledged; a loss of power may lose the last acknowledgements,
/// never a part of one.
class SqliteJobStore final : public JobStore {
 public:
  enum class Access : std::uint8_t {
    run,   ///< makes the file unless it is there, and frees what others have claimed
    edit,  ///< the same for a file that is there
    read,
  };

  /// Throws `UsageError` when the file cannot be opened, is no journal, or belongs to a process
  /// that runs.
  SqliteJobStore(const std::string& path, Access access);
  ~SqliteJobStore() override;

  /// The directory of the outputs, as an absolute path; empty: none. Sets it in a new journal, and
  /// throws `UsageError` when the journal has another.
  void require_output(const std::string& directory);
  [[nodiscard]] std::string output();

  /// Letters that tell this journal's temporary files from others.
  [[nodiscard]] std::string tag();

  /// The process that has opened it last for writing.
  [[nodiscard]] std::int64_t owner();

  [[nodiscard]] ListPosition list_position() override;
  void add(std::span<const NewJob> jobs, ListPosition position) override;
  void begin_comparison() override;
  void add_missing(std::span<const NewJob> jobs) override;
  void end_comparison(ListPosition position) override;
  [[nodiscard]] std::vector<ClaimedJob> claim(std::size_t most, JobRecord::Time now) override;
  [[nodiscard]] std::optional<JobRecord::Time> next_time() override;
  void acknowledge(std::span<const JobRecord> records) override;
  [[nodiscard]] std::string name_output(std::uint64_t id, const std::string& wanted) override;
  std::uint64_t look_again() override;
  std::uint64_t retry_failed() override;
  [[nodiscard]] JobCounts counts() override;
  void visit_all(const std::function<void(const JobRecord&)>& visit) override;

 private:
  struct Statements;

  /// Jobs `first` to `last` were claimed at once; `open` of them are not acknowledged yet.
  struct Lease {
    std::uint64_t last = 0;
    std::uint64_t open = 0;
  };

  void prepare_file(const std::string& path, Access access);
  void take_over();
  [[nodiscard]] std::string meta(std::string_view name);
  void set_meta(std::string_view name, std::string_view value);
  void set_position(ListPosition position);
  void append(const NewJob& job);
  void claim_again(std::size_t most, JobRecord::Time now, std::vector<ClaimedJob>& claimed);
  void claim_stale(std::size_t most, std::vector<ClaimedJob>& claimed);
  void claim_fresh(std::size_t most, std::vector<ClaimedJob>& claimed);
  void write(const JobRecord& record);
  [[nodiscard]] Lease* lease_of(std::uint64_t id);
  void leave_lease(std::uint64_t id);

  std::mutex mutex_;
  Descriptor lock_;  // longer open than the connection: closing it would drop SQLite's own locks
  std::unique_ptr<SqliteDatabase> database_;
  std::unique_ptr<Statements> statements_;  // null for who only reads
  std::unique_ptr<NameTable> names_;
  std::uint64_t last_stale_ = 0;  // of those that are done, and were claimed to be looked after
  std::map<std::uint64_t, Lease> leases_;  // by the first job
};

}  // namespace rondo::cli
