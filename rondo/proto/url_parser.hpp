#pragma once
// The basic URL parser of the URL Standard (§4.4).

#include <string>
#include <string_view>

#include "rondo/base/result.hpp"
#include "rondo/proto/url_error.hpp"
#include "rondo/proto/url_record.hpp"

namespace rondo::proto {

/// Parses `input`, relative to `base` if that is not null.
[[nodiscard]] Result<UrlRecord, UrlError> parse_url(std::string_view input, const UrlRecord* base);

/// What the parser sees of `input`: without tabs and line ends, and in valid UTF-8. Returns `input`
/// itself if it is like that already, else a view of `storage`.
[[nodiscard]] std::string_view clean_url_input(std::string_view input, std::string& storage);

/// Where the port of "host:port" begins, at the colon, or npos: a colon in brackets is none.
[[nodiscard]] std::size_t find_port_colon(std::string_view host_and_port) noexcept;

/// The port that `digits`, and nothing else, spell; nothing for no digits and for the default port
/// of `scheme`.
[[nodiscard]] Result<std::optional<std::uint16_t>, UrlError> parse_port(std::string_view digits,
                                                                        SchemeKind scheme);

/// `text` up to what ends an authority.
[[nodiscard]] std::string_view leading_authority(std::string_view text, SchemeKind scheme) noexcept;

}  // namespace rondo::proto
