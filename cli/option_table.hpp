#pragma once
// The options of a command as a table, for those who write them down elsewhere.

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace CLI {
class App;
}

namespace rondo::cli {

struct OptionRow {
  std::vector<std::string> names;  ///< "-i", "--input"
  std::string type;                ///< of its value, as the help has it: "FILE"; empty: a flag
  std::string help;
  bool repeats = false;
};

/// The options of `app` that are shown in its help, in their order; no positional arguments.
[[nodiscard]] std::vector<OptionRow> option_table(const CLI::App& app);

/// The one of `words` that is most like `word`; empty: none is like it.
[[nodiscard]] std::string_view nearest_word(std::span<const std::string_view> words,
                                            std::string_view word);

/// The long option of `table` that is most like `name`; empty: none is like it.
[[nodiscard]] std::string_view nearest_option(const std::vector<OptionRow>& table,
                                              std::string_view name);

}  // namespace rondo::cli
