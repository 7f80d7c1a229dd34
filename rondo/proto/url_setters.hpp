#pragma once
// The setters of the URL API (URL Standard §6.1), on the record of a URL. Each returns false, and
// leaves the record as it was, if the standard ignores the value.

#include <string_view>

#include "rondo/proto/url_record.hpp"

namespace rondo::proto {

/// Whether the host setter may change the port as well.
enum class HostSetter : bool { host_and_port, hostname_only };

bool set_url_protocol(UrlRecord& url, std::string_view value);
bool set_url_username(UrlRecord& url, std::string_view value);
bool set_url_password(UrlRecord& url, std::string_view value);
bool set_url_host(UrlRecord& url, std::string_view value, HostSetter setter);
bool set_url_port(UrlRecord& url, std::string_view value);
bool set_url_pathname(UrlRecord& url, std::string_view value);
bool set_url_search(UrlRecord& url, std::string_view value);
bool set_url_hash(UrlRecord& url, std::string_view value);

}  // namespace rondo::proto
