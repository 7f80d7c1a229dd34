#include "cli/cookie_file.hpp"

#include "rondo/proto/netscape_cookies.hpp"

#include "cli/state_file.hpp"

namespace rondo::cli {

std::vector<proto::Cookie> read_cookie_file(const std::string& path) {
  return proto::parse_netscape_cookies(read_state_file("--cookie-jar", path)).cookies;
}

void write_cookie_file(const std::string& path, const std::vector<proto::Cookie>& cookies) {
  write_state_file(path, "the cookie jar", proto::write_netscape_cookies(cookies));
}

}  // namespace rondo::cli
