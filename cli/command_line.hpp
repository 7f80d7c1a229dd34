#pragma once
// What the command lines of all sub-commands have in common.

#include <optional>
#include <span>
#include <string>

namespace CLI {
class App;
}

namespace rondo::cli {

/// The arguments behind the name of a sub-command.
using Arguments = std::span<const std::string>;

/// Lets `app` read `arguments`. Gives an exit code when that was all there was to do, as with
/// `--help`, which is printed. Throws `UsageError` for what `app` does not know.
[[nodiscard]] std::optional<int> parse_arguments(CLI::App& app, Arguments arguments);

}  // namespace rondo::cli
