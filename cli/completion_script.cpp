// All three are made of the same table. What a value may be is read off its name in the help:
// files, directories, or the words between bars.

#include "cli/completion_script.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "rondo/base/ascii.hpp"

#include "cli/append.hpp"

namespace rondo::cli {
namespace {

constexpr std::string_view kShells = "bash|zsh|fish";

enum class Values { none, any, files, directories, words };

Values values_of(std::string_view type) {
  if (type.empty()) return Values::none;
  if (type == "DIR") return Values::directories;
  if (type.starts_with("FILE") || type == "PATH" || type == "NAME.db") return Values::files;
  const bool is_words =
      type.find('|') != std::string_view::npos &&
      std::none_of(type.begin(), type.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
  return is_words ? Values::words : Values::any;
}

std::string words_of(std::string_view type) {
  std::string words(type);
  std::replace(words.begin(), words.end(), '|', ' ');
  return words;
}

std::string joined(const std::vector<std::string>& texts, std::string_view separator) {
  std::string out;
  for (const std::string& text : texts) {
    if (!out.empty()) out += separator;
    out += text;
  }
  return out;
}

/// `text` in single quotes, for all three shells but for `quote`, which stands for one inside.
std::string quoted(std::string_view text, std::string_view quote) {
  std::string out = "'";
  for (const char c : text) {
    if (c == '\'') {
      out += quote;
    } else {
      out += c;
    }
  }
  return out + "'";
}

/// The names of options whose values are `wanted`, as a pattern of `case`.
std::string pattern_of(const CommandRow& command, Values wanted) {
  std::string pattern;
  for (const OptionRow& option : command.options) {
    if (values_of(option.type) != wanted) continue;
    pattern += (pattern.empty() ? "" : "|") + joined(option.names, "|");
  }
  return pattern;
}

void append_bash_command(const CommandRow& command, std::string& out) {
  append(out, "    {})\n      case $previous in\n", command.name);
  for (const auto& [values, action] :
       {std::pair{Values::files, "_rondo_files"}, std::pair{Values::directories, "_rondo_files -d"},
        std::pair{Values::any, ":"}}) {
    const std::string pattern = pattern_of(command, values);
    if (!pattern.empty()) append(out, "        {}) {}; return;;\n", pattern, action);
  }
  std::string all;
  for (const OptionRow& option : command.options) {
    if (values_of(option.type) == Values::words) {
      append(out, "        {}) _rondo_words '{}'; return;;\n", joined(option.names, "|"),
             words_of(option.type));
    }
    all += joined(option.names, " ") + " ";
  }
  append(out, "      esac\n      if [[ $current == -* ]]; then _rondo_words '{}'\n", all);
  if (command.argument == "FILE") out += "      else _rondo_files\n";
  if (command.argument == kShells) {
    append(out, "      else _rondo_words '{}'\n", words_of(kShells));
  }
  out += "      fi;;\n";
}

std::string bash_script(std::span<const CommandRow> commands) {
  std::string names;
  for (const CommandRow& command : commands) append(names, "{} ", command.name);
  std::string out = R"(# Completions of rondo for bash; made by 'rondo completions bash'.
_rondo_words() { mapfile -t COMPREPLY < <(compgen -W "$1" -- "$current"); }
_rondo_files() {
  compopt -o filenames 2>/dev/null
  mapfile -t COMPREPLY < <(compgen "${1:--f}" -- "$current")
}
_rondo() {
  local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]}
  COMPREPLY=()
  if [[ $current == = ]]; then
    current=
  elif [[ $previous == = ]]; then
    previous=${COMP_WORDS[COMP_CWORD-2]}
  fi
)";
  append(out, "  if (( COMP_CWORD == 1 )); then _rondo_words '{}--help --version'; return; fi\n",
         names);
  out += "  case ${COMP_WORDS[1]} in\n";
  for (const CommandRow& command : commands) append_bash_command(command, out);
  return out + "  esac\n}\ncomplete -F _rondo rondo\n";
}

/// A description inside the brackets of a specification.
std::string zsh_text(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '[' || c == ']' || c == ':' || c == '\\') out += '\\';
    out += c;
  }
  return out;
}

