#pragma once
// SQLite with owners: a connection, and statements that are prepared once.

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "rondo/base/error.hpp"

struct sqlite3;
struct sqlite3_stmt;

namespace rondo::cli {

/// What SQLite could not do, in its words.
class SqliteError : public Error {
 public:
  using Error::Error;
};

/// Bytes that are bound as a blob.
struct Blob {
  std::string_view bytes;
};

/// A prepared statement. Everything throws `SqliteError`.
class SqliteStatement {
 public:
  SqliteStatement(sqlite3* database, std::string_view sql);

  /// Binds `values` to the statement's parameters, in their order: numbers, text (empty: NULL) and
  /// blobs (likewise). Text must last until the next `start`.
  template <class... Values>
  SqliteStatement& start(const Values&... values) {
    reset();
    int index = 0;
    (bind(++index, values), ...);
    return *this;
  }

  /// The next row; false: there is none left.
  bool next();

  /// Runs to the end; for what gives no rows.
  template <class... Values>
  void run(const Values&... values) {
    start(values...);
    while (next()) {
    }
  }

  /// Of the current row.
  [[nodiscard]] std::int64_t integer(int column) const;
  [[nodiscard]] std::string text(int column) const;
  [[nodiscard]] bool is_null(int column) const;

  void reset() noexcept;

 private:
  struct Finalize {
    void operator()(sqlite3_stmt* statement) const noexcept;
  };

  void bind(int index, std::int64_t value);
  void bind(int index, std::uint64_t value) { bind(index, static_cast<std::int64_t>(value)); }
  void bind(int index, int value) { bind(index, static_cast<std::int64_t>(value)); }
  void bind(int index, unsigned value) { bind(index, static_cast<std::int64_t>(value)); }
  void bind(int index, std::string_view text);
  void bind(int index, Blob blob);
  void check(int code) const;

  std::unique_ptr<sqlite3_stmt, Finalize> statement_;
};

/// One connection. One thread at a time.
class SqliteDatabase {
 public:
  enum class Access : std::uint8_t { read, write };

  /// Opens `path`; with `write` the file is made unless it is there. Throws `SqliteError`.
  SqliteDatabase(const std::string& path, Access access);

  /// Runs one or several statements that give nothing.
  void execute(const std::string& sql);

  [[nodiscard]] SqliteStatement prepare(std::string_view sql) {
    return SqliteStatement(database_.get(), sql);
  }

  /// The first column of the first row; 0 without one.
  [[nodiscard]] std::int64_t integer_of(std::string_view sql);

  /// How many rows the last statement has changed.
  [[nodiscard]] std::int64_t changes() const noexcept;

 private:
  struct Close {
    void operator()(sqlite3* database) const noexcept;
  };

  std::unique_ptr<sqlite3, Close> database_;
};

/// From BEGIN IMMEDIATE to `commit`; without that, all of it is undone.
class SqliteTransaction {
 public:
  explicit SqliteTransaction(SqliteDatabase& database);
  SqliteTransaction(const SqliteTransaction&) = delete;
  SqliteTransaction& operator=(const SqliteTransaction&) = delete;
  ~SqliteTransaction();

  void commit();

 private:
  SqliteDatabase& database_;
  bool is_open_ = true;
};

}  // namespace rondo::cli
