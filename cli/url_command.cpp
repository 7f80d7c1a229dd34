// A line is answered as soon as it has been read, so that another program can use the command as a
// service.

#include "cli/url_command.hpp"

#include <fmt/format.h>

#include <cstdio>
#include <iostream>
#include <optional>

#include <CLI/CLI.hpp>

#include "rondo/proto/url.hpp"

#include "cli/exit_code.hpp"
#include "cli/json_input.hpp"
#include "cli/json_writer.hpp"
#include "cli/usage_error.hpp"

namespace rondo::cli {
namespace {

using proto::Url;
using proto::UrlError;

/// Why there is no URL, in words.
class NoUrl : public Error {
 public:
  NoUrl(std::string_view what, UrlError error)
      : Error(fmt::format("{}: {}", what, proto::describe(error))) {}
};

Url parse(std::string_view input, const std::optional<std::string>& base) {
  std::optional<Url> base_url;
  if (base) {
    auto parsed = Url::parse(*base);
    if (!parsed) throw NoUrl("invalid base URL", parsed.error());
    base_url = std::move(parsed).value();
  }
  auto url = Url::parse(input, base_url ? &*base_url : nullptr);
  if (!url) throw NoUrl("invalid URL", url.error());
  return std::move(url).value();
}

std::string to_json(const Url& url) {
  std::string line;
  JsonWriter json(line);
  const auto write = [&](std::string_view name, std::string_view value) {
    json.key(name);
    json.string(value);
  };
  json.begin_object();
  write("href", url.href());
  write("origin", url.origin());
  write("protocol", url.protocol());
  write("username", url.username());
  write("password", url.password());
  write("host", url.host());
  write("hostname", url.hostname());
  write("port", url.port());
  write("pathname", url.pathname());
  write("search", url.search());
  write("hash", url.hash());
  json.end_object();
  return line + '\n';
}

std::string error_to_json(std::string_view message) {
  std::string line;
  JsonWriter json(line);
  json.begin_object();
  json.key("error");
  json.string(message);
  json.end_object();
  return line + '\n';
}

void print(const std::string& text) {
  const bool is_written =
      std::fwrite(text.data(), 1, text.size(), stdout) == text.size() && std::fflush(stdout) == 0;
  if (!is_written) throw Error("cannot write to standard output");
}

int print_one(const std::string& input, const std::optional<std::string>& base) {
  try {
    print(to_json(parse(input, base)));
    return kSuccess;
  } catch (const NoUrl& error) {
    print(error_to_json(error.what()));
    return kFailure;
  }
}

struct UrlOptions {
  std::string input;
  std::optional<std::string> base;
  bool is_batch = false;
};

/// Gives the option of the URL itself.
CLI::Option* add_options(CLI::App& app, UrlOptions& options) {
  app.set_help_flag("-h,--help", "print this and exit");
  app.footer(
      "A line of --batch is {\"input\", \"base\", \"set\": [[attribute, value], ...]}.\n"
      "Exit code: 0, 1 if it is no URL, 2 usage. With --batch errors are answers, and it is 0.");
  auto* url = app.add_option("URL", options.input, "the URL")->type_name("");
  app.add_option_function<std::string>(
         "--base", [&](const std::string& text) { options.base = text; }, "what it is relative to")
      ->type_name("URL");
  app.add_flag("--batch", options.is_batch, "read JSON lines from standard input, and answer each")
      ->excludes("--base")
      ->excludes(url);
  return url;
}

int answer_batch() {
  for (std::string line; std::getline(std::cin, line);) {
    print(answer_url_line(line));
  }
  if (std::ferror(stdin) != 0) throw Error("cannot read standard input");
  return kSuccess;
}

}  // namespace

std::string answer_url_line(std::string_view line) {
  try {
    const JsonObject object(line);
    object.require_only({"input", "base", "set"});
    const auto input = object.string("input");
    if (!input) throw JsonInputError("\"input\" is missing");
    Url url = parse(*input, object.string("base"));
    for (const auto& [attribute, value] : object.pairs("set")) {
      if (const auto error = url.set(attribute, value))
        throw NoUrl("cannot set " + attribute, *error);
    }
    return to_json(url);
  } catch (const Error& error) {
    return error_to_json(error.what());
  }
}

std::vector<OptionRow> url_options_table() {
  UrlOptions options;
  CLI::App app("", "rondo url");
  add_options(app, options);
  return option_table(app);
}

int run_url(Arguments arguments) {
  UrlOptions options;
  CLI::App app("Prints the parts of a URL, by the names of the URL Standard, as a JSON object.",
               "rondo url");
  const CLI::Option* url = add_options(app, options);
  if (const auto code = parse_arguments(app, arguments)) return *code;
  if (options.is_batch) return answer_batch();
  if (url->count() == 0) throw UsageError("no URL; 'rondo url --help' shows what there is");
  return print_one(options.input, options.base);
}

}  // namespace rondo::cli