std::string zsh_action(std::string_view type) {
  switch (values_of(type)) {
    case Values::none:
      return "";
    case Values::files:
      return ":file:_files";
    case Values::directories:
      return ":directory:_files -/";
    case Values::words:
      return ":value:(" + words_of(type) + ")";
    case Values::any:
      break;
  }
  return ":value: ";
}

void append_zsh_option(const OptionRow& option, std::string& out) {
  for (const std::string& name : option.names) {
    const std::string others = option.repeats ? "*" : "(" + joined(option.names, " ") + ")";
    const bool takes_value = !option.type.empty();
    const std::string_view sign = !takes_value ? "" : name.starts_with("--") ? "=" : "+";
    append(out, "        {} \\\n",
           quoted(fmt::format("{}{}{}[{}]{}", others, name, sign, zsh_text(option.help),
                              zsh_action(option.type)),
                  "'\\''"));
  }
}

std::string zsh_script(std::span<const CommandRow> commands) {
  std::string out =
      "#compdef rondo\n# Completions of rondo for zsh; made by 'rondo completions zsh'.\n"
      "_rondo() {\n  local context state state_descr line\n  typeset -A opt_args\n"
      "  local -a commands=(\n";
  for (const CommandRow& command : commands) {
    append(out, "    {}\n", quoted(fmt::format("{}:{}", command.name, command.help), "'\\''"));
  }
  out +=
      "  )\n  if (( CURRENT == 2 )); then\n    _describe command commands\n    return\n  fi\n"
      "  shift words\n  (( CURRENT-- ))\n  case $words[1] in\n";
  for (const CommandRow& command : commands) {
    append(out, "    {})\n      _arguments -s -S \\\n", command.name);
    for (const OptionRow& option : command.options) append_zsh_option(option, out);
    append(out, "        '*:argument{}';;\n",
           command.argument == "FILE"    ? ":_files"
           : command.argument == kShells ? ":(" + words_of(kShells) + ")"
                                         : ": ");
  }
  return out +
         "  esac\n}\nif [[ $funcstack[1] == _rondo ]]; then\n  _rondo \"$@\"\n"
         "else\n  compdef _rondo rondo\nfi\n";
}

void append_fish_option(std::string_view command, const OptionRow& option, std::string& out) {
  append(out, "complete -c rondo -n '__fish_seen_subcommand_from {}'", command);
  for (const std::string& name : option.names) {
    if (name.starts_with("--")) {
      append(out, " -l {}", name.substr(2));
    } else {
      append(out, " {} {}", name.size() == 2 ? "-s" : "-o", name.substr(1));
    }
  }
  switch (values_of(option.type)) {
    case Values::none:
      break;
    case Values::files:
      out += " -r -F";
      break;
    case Values::directories:
      out += " -x -a '(__fish_complete_directories)'";
      break;
    case Values::words:
      append(out, " -x -a '{}'", words_of(option.type));
      break;
    case Values::any:
      out += " -x";
      break;
  }
  append(out, " -d {}\n", quoted(option.help, "\\'"));
}

std::string fish_script(std::span<const CommandRow> commands) {
  std::string out =
      "# Completions of rondo for fish; made by 'rondo completions fish'.\n"
      "complete -c rondo -f\n";
  std::string names;
  for (const CommandRow& command : commands) append(names, " {}", command.name);
  for (const CommandRow& command : commands) {
    append(out, "complete -c rondo -n 'not __fish_seen_subcommand_from{}' -a {} -d {}\n", names,
           command.name, quoted(command.help, "\\'"));
    for (const OptionRow& option : command.options) append_fish_option(command.name, option, out);
    if (command.argument == "FILE") {
      append(out, "complete -c rondo -n '__fish_seen_subcommand_from {}' -F\n", command.name);
    } else if (command.argument == kShells) {
      append(out, "complete -c rondo -n '__fish_seen_subcommand_from {}' -a '{}'\n", command.name,
             words_of(kShells));
    }
  }
  return out;
}

}  // namespace

std::optional<std::string> completion_script(std::string_view shell,
                                             std::span<const CommandRow> commands) {
  if (shell == "bash") return bash_script(commands);
  if (shell == "zsh") return zsh_script(commands);
  if (shell == "fish") return fish_script(commands);
  return std::nullopt;
}

}  // namespace rondo::cli
