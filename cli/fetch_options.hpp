#pragma once
// What the command line of `rondo fetch` says.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "rondo/dns/static_resolver.hpp"
#include "rondo/http/client_timeout.hpp"
#include "rondo/http/form_data.hpp"
#include "rondo/runtime/clock.hpp"
#include "rondo/tls/tls_options.hpp"

#include "cli/job.hpp"
#include "cli/name_template.hpp"
#include "cli/transfer_metrics.hpp"

namespace rondo::cli {

/// What `--interface` names: at most one of the two.
struct LocalEnd {
  std::string address = {};
  std::string interface = {};
};

struct FetchOptions {
  // Input
  std::vector<std::string> urls;
  std::string input;  ///< a file, "-", or empty
  std::string job;    ///< the journal of a job that survives, or empty
  bool retry_failed = false;

  // Request: what every job sends that does not say otherwise.
  std::string method;  ///< empty: POST with a body, else GET
  HeaderList headers;
  std::optional<std::string> body;
  std::string body_type;  ///< the Content-Type of a body that has no other
  http::FormData form;    ///< of `--form`; sent in place of a body
  bool has_form = false;
  bool digest = false;  ///< `user` and `password` answer challenges, in place of a header
  std::string user;
  std::string password;
  std::string cookie_jar;
  std::string hsts;  ///< a file, or empty
  unsigned max_redirects = 10;
  bool decompress = true;
  bool http_1_1 = true;
  tls::TlsVersion tls_min = tls::TlsVersion::tls_1_2;
  std::string ca_file;
  std::string certificate_file;
  std::string key_file;
  tls::TlsVersion tls_max = tls::TlsVersion::tls_1_3;
  std::vector<std::string> pins;  ///< of keys, with "sha256//", and of certificates
  bool insecure = false;
  std::string proxy;
  HeaderList proxy_headers;
  bool proxy_digest = false;            ///< the credentials in `proxy` are for Digest alone
  std::optional<std::string> no_proxy;  ///< nothing: the environment's
  LocalEnd local;
  std::vector<dns::StaticEntry> resolve;
  std::string unix_socket;
  std::string dns_server;
  bool deny_private = false;

  // Limits
  std::size_t concurrency = 64;
  std::size_t per_host = 8;
  Clock::duration start_interval{};  ///< of `--rate`; 0: none
  http::ClientTimeout timeout;       ///< `total` is the whole transfer, retries included
  std::optional<std::uint64_t> max_body;
  unsigned retries = 0;
  Clock::duration host_interval{};  ///< of `--per-host-rate`; 0: none
  unsigned breaker = 0;  ///< failed connections in a row after which a host rests; 0: never
  bool spread = false;
  bool adaptive = false;
  std::uint64_t limit_rate = 0;  ///< bytes of bodies a second; 0: no limit
  std::optional<Clock::duration> max_time;
  bool fail_early = false;

  // Output
  std::string output;                         ///< a directory, or empty
  std::optional<NameTemplate> name_template;  ///< nothing: the last part of the URL's path
  bool skip_existing = false;                 ///< what has a file is not fetched
  bool if_modified = false;                   ///< only if it has changed since
  std::size_t split = 1;                      ///< so many pieces of a large body at a time
  bool json_lines = false;
  bool include_body = false;
  bool fail = false;
  bool progress = true;
  bool quiet = false;
  int verbosity = 0;
  std::string report;  ///< a file, or empty
  std::string har;     ///< the same
  bool har_sensitive = false;
  std::string metrics;  ///< the same
  MetricLabels metrics_labels;
};

/// Whether standard output gets the body of a sole URL, or a line for each of several.
[[nodiscard]] inline bool is_plain(const FetchOptions& options) noexcept {
  return options.output.empty() && !options.json_lines;
}

}  // namespace rondo::cli
