// The table `job` only grows, `result` has a row for what was begun or has ended, and `lease` one
// for each stretch of jobs that was claimed at once. Jobs behind the `frontier` were never claimed;
// so neither a claim nor a start ever looks for something in the whole journal. ("state < 2" is in
// the queries because SQLite takes a partial index only for a query that has its condition.) The
// state -1 is of those that are done and to be looked after again: their rows stay as they are.

#include "cli/sqlite_job_store.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>
#include <utility>

#include "cli/sqlite_job_tables.hpp"
#include "cli/terminal_text.hpp"
#include "cli/usage_error.hpp"

namespace rondo::cli {
namespace {

using Clock = std::chrono::system_clock;

std::int64_t milliseconds(Clock::time_point time) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(time.time_since_epoch()).count();
}

Clock::time_point time_of(std::int64_t since_epoch) {
  return Clock::time_point(std::chrono::milliseconds(since_epoch));
}

/// The start of the system that runs: what files held before another one may not be in them.
std::string boot() {
  std::ifstream file("/proc/sys/kernel/random/boot_id");
  std::string text;
  file >> text;
  return text;
}

/// A table of names that are taken, in the journal.
class SqliteNames final : public NameTable {
 public:
  explicit SqliteNames(SqliteDatabase& database)
      : database_(database),
        add_(database.prepare("INSERT OR IGNORE INTO name VALUES(?, ?)")),
        number_(database.prepare("SELECT next FROM name WHERE key = ?")),
        set_(database.prepare("UPDATE name SET next = ?2 WHERE key = ?1")) {}

  bool add(std::uint64_t key, std::uint32_t number) override {
    add_.run(key, number);
    return database_.changes() == 1;
  }
  std::uint32_t number_of(std::uint64_t key) override {
    const bool is_there = number_.start(key).next();
    const auto number = is_there ? static_cast<std::uint32_t>(number_.integer(0)) : 2U;
    number_.reset();
    return number;
  }
  void set_number(std::uint64_t key, std::uint32_t number) override { set_.run(key, number); }

 private:
  SqliteDatabase& database_;
  SqliteStatement add_;
  SqliteStatement number_;
  SqliteStatement set_;
};

}  // namespace

struct SqliteJobStore::Statements {
  explicit Statements(SqliteDatabase& database)
      : set_meta(database.prepare("INSERT OR REPLACE INTO meta VALUES(?, ?)")),
        add_job(database.prepare("INSERT INTO job(url, spec, output, key) VALUES(?, ?, ?, ?)")),
        name_job(database.prepare("UPDATE job SET output = ? WHERE id = ?")),
        again(database.prepare(
            "SELECT r.id, j.url, j.spec, j.output, r.attempts, r.etag, r.last_modified, r.pieces"
            " FROM result r JOIN job j ON j.id = r.id WHERE r.state = 0 AND r.state < 2 AND "
            "r.next_time <= ?"
            " ORDER BY r.next_time, r.id LIMIT ?")),
        mark(database.prepare("UPDATE result SET state = 1 WHERE id = ?")),
        fresh(database.prepare(
            "SELECT id, url, spec, output FROM job WHERE id > ? ORDER BY id LIMIT ?")),
        next_time(database.prepare("SELECT next_time FROM result WHERE state = 0 AND state < 2"
                                   " ORDER BY next_time LIMIT 1")),
        add_lease(database.prepare("INSERT INTO lease VALUES(?, ?, ?)")),
        end_lease(database.prepare("DELETE FROM lease WHERE first = ?")),
        put(database.prepare("INSERT OR REPLACE INTO result VALUES"
                             "(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")),
        stale(database.prepare(
            "SELECT r.id, j.url, j.spec, j.output, r.attempts, r.etag, r.last_modified"
            " FROM result r JOIN job j ON j.id = r.id WHERE r.state = -1 AND r.state < 2"
            " AND r.next_time = 0 AND r.id > ? ORDER BY r.next_time, r.id LIMIT ?")),
        still_done(database.prepare(
            "INSERT INTO result(id, state, attempts, finished) VALUES(?, 2, ?, ?)"
            " ON CONFLICT(id) DO UPDATE SET state = 2, finished = excluded.finished")),
        give_back(database.prepare("INSERT OR IGNORE INTO result(id, state) VALUES(?, 0)")) {}

