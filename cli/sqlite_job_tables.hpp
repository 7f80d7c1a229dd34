#pragma once
// The tables of a journal in an SQLite file, and the versions that there have been.

#include "cli/sqlite_database.hpp"

namespace rondo::cli {

/// Sees to it that the database has them: they are made in a new one if `makes`, and brought up to
/// date if it `writes`. Throws `SqliteError` for a database that is no journal, or one of a later
/// version.
void prepare_tables(SqliteDatabase& database, bool makes, bool writes);

}  // namespace rondo::cli
