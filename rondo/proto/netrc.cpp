// A reader of words that counts lines, and a loop over keywords.

#include "rondo/proto/netrc.hpp"

#include <fmt/format.h>

#include <utility>

#include "rondo/base/ascii.hpp"

namespace rondo::proto {

class NetrcReader {
 public:
  explicit NetrcReader(std::string_view text) noexcept : rest_(text) {}

  Result<Netrc, NetrcError> run() {
    while (skip_to_keyword() && !error_) {
      const std::string keyword = take_word().value_or("");
      if (!error_) read_item(keyword);
    }
    if (error_) return Failure{*error_};
    return std::move(result_);
  }

 private:
  using Entry = Netrc::Entry;

  static bool is_space(char c) noexcept { return c == ' ' || (c >= '\t' && c <= '\r'); }

  char take() noexcept {
    const char c = rest_.front();
    rest_.remove_prefix(1);
    if (c == '\n') ++line_;
    return c;
  }

  void skip_spaces() noexcept {
    while (!rest_.empty() && is_space(rest_.front())) take();
  }

  void skip_line() noexcept {
    while (!rest_.empty() && take() != '\n') {
    }
  }

  bool skip_to_keyword() noexcept {
    skip_spaces();
    while (rest_.starts_with('#')) {
      skip_line();
      skip_spaces();
    }
    return !rest_.empty();
  }

  void fail(NetrcError::Kind kind) noexcept {
    if (!error_) error_ = NetrcError{kind, line_};
  }

  std::optional<std::string> take_word() {
    skip_spaces();
    if (rest_.empty()) {
      fail(NetrcError::Kind::missing_value);
      return std::nullopt;
    }
    if (rest_.front() == '"') return take_quoted();
    std::string word;
    while (!rest_.empty() && !is_space(rest_.front())) word.push_back(take());
    return word;
  }

  std::optional<std::string> take_quoted() {
    take();
    std::string word;
    while (!rest_.empty()) {
      const char c = take();
      if (c == '"') return word;
      if (c == '\\' && !rest_.empty()) {
        const char escaped = take();
        word.push_back(escaped == 'n'   ? '\n'
                       : escaped == 'r' ? '\r'
                       : escaped == 't' ? '\t'
                                        : escaped);
      } else {
        word.push_back(c);
      }
    }
    fail(NetrcError::Kind::unclosed_quote);
    return std::nullopt;
  }

  void read_item(std::string_view keyword) {
    if (keyword == "machine") {
      auto name = take_word();
      if (name) result_.entries_.push_back(Entry{false, *std::move(name), {}, {}, {}});
    } else if (keyword == "default") {
      result_.entries_.push_back(Entry{true, {}, {}, {}, {}});
    } else if (keyword == "macdef") {
      take_word();
      skip_macro();
    } else if (std::string* const value = value_of(keyword)) {
      if (auto word = take_word()) *value = *std::move(word);
    } else {
      fail(NetrcError::Kind::unknown_keyword);
    }
  }

  // Where the word behind `keyword` belongs; null if there is no such keyword, or no machine yet.
  std::string* value_of(std::string_view keyword) noexcept {
    if (result_.entries_.empty()) return nullptr;
    Entry& entry = result_.entries_.back();
    if (keyword == "login" || keyword == "user") return &entry.login;
    if (keyword == "password") return &entry.password;
    if (keyword == "account") return &entry.account;
    return nullptr;
  }

  // The body of a macro: whole lines, up to one that is empty.
  void skip_macro() noexcept {
    skip_line();
    while (!rest_.empty() && rest_.front() != '\n' && !rest_.starts_with("\r\n")) skip_line();
  }

  std::string_view rest_;
  std::size_t line_ = 1;
  std::optional<NetrcError> error_;
  Netrc result_;
};

Result<Netrc, NetrcError> Netrc::parse(std::string_view text) {
  if (text.starts_with("\xef\xbb\xbf")) text.remove_prefix(3);
  return NetrcReader(text).run();
}

std::optional<Netrc::Login> Netrc::find(std::string_view host,
                                        std::optional<std::string_view> user) const {
  const auto login_of = [](const Entry& entry) -> const std::string& {
    return entry.login.empty() ? entry.account : entry.login;
  };
  const auto fits = [&](const Entry& entry) {
    const std::string& login = login_of(entry);
    if (login.empty() && entry.password.empty()) return false;
    return !user || login.empty() || login == *user;
  };
  const Entry* found = nullptr;
  for (const Entry& entry : entries_) {
    if (!fits(entry)) continue;
    if (!entry.is_default && ascii::equal_ignoring_case(entry.machine, host)) {
      found = &entry;
      break;
    }
    if (entry.is_default && found == nullptr) found = &entry;
  }
  if (found == nullptr) return std::nullopt;
  const std::string& login = login_of(*found);
  return Login{login.empty() && user ? std::string(*user) : login, found->password};
}

std::string NetrcError::describe() const {
  switch (kind) {
    case Kind::unknown_keyword:
      return fmt::format("line {} of the netrc file has a word where a keyword should be", line);
    case Kind::missing_value:
      return fmt::format("line {} of the netrc file ends without a value", line);
    case Kind::unclosed_quote:
      return fmt::format("line {} of the netrc file ends within quotes", line);
  }
  return "";
}

}  // namespace rondo::proto
