#pragma once
// The file .netrc: who to log in as on which host. No standard describes it; this is the format of
// ftp(1) with the quoting of curl and Python.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "rondo/base/result.hpp"

namespace rondo::proto {

/// Why a file cannot be used, and where: never with a word of it, which could be a password.
struct NetrcError {
  enum class Kind : std::uint8_t { unknown_keyword, missing_value, unclosed_quote };
  Kind kind;
  std::size_t line;  ///< counted from 1

  /// One line: "line 3 of the netrc file has a keyword that is not known".
  [[nodiscard]] std::string describe() const;
};

/// The parsed file, a value:
///
///     machine example.org login fred password "with \"quotes\" and spaces"
///     default login anonymous password guest
///
/// Words are separated by white space; one in double quotes may hold white space and the escapes
/// \n, \r, \t, \" and \\. A # where a keyword would stand begins a comment. `macdef` and the lines
/// behind it up to an empty one are passed over.
class Netrc {
 public:
  struct Login {
    std::string user;
    std::string password;
    friend bool operator==(const Login&, const Login&) = default;
  };

  /// Knows nobody.
  Netrc() = default;

  /// Parses the text of a file.
  [[nodiscard]] static Result<Netrc, NetrcError> parse(std::string_view text);

  /// The login for `host`, whose case counts for nothing: that of the first machine with this name,
  /// or else of the `default`. With a `user`, only entries for that user count, and those that name
  /// none. Where there is no login but an account, the account is the user (as in aiohttp). An
  /// entry with neither user nor password says nothing.
  [[nodiscard]] std::optional<Login> find(std::string_view host,
                                          std::optional<std::string_view> user = {}) const;

 private:
  friend class NetrcReader;

  struct Entry {
    bool is_default = false;
    std::string machine;
    std::string login;
    std::string account;
    std::string password;
  };

  std::vector<Entry> entries_;
};

}  // namespace rondo::proto
