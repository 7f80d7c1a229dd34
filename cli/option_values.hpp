#pragma once
// The values that options take, from text. Each function throws `UsageError`, naming `option`.

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "rondo/http/form_data.hpp"
#include "rondo/runtime/clock.hpp"

#include "cli/fetch_options.hpp"

namespace rondo::cli {

/// A whole decimal number of at least `least` and at most `most`.
[[nodiscard]] std::uint64_t parse_number(
    std::string_view option, std::string_view text, std::uint64_t least,
    std::uint64_t most = std::numeric_limits<std::uint64_t>::max());

/// Seconds, with a fraction if need be; 0 means no limit, and gives nothing.
[[nodiscard]] std::optional<Clock::duration> parse_seconds(std::string_view option,
                                                           std::string_view text);

/// "10/s" or "600/m": the time between two starts.
[[nodiscard]] Clock::duration parse_rate(std::string_view option, std::string_view text);

/// Bytes, with "k", "M" or "G" for the powers of 1024 as curl has them; at least 1.
[[nodiscard]] std::uint64_t parse_bytes(std::string_view option, std::string_view text);

/// "Name: value".
[[nodiscard]] std::pair<std::string, std::string> parse_header(std::string_view option,
                                                               std::string_view text);

/// The same for a proxy, to which no field may be sent that says what the message is.
[[nodiscard]] std::pair<std::string, std::string> parse_proxy_header(std::string_view option,
                                                                     std::string_view text);

/// "HOST:PORT:ADDR", with more addresses behind commas; an IPv6 address may be in brackets.
[[nodiscard]] dns::StaticEntry parse_resolve(std::string_view option, std::string_view text);

/// "1.2" or "1.3".
[[nodiscard]] tls::TlsVersion parse_tls_version(std::string_view option, std::string_view text);

/// The URL of a proxy, as text that is known to be one.
[[nodiscard]] std::string parse_proxy(std::string_view option, std::string_view text);

/// An IP address, or the name of a network interface that is there.
[[nodiscard]] LocalEnd parse_local(std::string_view option, std::string_view text);

/// Adds 'name=value' or 'name=@FILE' to `form`; the file must be readable.
void parse_form(std::string_view option, std::string_view text, http::FormData& form);

/// The bytes of a body: the text itself, or the content of the file behind an '@'; "@-" is standard
/// input.
[[nodiscard]] std::string parse_data(std::string_view option, std::string_view text);

/// An IP address with an optional port, as text that is known to be one.
[[nodiscard]] std::string parse_dns_server(std::string_view option, std::string_view text);

/// The whole content of a file, or of standard input for "-".
[[nodiscard]] std::string read_file(std::string_view option, const std::string& path);

}  // namespace rondo::cli
