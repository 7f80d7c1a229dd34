// dnsmasq opens its UDP socket before its TCP one, so a TCP connection that succeeds says that both
// are there.

#include "tests/support/dnsmasq.hpp"

#include <cstddef>
#include <filesystem>

namespace rondo::test {
namespace {

std::string configuration_file(const std::vector<std::string>& lines) {
  std::string text = "local=/test/\n";
  for (const std::string& line : lines) text += line + "\n";
  return text;
}

std::vector<std::string> command(int port, const std::filesystem::path& configuration) {
  return {"dnsmasq",
          "--keep-in-foreground",
          "--conf-file=" + configuration.string(),
          "--port=" + std::to_string(port),
          "--listen-address=127.0.0.1",
          "--bind-interfaces",
          "--no-resolv",
          "--no-hosts",
          "--pid-file=",
          "--user=root",  // counts for a test that runs as root only: no user to change to
          "--log-queries",
          "--log-facility=-"};
}

}  // namespace

Dnsmasq::Dnsmasq(const std::vector<std::string>& configuration)
    : server_([file = directory_.write("dnsmasq.conf", configuration_file(configuration))](
                  int port) { return command(port, file); },
              directory_.path() / "log") {}

int Dnsmasq::queries(const std::string& type, const std::string& name) const {
  const std::string text = log();
  const std::string line = "query[" + type + "] " + name + " from ";
  int count = 0;
  for (auto at = text.find(line); at != std::string::npos; at = text.find(line, at + 1)) ++count;
  return count;
}

}  // namespace rondo::test
