// Version 2 has the pieces that are missing of a half file.

#include "cli/sqlite_job_tables.hpp"

#include <fmt/format.h>

#include <cstdint>
#include <random>
#include <string>

namespace rondo::cli {
namespace {

constexpr std::int64_t kApplication = 0x526e646f;  // "Rndo", in the file's header
constexpr std::int64_t kVersion = 2;

// What is not synchronised at each commit survives a kill all the same.
constexpr const char* kSettings =
    "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-8192;"
    "PRAGMA wal_autocheckpoint=8192; PRAGMA journal_size_limit=67108864; PRAGMA temp_store=FILE;";

constexpr const char* kTables =
    "CREATE TABLE meta(name TEXT PRIMARY KEY, value) WITHOUT ROWID;"
    "CREATE TABLE job(id INTEGER PRIMARY KEY, url TEXT, spec TEXT, output TEXT, key INTEGER);"
    "CREATE TABLE name(key INTEGER PRIMARY KEY, next INTEGER NOT NULL);"
    "CREATE TABLE lease(first INTEGER PRIMARY KEY, last INTEGER NOT NULL, owner INTEGER NOT NULL);"
    "CREATE TABLE result(id INTEGER PRIMARY KEY, state INTEGER NOT NULL,"
    " attempts INTEGER NOT NULL DEFAULT 0, next_time INTEGER NOT NULL DEFAULT 0, status INTEGER,"
    " bytes INTEGER, sha256 TEXT, etag TEXT, last_modified TEXT, final_url TEXT, error_kind TEXT,"
    " error_class TEXT, error_phase TEXT, error_message TEXT, finished INTEGER, pieces TEXT);"
    "CREATE INDEX result_open ON result(state, next_time) WHERE state < 2;";

std::string random_tag() {
  std::random_device random;
  return fmt::format("{:08x}", random());
}

void make_tables(SqliteDatabase& database) {
  database.execute(kSettings);
  SqliteTransaction transaction(database);
  database.execute(kTables);
  database.execute(
      fmt::format("PRAGMA application_id={}; PRAGMA user_version={}; INSERT INTO meta VALUES"
                  "('tag','{}'),('frontier',0),('lines',0),('hash',0);",
                  kApplication, kVersion, random_tag()));
  transaction.commit();
}

void require_version(SqliteDatabase& database, bool writes) {
  if (database.integer_of("PRAGMA application_id") != kApplication) {
    throw SqliteError("it is no journal of rondo");
  }
  const std::int64_t version = database.integer_of("PRAGMA user_version");
  if (version == kVersion) return;
  if (version != 1) throw SqliteError("another version of rondo has made it");
  if (!writes) return;  // what it lacks is only for who fetches
  SqliteTransaction transaction(database);
  database.execute(
      fmt::format("ALTER TABLE result ADD COLUMN pieces TEXT; PRAGMA user_version={};", kVersion));
  transaction.commit();
}

}  // namespace

void prepare_tables(SqliteDatabase& database, bool makes, bool writes) {
  const bool is_new = database.integer_of("PRAGMA schema_version") == 0;
  if (is_new && makes) {
    make_tables(database);
  } else {
    require_version(database, writes);
  }
  if (writes) database.execute(kSettings);
}

}  // namespace rondo::cli
