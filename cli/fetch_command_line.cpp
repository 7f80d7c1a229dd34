// A table of options for CLI11. Every value comes as text and is read by option_values.hpp: CLI11's
// own conversions take octal numbers and split lists.

#include "cli/fetch_command_line.hpp"

#include <array>
#include <functional>
#include <limits>
#include <string>
#include <string_view>
#include <utility>

#include <CLI/CLI.hpp>

#include "rondo/base/ascii.hpp"
#include "rondo/proto/basic_auth.hpp"
#include "rondo/proto/proxy_url.hpp"

#include "cli/job_parser.hpp"
#include "cli/option_values.hpp"
#include "cli/usage_error.hpp"

namespace rondo::cli {
namespace {

constexpr std::size_t kMaxConcurrency = 100000;
constexpr std::size_t kMostPieces = 64;

constexpr const char* kDescription =
    "Fetches URLs concurrently. One URL and neither -o nor --jsonl: its body goes to standard "
    "output.\nSeveral: a line for each, with status, bytes, seconds and URL.";

constexpr const char* kFooter =
    "Input lines are URLs, or JSON objects {\"url\", \"method\", \"headers\": [[name, value]],\n"
    "\"body\" or \"body_base64\", \"output\", \"sha256\"}, or rows of CSV below a line that names "
    "the\n"
    "columns, one of them \"url\".\n"
    "Exit code: 0 all went well, 1 at least one transfer did not, 2 usage (nothing was sent);\n"
    "130 ended by Ctrl-C, 143 by SIGTERM, 129 by SIGHUP.\n"
    "Not built yet, and refused: --http2, --http3.";

struct Unbuilt {
  const char* names;
  bool takes_value;
};

constexpr std::array kUnbuilt = {Unbuilt{"--http2", false}, Unbuilt{"--http3", false}};

/// Adds options to one group of an app.
class Group {
 public:
  Group(CLI::App& app, std::string name) : app_(app), name_(std::move(name)) {}

  /// An option with a value; `take(option, value)` reads it.
  template <class Take>
  CLI::Option* value(const std::string& names, const std::string& type, const std::string& help,
                     Take take) const {
    const std::string option = names.substr(names.rfind("--"));
    auto read = [option, take](const std::string& text) { take(option, text); };
    return app_.add_option_function<std::string>(names, read, help)->type_name(type)->group(name_);
  }

  /// The same as often as the user likes.
  template <class Take>
  CLI::Option* values(const std::string& names, const std::string& type, const std::string& help,
                      Take take) const {
    const std::string option = names.substr(names.rfind("--"));
    auto read = [option, take](const std::vector<std::string>& texts) {
      for (const std::string& text : texts) take(option, text);
    };
    return app_.add_option_function<std::vector<std::string>>(names, read, help)
        ->allow_extra_args(false)
        ->type_name(type)
        ->group(name_);
  }

  CLI::Option* text(const std::string& names, const std::string& type, const std::string& help,
                    std::string& target) const {
    return value(names, type, help, [&target](const std::string& option, const std::string& text) {
      if (text.empty()) throw UsageError(option + " needs a value");
      target = text;
    });
  }

  CLI::Option* flag(const std::string& names, const std::string& help, bool& target,
                    bool meaning = true) const {
    auto set = [&target, meaning](std::int64_t) { target = meaning; };
    return app_.add_flag_function(names, set, help)->group(name_);
  }