  SqliteStatement set_meta;
  SqliteStatement add_job;
  SqliteStatement name_job;
  SqliteStatement again;
  SqliteStatement mark;
  SqliteStatement fresh;
  SqliteStatement next_time;
  SqliteStatement add_lease;
  SqliteStatement end_lease;
  SqliteStatement put;
  SqliteStatement stale;
  SqliteStatement still_done;
  SqliteStatement give_back;
};

SqliteJobStore::SqliteJobStore(const std::string& path, Access access) {
  const std::string shown = "the journal '" + printable(path) + "'";
  try {
    prepare_file(path, access);
  } catch (const SqliteError& error) {
    throw UsageError(shown + ": " + error.what());
  } catch (const OsError& error) {
    if (error.code() != EWOULDBLOCK) throw UsageError(shown + ": " + std::strerror(error.code()));
    throw UsageError(fmt::format("{} is in use by another rondo (process {})", shown,
                                 SqliteJobStore(path, Access::read).owner()));
  }
}

SqliteJobStore::~SqliteJobStore() = default;

void SqliteJobStore::prepare_file(const std::string& path, Access access) {
  const bool writes = access != Access::read;
  const int flags = writes ? O_RDWR : O_RDONLY;
  const int creates = access == Access::run ? O_CREAT : 0;
  lock_ = Descriptor(::open(path.c_str(), flags | creates | O_CLOEXEC, 0600));
  if (!lock_) throw OsError(errno, "open the journal");
  if (writes && ::flock(lock_.get(), LOCK_EX | LOCK_NB) != 0) {
    throw OsError(errno, "lock the journal");
  }
  using Mode = SqliteDatabase::Access;
  database_ = std::make_unique<SqliteDatabase>(path, writes ? Mode::write : Mode::read);
  prepare_tables(*database_, access == Access::run, writes);
  if (!writes) return;
  statements_ = std::make_unique<Statements>(*database_);
  names_ = std::make_unique<SqliteNames>(*database_);
  take_over();
}

/// The file is locked, so whoever has claimed anything is gone.
void SqliteJobStore::take_over() {
  SqliteTransaction transaction(*database_);
  database_->execute(
      "INSERT OR IGNORE INTO result(id, state) SELECT j.id, 0 FROM lease l JOIN job j"
      " ON j.id BETWEEN l.first AND l.last;"
      "DELETE FROM lease; UPDATE result SET state = 0 WHERE state = 1 AND state < 2;");
  const std::string now = boot();
  if (now.empty() || meta("boot") != now) {
    database_->execute(
        "UPDATE result SET etag = NULL, last_modified = NULL WHERE state = 0 AND state < 2");
  }
  set_meta("boot", now);
  statements_->set_meta.run(std::string_view("owner"), static_cast<std::int64_t>(::getpid()));
  transaction.commit();
}

std::string SqliteJobStore::meta(std::string_view name) {
  SqliteStatement get = database_->prepare("SELECT value FROM meta WHERE name = ?");
  return get.start(name).next() ? get.text(0) : "";
}

void SqliteJobStore::set_meta(std::string_view name, std::string_view value) {
  statements_->set_meta.run(name, value);
}

void SqliteJobStore::require_output(const std::string& directory) {
  const std::lock_guard guard(mutex_);
  if (database_->integer_of("SELECT count(*) FROM meta WHERE name = 'output'") == 0) {
    set_meta("output", directory);
    return;
  }
  const std::string known = meta("output");
  if (known == directory) return;
  throw UsageError(known.empty()
                       ? "the journal was made without -o; leave it out, or take a new journal"
                       : "the journal was made with -o '" + printable(known) +
                             "'; give the same, or take a new journal");
}

