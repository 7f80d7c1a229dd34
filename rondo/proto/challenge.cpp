// Commas separate challenges as well as their parameters. What tells them apart is the equals sign:
// a token with one behind it is a parameter of the challenge before, a token without one begins a
// challenge.

#include "rondo/proto/challenge.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include "rondo/base/ascii.hpp"
#include "rondo/proto/field_syntax.hpp"

namespace rondo::proto {
namespace {

constexpr std::string_view kBlanks = " \t";

bool is_token68_byte(char c) noexcept {
  return ascii::is_alnum(c) || std::string_view("-._~+/").find(c) != std::string_view::npos;
}

class Reader {
 public:
  explicit Reader(std::string_view field) noexcept : rest_(field) {}

  std::vector<Challenge> run() {
    while (true) {
      skip(", \t");
      const std::string_view token = take_token();
      if (token.empty()) break;
      if (!challenges_.empty() && is_equals_next()) {
        if (!read_value(token)) break;
      } else {
        challenges_.push_back({ascii::lowered(token), {}, {}});
        if (!read_first()) break;
      }
    }
    return std::move(challenges_);
  }

 private:
  void skip(std::string_view bytes) noexcept {
    rest_.remove_prefix(std::min(rest_.find_first_not_of(bytes), rest_.size()));
  }

  std::string_view take_token() noexcept {
    const std::string_view token =
        rest_.substr(0, std::min(find_invalid_token_byte(rest_), rest_.size()));
    rest_.remove_prefix(token.size());
    return token;
  }

  [[nodiscard]] bool is_equals_next() const noexcept {
    const std::size_t at = rest_.find_first_not_of(kBlanks);
    return at != std::string_view::npos && rest_[at] == '=';
  }

  // What follows the name of a scheme: nothing, its first parameter, or a token68. False: nothing
  // that makes sense.
  bool read_first() {
    const bool has_blank = !rest_.empty() && kBlanks.find(rest_.front()) != std::string_view::npos;
    skip(kBlanks);
    if (rest_.empty() || rest_.front() == ',') return true;
    if (!has_blank) return false;
    if (read_token68()) return true;
    const std::string_view name = take_token();
    if (!name.empty() && is_equals_next()) return read_value(name);
    return false;
  }

  bool read_token68() {
    const auto* end = std::find_if_not(rest_.begin(), rest_.end(), is_token68_byte);
    if (end == rest_.begin()) return false;
    end = std::find_if(end, rest_.end(), [](char c) { return c != '='; });
    const auto size = static_cast<std::size_t>(end - rest_.begin());
    const std::size_t next = rest_.find_first_not_of(kBlanks, size);
    if (next != std::string_view::npos && rest_[next] != ',') return false;
    challenges_.back().token68 = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return true;
  }

  // The equals sign comes next, behind white space perhaps.
  bool read_value(std::string_view name) {
    skip(kBlanks);
    rest_.remove_prefix(1);
    skip(kBlanks);
    std::string value;
    if (rest_.starts_with('"')) {
      value = take_quoted();
    } else {
      value = rest_.substr(0, rest_.find_first_of(", \t"));
      rest_.remove_prefix(value.size());
    }
    skip(kBlanks);
    Challenge& challenge = challenges_.back();
    if (is_field_value(value) && !challenge.parameter(name)) {
      challenge.parameters.push_back({ascii::lowered(name), std::move(value)});
    }
    return rest_.empty() || rest_.front() == ',';
  }

  std::string take_quoted() {
    std::string value;
    rest_.remove_prefix(1);
    while (!rest_.empty()) {
      char c = rest_.front();
      rest_.remove_prefix(1);
      if (c == '"') break;
      if (c == '\\' && !rest_.empty()) {
        c = rest_.front();
        rest_.remove_prefix(1);
      }
      value.push_back(c);
    }
    return value;
  }

  std::string_view rest_;
  std::vector<Challenge> challenges_;
};

}  // namespace

std::optional<std::string_view> Challenge::parameter(std::string_view name) const noexcept {
  for (const FieldParameter& each : parameters) {
    if (ascii::equal_ignoring_case(each.name, name)) return each.value;
  }
  return std::nullopt;
}

std::vector<Challenge> parse_challenges(std::string_view field) {
  return Reader(field).run();
}

std::vector<Challenge> parse_challenges(const HeaderMap& headers, std::string_view name) {
  std::vector<Challenge> all;
  headers.for_each(name, [&](std::string_view value) {
    std::vector<Challenge> some = parse_challenges(value);
    std::move(some.begin(), some.end(), std::back_inserter(all));
  });
  return all;
}

}  // namespace rondo::proto
