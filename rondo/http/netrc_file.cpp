// Read once, when a session is made, like the files of TLS.

#include "rondo/http/netrc_file.hpp"

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>
#include <utility>

namespace rondo::http {

proto::Netrc read_netrc() {
  std::string path;
  if (const char* named = std::getenv("NETRC");
      named != nullptr) {  // NOLINT(concurrency-mt-unsafe)
    path = named;
  } else if (const char* home = std::getenv("HOME");
             home != nullptr) {  // NOLINT(concurrency-mt-unsafe)
    path = std::string(home) + "/.netrc";
  }
  std::ifstream file(path, std::ios::binary);
  if (path.empty() || !file) return {};
  const std::string text(std::istreambuf_iterator<char>(file), {});
  auto netrc = proto::Netrc::parse(text);
  if (!netrc) throw std::invalid_argument(netrc.error().describe());
  return std::move(netrc).value();
}

}  // namespace rondo::http