std::string SqliteJobStore::output() {
  const std::lock_guard guard(mutex_);
  return meta("output");
}

std::string SqliteJobStore::tag() {
  const std::lock_guard guard(mutex_);
  return meta("tag");
}

std::int64_t SqliteJobStore::owner() {
  const std::lock_guard guard(mutex_);
  return database_->integer_of("SELECT value FROM meta WHERE name = 'owner'");
}

ListPosition SqliteJobStore::list_position() {
  const std::lock_guard guard(mutex_);
  const auto value = [&](std::string_view name) {
    return static_cast<std::uint64_t>(
        database_->integer_of(fmt::format("SELECT value FROM meta WHERE name = '{}'", name)));
  };
  return {value("lines"), value("hash")};
}

void SqliteJobStore::set_position(ListPosition position) {
  statements_->set_meta.run(std::string_view("lines"), position.lines);
  statements_->set_meta.run(std::string_view("hash"), position.hash);
}

void SqliteJobStore::append(const NewJob& job) {
  const std::string output = job.output.empty() ? "" : reserve_name(*names_, job.output);
  statements_->add_job.run(std::string_view(job.url), std::string_view(job.spec),
                           std::string_view(output), job.key);
}

void SqliteJobStore::add(std::span<const NewJob> jobs, ListPosition position) {
  const std::lock_guard guard(mutex_);
  SqliteTransaction transaction(*database_);
  for (const NewJob& job : jobs) append(job);
  set_position(position);
  transaction.commit();
}

void SqliteJobStore::begin_comparison() {
  const std::lock_guard guard(mutex_);
  database_->execute(
      "CREATE INDEX IF NOT EXISTS job_key ON job(key);"
      "DROP TABLE IF EXISTS temp.met;"
      "CREATE TEMP TABLE met(key INTEGER PRIMARY KEY, id INTEGER NOT NULL);");
}

void SqliteJobStore::add_missing(std::span<const NewJob> jobs) {
  const std::lock_guard guard(mutex_);
  SqliteTransaction transaction(*database_);
  SqliteStatement find = database_->prepare(
      "SELECT id FROM job WHERE key = ?1"
      " AND id > ifnull((SELECT id FROM temp.met WHERE key = ?1), 0) ORDER BY id LIMIT 1");
  SqliteStatement meet = database_->prepare("INSERT OR REPLACE INTO temp.met VALUES(?, ?)");
  for (const NewJob& job : jobs) {
    std::int64_t id = 0;
    if (find.start(job.key).next()) {
      id = find.integer(0);
      find.reset();
    } else {
      append(job);
      id = database_->integer_of("SELECT last_insert_rowid()");
    }
    meet.run(job.key, id);
  }
  transaction.commit();
}

void SqliteJobStore::end_comparison(ListPosition position) {
  const std::lock_guard guard(mutex_);
  SqliteTransaction transaction(*database_);
  set_position(position);
  database_->execute("DROP TABLE temp.met; DROP INDEX job_key;");
  transaction.commit();
}

std::vector<ClaimedJob> SqliteJobStore::claim(std::size_t most, JobRecord::Time now) {
  const std::lock_guard guard(mutex_);
  std::vector<ClaimedJob> claimed;
  SqliteTransaction transaction(*database_);
  claim_again(most, now, claimed);
  if (claimed.size() < most) claim_stale(most - claimed.size(), claimed);
  if (claimed.size() < most) claim_fresh(most - claimed.size(), claimed);
  transaction.commit();
  return claimed;
}