 private:
  CLI::App& app_;
  std::string name_;
};

void set_header(FetchOptions& options, const std::string& name, const std::string& value) {
  const std::string problem = problem_with_header(name, value);
  if (!problem.empty()) throw UsageError(problem);
  options.headers.emplace_back(name, value);
}

std::string basic_credentials(const std::string& option, const std::string& text) {
  const std::size_t colon = text.find(':');
  if (colon == std::string::npos) throw UsageError(option + " needs NAME:PASSWORD");
  const auto value = proto::basic_auth(text.substr(0, colon), text.substr(colon + 1));
  if (!value) throw UsageError(option + ": " + std::string(proto::describe(value.error())));
  return *value;
}

void add_input(CLI::App& app, FetchOptions& options) {
  app.add_option("URL", options.urls, "what to fetch")->group("Input")->type_name("");
  Group(app, "Input")
      .text("-i,--input", "FILE",
            "a list: a URL, a JSON object or a row of CSV a line; - is standard input",
            options.input);
  Group(app, "Input")
      .text("--job", "NAME.db",
            "a journal, so that the same command goes on where it was stopped or killed",
            options.job);
  Group(app, "Input")
      .flag("--retry-failed", "fetch again what the journal has as failed", options.retry_failed)
      ->needs("--job");
}

/// Everything that becomes a header field waits in `given`, since -H goes before the others.
struct GivenHeaders {
  std::string authorization;
  std::string user_agent;
  std::string cookie;
};

/// What the template of names is made of.
struct GivenNames {
  std::optional<std::string> name_template;
  bool name_from_header = false;
};

void add_authentication(const Group& group, FetchOptions& options, GivenHeaders& given) {
  auto* user = group.value("-u,--user", "NAME:PASSWORD", "Basic authentication",
                           [&](const auto& option, const std::string& text) {
                             given.authorization = basic_credentials(option, text);
                             options.user = text.substr(0, text.find(':'));
                             options.password = text.substr(text.find(':') + 1);
                           });
  group
      .flag("--digest", "Digest in place of Basic authentication, when the server asks",
            options.digest)
      ->needs(user);
  group
      .value("--bearer", "TOKEN", "Bearer authentication",
             [&](const auto& option, const std::string& text) {
               if (text.empty()) throw UsageError(option + " needs a value");
               given.authorization = "Bearer " + text;
             })
      ->excludes(user);
}

void add_request(CLI::App& app, FetchOptions& options, GivenHeaders& given) {
  const Group group(app, "Request");
  group.value("-X,--request", "METHOD", "the method", [&](const auto&, const std::string& text) {
    const std::string problem = problem_with_method(text);
    if (!problem.empty()) throw UsageError("--request: " + problem);
    options.method = text;
  });
  group.values("-H,--header", "'Name: value'", "a header; repeatable",
               [&](const auto& option, const std::string& text) {
                 options.headers.push_back(parse_header(option, text));
               });
  auto* data = group.value("-d,--data", "DATA|@FILE", "the body; makes the method POST",
                           [&](const auto& option, const std::string& text) {
                             options.body = parse_data(option, text);
                             options.body_type = "application/x-www-form-urlencoded";
                           });
  group
      .value("--json", "DATA|@FILE", "the same with application/json",
             [&](const auto& option, const std::string& text) {
               options.body = parse_data(option, text);
               options.body_type = "application/json";
             })
      ->excludes(data);
  group
      .values("-F,--form", "NAME=VALUE|NAME=@FILE",
              "a field or a file of a form, sent as multipart/form-data; repeatable; POST",
              [&](const auto& option, const std::string& text) {
                parse_form(option, text, options.form);
                options.has_form = true;
              })
      ->excludes(data)
      ->excludes("--json");
  add_authentication(group, options, given);
  group.text("-A,--user-agent", "TEXT", "the User-Agent", given.user_agent);
  group.values("-b,--cookie", "'a=b'", "cookies to send; repeatable",
               [&](const auto& option, const std::string& text) {
                 if (text.find('=') == std::string::npos) {
                   throw UsageError(option + " needs a=b; for a file of cookies see --cookie-jar");
                 }
                 given.cookie += (given.cookie.empty() ? "" : "; ") + text;
               });
  group.text("--cookie-jar", "FILE",
             "keep cookies: read from FILE, if there, and written at the end", options.cookie_jar);
  group.text("--hsts", "FILE",
             "go to hosts by https that have asked for it: read from FILE, if there, and written "
             "at the end",
             options.hsts);
  group.value("--max-redirects", "N", "how many redirects are followed [10]",
              [&](const auto& option, const std::string& text) {
                options.max_redirects = static_cast<unsigned>(
                    parse_number(option, text, 0, std::numeric_limits<unsigned>::max()));
              });
}

void add_connection(CLI::App& app, FetchOptions& options) {
  const Group group(app, "Request");
  group.flag("--compressed", "accept and decode gzip, deflate, br and zstd (default)",
             options.decompress);
  group.flag("--no-decompress", "neither accept nor decode them", options.decompress, false)
      ->excludes("--compressed");
  group.flag("--http1.1", "speak HTTP/1.1, the only version there is yet", options.http_1_1);
  group.text("--cacert", "FILE", "trusted certificates, in place of the system's", options.ca_file);
  group.text("--cert", "FILE", "the certificate to show", options.certificate_file);
  group.text("--key", "FILE", "its key, if it is in another file", options.key_file)
      ->needs("--cert");
  group.value("--tls-min", "1.2|1.3", "the lowest version of TLS [1.2]",
              [&](const auto& option, const std::string& text) {
                options.tls_min = parse_tls_version(option, text);
              });
  group.value("--tls-max", "1.2|1.3", "the highest version of TLS [1.3]",
              [&](const auto& option, const std::string& text) {
                options.tls_max = parse_tls_version(option, text);
              });
  group.values("--pin", "HEX|sha256//BASE64",
               "the SHA-256 of the certificate, or of its public key, that alone is accepted; "
               "repeatable",
               [&](const auto& option, const std::string& text) {
                 if (text.empty()) throw UsageError(option + " needs a value");
                 options.pins.push_back(text);
               });
  group.flag("--insecure", "accept any certificate", options.insecure);
}

void add_way(CLI::App& app, FetchOptions& options) {
  const Group group(app, "Request");
  auto* proxy = group.value("--proxy", "URL",
                            "http, https, socks4a, socks5 or socks5h; goes over http_proxy, "
                            "https_proxy and all_proxy of the environment",
                            [&](const auto& option, const std::string& text) {
                              options.proxy = parse_proxy(option, text);
                            });
  group.values("--proxy-header", "'Name: value'", "a header for HTTP proxies alone; repeatable",
               [&](const auto& option, const std::string& text) {
                 options.proxy_headers.push_back(parse_proxy_header(option, text));
               });
  group
      .flag("--proxy-digest", "Digest in place of Basic authentication with the proxy",
            options.proxy_digest)
      ->needs(proxy);
  group.value("--no-proxy", "LIST",
              "hosts that need no proxy: domains, addresses, networks, *; goes over no_proxy",
              [&](const auto&, const std::string& text) { options.no_proxy = text; });
  group.value("--interface", "ADDR", "the local address, or network interface, to connect from",
              [&](const auto& option, const std::string& text) {
                options.local = parse_local(option, text);
              });
  group.values("--resolve", "HOST:PORT:ADDR", "the address of a host; repeatable",
               [&](const auto& option, const std::string& text) {
                 options.resolve.push_back(parse_resolve(option, text));
               });
  group.text("--unix-socket", "PATH", "connect to a Unix socket instead", options.unix_socket)
      ->excludes(proxy);
  group.value("--dns-server", "ADDR[:PORT]", "the DNS server to ask",
              [&](const auto& option, const std::string& text) {
                options.dns_server = parse_dns_server(option, text);
              });
  group.flag("--deny-private", "refuse addresses that are not public, on every hop",
             options.deny_private);
}

void add_limits(CLI::App& app, FetchOptions& options) {
  const Group group(app, "Limits");
  const auto number = [&](const std::string& names, const std::string& help, std::uint64_t least,
                          std::uint64_t most, auto set) {
    group.value(names, "N", help, [=](const auto& option, const std::string& text) {
      set(parse_number(option, text, least, most));
    });
  };
  const auto seconds = [&](const std::string& names, const std::string& help,
                           std::optional<Clock::duration>& target) {
    group.value(names, "S", help, [&target](const auto& option, const std::string& text) {
      target = parse_seconds(option, text);
    });
  };
  number("-c,--concurrency", "transfers at a time [64]", 1, kMaxConcurrency,
         [&](std::uint64_t count) { options.concurrency = count; });
  number("--per-host", "transfers at a time to one host [8]", 1, kMaxConcurrency,
         [&](std::uint64_t count) { options.per_host = count; });
  group.value("--rate", "N/s|N/m", "requests started, over all; redirects and retries count [none]",
              [&](const auto& option, const std::string& text) {
                options.start_interval = parse_rate(option, text);
              });
  group.value("--per-host-rate", "N/s|N/m", "transfers started to one host [none]",
              [&](const auto& option, const std::string& text) {
                options.host_interval = parse_rate(option, text);
              });
  group.flag("--spread", "hosts take turns, and the gaps of --per-host-rate vary", options.spread);
  group.flag("--adaptive", "find out how many transfers each host bears, up to --per-host",
             options.adaptive);
  number("--breaker", "after N failed connections in a row a host rests, then is probed [never]", 1,
         1000000, [&](std::uint64_t count) { options.breaker = static_cast<unsigned>(count); });
  group.value("--limit-rate", "BYTES",
              "of bodies a second, over all; k, M and G are understood [none]",
              [&](const auto& option, const std::string& text) {
                options.limit_rate = parse_bytes(option, text);
              });
  seconds("--max-time", "seconds for the whole run; then it ends as by a signal [none]",
          options.max_time);
  group.flag("--fail-early", "end the run with the first transfer that fails", options.fail_early);
  seconds("--timeout", "seconds for a whole transfer, retries included [300]; 0: none",
          options.timeout.total);
  seconds("--connect-timeout", "seconds for DNS, TCP and TLS [30]; 0: none",
          options.timeout.sock_connect);
  seconds("--read-timeout", "seconds between two pieces of an answer [none]",
          options.timeout.sock_read);
  group.value("--max-body", "BYTES", "of a decoded body; one more is an error [none]",
              [&](const auto& option, const std::string& text) {
                options.max_body = parse_number(option, text, 0);
              });
  number("--retries", "more tries on connection errors, 408, 429, 500, 502, 503, 504 [0]", 0, 1000,
         [&](std::uint64_t count) { options.retries = static_cast<unsigned>(count); });
}

void add_output(CLI::App& app, FetchOptions& options, GivenNames& given) {
  const Group group(app, "Output");
  auto* output =
      group.text("-o,--output", "DIR", "save each body in a file under DIR", options.output);
  group
      .value("--name", "TEMPLATE",
             "names of files, as in '{host}/{path}'; the manual has all fields [{file}]",
             [&](const auto&, const std::string& text) { given.name_template = text; })
      ->needs(output);
  group
      .flag("-J,--remote-header-name", "{file} is the name that the server gives, if it gives one",
            given.name_from_header)
      ->needs(output);
  auto* skip = group.flag("--skip-existing",
                          "do not fetch what has a file, with its checksum if the input has one",
                          options.skip_existing);
  skip->needs(output);
  group
      .flag("--if-modified", "fetch what has a file only if it has changed since",
            options.if_modified)
      ->needs(output)
      ->excludes(skip);
  group
      .value("--split", "N",
             "fetch a large file in up to N pieces at a time, if its server can [1]",
             [&](const auto& option, const std::string& text) {
               options.split = parse_number(option, text, 1, kMostPieces);
             })
      ->needs(output);
  group.flag("--jsonl", "print one JSON object a finished URL", options.json_lines);
  group.flag("--include-body", "with body_base64 in it; needs --jsonl", options.include_body)
      ->needs("--jsonl");
  group.flag("--fail", "a status of 400 and above is an error", options.fail);
  group.flag("--no-progress", "no progress display", options.progress, false);
  group.flag("--quiet", "neither progress, nor warnings, nor the summary", options.quiet);
  app.add_flag(
         "-v,--verbose", [&](std::int64_t count) { options.verbosity = static_cast<int>(count); },
         "trace requests and answers; -vv: with their headers")
      ->group("Output");
}

void add_run_files(CLI::App& app, FetchOptions& options) {
  const Group group(app, "Output");
  group.text("--report", "FILE.html", "a page about the run: phases, times, errors, hosts",
             options.report);
  group.text("--har", "FILE.har", "requests and answers for the developer tools of browsers",
             options.har);
  group
      .flag("--har-sensitive", "with credentials and cookies in it, which are hidden otherwise",
            options.har_sensitive)
      ->needs("--har");
  group.text("--metrics", "FILE", "counts for Prometheus' textfile collector, while it runs",
             options.metrics);
  group
      .values("--metrics-label", "NAME=VALUE", "a label for all of them; repeatable",
              [&](const auto& option, const std::string& text) {
                options.metrics_labels.push_back(parse_metric_label(option, text));
              })
      ->needs("--metrics");
}

void add_unbuilt(CLI::App& app) {
  for (const auto& [names, takes_value] : kUnbuilt) {
    const std::string option = std::string(names).substr(std::string_view(names).rfind("--"));
    const auto refuse = [option] { throw UsageError(option + " is not built yet"); };
    if (takes_value) {
      app.add_option_function<std::vector<std::string>>(names, [=](const auto&) { refuse(); })
          ->allow_extra_args(false)
          ->group("");
    } else {
      app.add_flag_function(names, [=](std::int64_t) { refuse(); })->group("");
    }
  }
}

void add_all(CLI::App& app, FetchOptions& options, GivenHeaders& given, GivenNames& names) {
  app.footer(kFooter);
  app.set_help_flag();  // groups are shown in the order of their first options
  add_unbuilt(app);     // the hidden one would leave a blank line behind the others
  add_input(app, options);
  add_request(app, options, given);
  add_connection(app, options);
  add_way(app, options);
  add_limits(app, options);
  add_output(app, options, names);
  add_run_files(app, options);
  app.set_help_flag("-h,--help", "print this and exit")->group("Output");
}

void require_proxy_login(const std::string& url) {
  const proto::ProxyServer proxy = proto::parse_proxy_url(url).value();
  if (proxy.is_socks()) throw UsageError("--proxy-digest is for HTTP proxies");
  if (!proxy.has_login()) {
    throw UsageError("--proxy-digest needs credentials in --proxy: http://NAME:PASSWORD@HOST:PORT");
  }
}

void add_header_once(FetchOptions& options, const std::string& name, const std::string& value) {
  for (const auto& [given, unused] : options.headers) {
    if (ascii::equal_ignoring_case(given, name)) return;
  }
  set_header(options, name, value);
}

}  // namespace

std::vector<OptionRow> fetch_options_table() {
  FetchOptions options;
  GivenHeaders given;
  GivenNames names;
  CLI::App app(kDescription, "rondo fetch");
  add_all(app, options, given, names);
  return option_table(app);
}

std::variant<FetchOptions, int> parse_fetch_command_line(Arguments arguments) {
  FetchOptions options;
  GivenHeaders given;
  GivenNames names;
  CLI::App app(kDescription, "rondo fetch");
  add_all(app, options, given, names);
  if (const auto code = parse_arguments(app, arguments)) return *code;
  if (!given.authorization.empty() && !options.digest)
    add_header_once(options, "Authorization", given.authorization);
  if (!given.user_agent.empty()) add_header_once(options, "User-Agent", given.user_agent);
  if (!given.cookie.empty()) add_header_once(options, "Cookie", given.cookie);
  if (names.name_template || names.name_from_header) {
    options.name_template.emplace(names.name_template.value_or("{file}"), names.name_from_header);
    const bool is_late = options.name_template->needs_answer();
    if (is_late && (options.skip_existing || options.if_modified)) {
      throw UsageError(
          "--skip-existing and --if-modified need names that are known before there is an answer: "
          "without -J, {status} and {sha256}");
    }
  }
  if (options.proxy_digest) require_proxy_login(options.proxy);
  if (options.urls.empty() && options.input.empty() && options.job.empty()) {
    throw UsageError("no URL; 'rondo fetch --help' shows what there is");
  }
  return options;
}

}  // namespace rondo::cli
