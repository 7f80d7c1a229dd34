// What is empty is bound as NULL, so that the tables hold nothing where there is nothing to say.

#include "cli/sqlite_database.hpp"

#include <sqlite3.h>

namespace rondo::cli {
namespace {

constexpr int kPatience = 10000;  // ms for another process that writes

[[noreturn]] void fail(sqlite3* database) {
  throw SqliteError(database == nullptr ? "no memory" : sqlite3_errmsg(database));
}

}  // namespace

void SqliteStatement::Finalize::operator()(sqlite3_stmt* statement) const noexcept {
  sqlite3_finalize(statement);
}

SqliteStatement::SqliteStatement(sqlite3* database, std::string_view sql) {
  sqlite3_stmt* statement = nullptr;
  const int code = sqlite3_prepare_v3(database, sql.data(), static_cast<int>(sql.size()),
                                      SQLITE_PREPARE_PERSISTENT, &statement, nullptr);
  if (code != SQLITE_OK) fail(database);
  statement_.reset(statement);
}

bool SqliteStatement::next() {
  const int code = sqlite3_step(statement_.get());
  if (code == SQLITE_ROW) return true;
  if (code != SQLITE_DONE) {
    const std::string what = sqlite3_errmsg(sqlite3_db_handle(statement_.get()));
    reset();
    throw SqliteError(what);
  }
  reset();
  return false;
}

std::int64_t SqliteStatement::integer(int column) const {
  return sqlite3_column_int64(statement_.get(), column);
}

std::string SqliteStatement::text(int column) const {
  const void* bytes = sqlite3_column_blob(statement_.get(), column);
  if (bytes == nullptr) return {};
  const auto size = static_cast<std::size_t>(sqlite3_column_bytes(statement_.get(), column));
  return {static_cast<const char*>(bytes), size};
}

bool SqliteStatement::is_null(int column) const {
  return sqlite3_column_type(statement_.get(), column) == SQLITE_NULL;
}

void SqliteStatement::reset() noexcept {
  sqlite3_reset(statement_.get());
}

void SqliteStatement::bind(int index, std::int64_t value) {
  check(sqlite3_bind_int64(statement_.get(), index, value));
}

void SqliteStatement::bind(int index, std::string_view text) {
  check(text.empty() ? sqlite3_bind_null(statement_.get(), index)
                     : sqlite3_bind_text64(statement_.get(), index, text.data(), text.size(),
                                           SQLITE_STATIC, SQLITE_UTF8));
}

void SqliteStatement::bind(int index, Blob blob) {
  check(blob.bytes.empty() ? sqlite3_bind_null(statement_.get(), index)
                           : sqlite3_bind_blob64(statement_.get(), index, blob.bytes.data(),
                                                 blob.bytes.size(), SQLITE_STATIC));
}

void SqliteStatement::check(int code) const {
  if (code != SQLITE_OK) fail(sqlite3_db_handle(statement_.get()));
}

void SqliteDatabase::Close::operator()(sqlite3* database) const noexcept {
  sqlite3_close_v2(database);
}

SqliteDatabase::SqliteDatabase(const std::string& path, Access access) {
  const int mode =
      access == Access::read ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
  sqlite3* database = nullptr;
  // Whoever shares a connection between threads locks it himself.
  const int code = sqlite3_open_v2(path.c_str(), &database, mode | SQLITE_OPEN_NOMUTEX, nullptr);
  database_.reset(database);
  if (code != SQLITE_OK) fail(database);
  sqlite3_busy_timeout(database, kPatience);
}

void SqliteDatabase::execute(const std::string& sql) {
  if (sqlite3_exec(database_.get(), sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK) {
    fail(database_.get());
  }
}

std::int64_t SqliteDatabase::integer_of(std::string_view sql) {
  SqliteStatement statement = prepare(sql);
  return statement.next() ? statement.integer(0) : 0;
}

std::int64_t SqliteDatabase::changes() const noexcept {
  return sqlite3_changes64(database_.get());
}

SqliteTransaction::SqliteTransaction(SqliteDatabase& database) : database_(database) {
  database_.execute("BEGIN IMMEDIATE");
}

SqliteTransaction::~SqliteTransaction() {
  if (!is_open_) return;
  try {
    database_.execute("ROLLBACK");
  } catch (const SqliteError&) {
    // The error that led here has undone it already.
  }
}

void SqliteTransaction::commit() {
  database_.execute("COMMIT");
  is_open_ = false;
}

}  // namespace rondo::cli