void SqliteJobStore::claim_again(std::size_t most, JobRecord::Time now,
                                 std::vector<ClaimedJob>& claimed) {
  SqliteStatement& again = statements_->again;
  again.start(milliseconds(now), static_cast<std::uint64_t>(most));
  while (again.next()) {
    claimed.push_back({.id = static_cast<std::uint64_t>(again.integer(0)),
                       .url = again.text(1),
                       .spec = again.text(2),
                       .output = again.text(3),
                       .attempts = static_cast<unsigned>(again.integer(4)),
                       .had_begun = true,
                       .validators = {again.text(5), again.text(6)},
                       .pieces = again.text(7)});
  }
  for (const ClaimedJob& job : claimed) {
    statements_->mark.run(job.id);
    if (Lease* lease = lease_of(job.id)) ++lease->open;
  }
}

/// They are not marked: those that a killed process had are looked after again.
void SqliteJobStore::claim_stale(std::size_t most, std::vector<ClaimedJob>& claimed) {
  SqliteStatement& stale = statements_->stale;
  stale.start(last_stale_, static_cast<std::uint64_t>(most));
  while (stale.next()) {
    last_stale_ = static_cast<std::uint64_t>(stale.integer(0));
    claimed.push_back({.id = last_stale_,
                       .url = stale.text(1),
                       .spec = stale.text(2),
                       .output = stale.text(3),
                       .validators = {stale.text(5), stale.text(6)},
                       .was_done = true});
  }
}

void SqliteJobStore::claim_fresh(std::size_t most, std::vector<ClaimedJob>& claimed) {
  const std::size_t before = claimed.size();
  const std::int64_t frontier =
      database_->integer_of("SELECT value FROM meta WHERE name = 'frontier'");
  SqliteStatement& fresh = statements_->fresh;
  fresh.start(frontier, static_cast<std::uint64_t>(most));
  while (fresh.next()) {
    claimed.push_back({.id = static_cast<std::uint64_t>(fresh.integer(0)),
                       .url = fresh.text(1),
                       .spec = fresh.text(2),
                       .output = fresh.text(3)});
  }
  if (claimed.size() == before) return;
  const std::uint64_t first = claimed[before].id;
  const std::uint64_t last = claimed.back().id;
  statements_->add_lease.run(first, last, static_cast<std::int64_t>(::getpid()));
  statements_->set_meta.run(std::string_view("frontier"), last);
  leases_[first] = {last, claimed.size() - before};
}

std::optional<JobRecord::Time> SqliteJobStore::next_time() {
  const std::lock_guard guard(mutex_);
  SqliteStatement& next = statements_->next_time;
  std::optional<JobRecord::Time> time;
  if (next.start().next()) time = time_of(next.integer(0));
  next.reset();
  return time;
}

void SqliteJobStore::acknowledge(std::span<const JobRecord> records) {
  const std::lock_guard guard(mutex_);
  const auto leases = leases_;
  try {
    SqliteTransaction transaction(*database_);
    for (const JobRecord& record : records) write(record);
    for (const JobRecord& record : records) {
      if (record.state != JobState::claimed) leave_lease(record.id);
    }
    transaction.commit();
  } catch (...) {
    leases_ = leases;
    throw;
  }
}

void SqliteJobStore::write(const JobRecord& record) {
  if (record.is_unchanged && record.state == JobState::done) {
    return statements_->still_done.run(record.id, record.attempts, milliseconds(record.finished));
  }
  if (record.is_unchanged) return statements_->give_back.run(record.id);
  const auto text = [](const std::string& value) { return std::string_view(value); };
  statements_->put.run(
      record.id, static_cast<int>(record.state), record.attempts, milliseconds(record.next_time),
      record.status, record.bytes, text(record.sha256), text(record.validators.etag),
      text(record.validators.last_modified), text(record.final_url), text(record.error_kind),
      text(record.error_class), text(record.error_phase), text(record.error_message),
      milliseconds(record.finished), text(record.pieces));
}

