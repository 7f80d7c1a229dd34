// The distance of names is that of Levenshtein: how many letters are to be put in, taken out or
// exchanged.

#include "cli/option_table.hpp"

#include <algorithm>
#include <cstddef>
#include <numeric>

#include <CLI/CLI.hpp>

namespace rondo::cli {
namespace {

std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t exchanged = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, exchanged});
    }
  }
  return row.back();
}

}  // namespace

std::vector<OptionRow> option_table(const CLI::App& app) {
  std::vector<OptionRow> table;
  for (const CLI::Option* option : app.get_options()) {
    if (option->get_positional() || option->get_group().empty()) continue;
    OptionRow row;
    for (const std::string& name : option->get_snames()) row.names.push_back("-" + name);
    for (const std::string& name : option->get_lnames()) row.names.push_back("--" + name);
    if (option->get_items_expected_max() > 0) row.type = option->get_type_name();
    row.help = option->get_description();
    row.repeats = option->get_expected_max() > 1;
    table.push_back(std::move(row));
  }
  return table;
}

std::string_view nearest_word(std::span<const std::string_view> words, std::string_view word) {
  std::string_view nearest;
  const std::size_t most = std::max<std::size_t>(word.size() > 6 ? 3 : 2, word.size() / 3);
  std::size_t least = most + 2;
  for (const std::string_view candidate : words) {
    const bool continues = word.size() > 4 && candidate.starts_with(word);
    std::size_t far = distance(candidate, word);
    if (far > most && !continues) continue;
    far = std::min(far, most + 1);
    if (far >= least) continue;
    least = far;
    nearest = candidate;
  }
  return nearest;
}

std::string_view nearest_option(const std::vector<OptionRow>& table, std::string_view name) {
  std::vector<std::string_view> names;
  for (const OptionRow& row : table) {
    for (const std::string& candidate : row.names) {
      if (candidate.starts_with("--")) names.emplace_back(candidate);
    }
  }
  return name.starts_with("--") ? nearest_word(names, name) : std::string_view();
}

}  // namespace rondo::cli