SqliteJobStore::Lease* SqliteJobStore::lease_of(std::uint64_t id) {
  auto lease = leases_.upper_bound(id);
  if (lease == leases_.begin()) return nullptr;
  --lease;
  return id <= lease->second.last ? &lease->second : nullptr;
}

void SqliteJobStore::leave_lease(std::uint64_t id) {
  Lease* const lease = lease_of(id);
  if (lease == nullptr || --lease->open > 0) return;
  const std::uint64_t first = std::prev(leases_.upper_bound(id))->first;
  statements_->end_lease.run(first);
  leases_.erase(first);
}

std::string SqliteJobStore::name_output(std::uint64_t id, const std::string& wanted) {
  const std::lock_guard guard(mutex_);
  SqliteTransaction transaction(*database_);
  const std::string name = reserve_name(*names_, wanted);
  statements_->name_job.run(std::string_view(name), id);
  transaction.commit();
  return name;
}

std::uint64_t SqliteJobStore::look_again() {
  const std::lock_guard guard(mutex_);
  SqliteTransaction transaction(*database_);
  database_->execute("UPDATE result SET state = -1, next_time = 0 WHERE state = 2");
  const auto count = static_cast<std::uint64_t>(database_->changes());
  transaction.commit();
  last_stale_ = 0;
  return count;
}

std::uint64_t SqliteJobStore::retry_failed() {
  const std::lock_guard guard(mutex_);
  SqliteTransaction transaction(*database_);
  database_->execute(
      "UPDATE result SET state = 0, next_time = 0, etag = NULL, last_modified = NULL"
      " WHERE state = 3");
  const auto count = static_cast<std::uint64_t>(database_->changes());
  transaction.commit();
  return count;
}

JobCounts SqliteJobStore::counts() {
  const std::lock_guard guard(mutex_);
  SqliteStatement ended =
      database_->prepare("SELECT ifnull(sum(state = 2), 0), ifnull(sum(state = 3), 0) FROM result");
  static_cast<void>(ended.next());
  const auto total = database_->integer_of("SELECT ifnull(max(id), 0) FROM job");
  return {.total = static_cast<std::uint64_t>(total),
          .done = static_cast<std::uint64_t>(ended.integer(0)),
          .failed = static_cast<std::uint64_t>(ended.integer(1))};
}

void SqliteJobStore::visit_all(const std::function<void(const JobRecord&)>& visit) {
  const std::lock_guard guard(mutex_);
  SqliteStatement all = database_->prepare(
      "SELECT j.id, j.url, j.output, r.state, r.attempts, r.next_time, r.status, r.bytes,"
      " r.sha256, r.etag, r.last_modified, r.final_url, r.error_kind, r.error_class,"
      " r.error_phase, r.error_message, r.finished,"
      " EXISTS(SELECT 1 FROM lease l WHERE j.id BETWEEN l.first AND l.last)"
      " FROM job j LEFT JOIN result r ON r.id = j.id ORDER BY j.id");
  while (all.next()) {
    JobRecord record;
    record.id = static_cast<std::uint64_t>(all.integer(0));
    record.url = all.text(1);
    record.output = all.text(2);
    const bool is_leased = all.integer(17) != 0;
    const bool has_row = !all.is_null(3);
    record.state = has_row ? static_cast<JobState>(std::max<std::int64_t>(all.integer(3), 0))
                           : (is_leased ? JobState::claimed : JobState::waiting);
    record.attempts = static_cast<unsigned>(all.integer(4));
    record.next_time = time_of(all.integer(5));
    record.status = static_cast<int>(all.integer(6));
    record.bytes = static_cast<std::uint64_t>(all.integer(7));
    record.sha256 = all.text(8);
    record.validators = {all.text(9), all.text(10)};
    record.final_url = all.text(11);
    record.error_kind = all.text(12);
    record.error_class = all.text(13);
    record.error_phase = all.text(14);
    record.error_message = all.text(15);
    record.finished = time_of(all.integer(16));
    visit(record);
  }
}

}  // namespace rondo::cli
