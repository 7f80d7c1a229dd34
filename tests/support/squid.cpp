// One process that stays in the foreground. Started by root it becomes somebody else, who has to be
// able to read its files. As with nginx, ports that somebody else has taken in the meantime are a
// reason to try others.

#include "tests/support/squid.hpp"

#include <unistd.h>

#include <filesystem>
#include <stdexcept>
#include <vector>

#include "tests/support/loopback_port.hpp"

namespace rondo::test {
namespace {

constexpr std::string_view kCommon = R"(
pid_filename none
cache deny all
cache_mem 1 MB
access_log none
cache_log /dev/null
shutdown_lifetime 0 seconds
max_filedescriptors 1024
pinger_enable off
client_db off
visible_hostname proxy.test
)";

constexpr std::string_view kBasic = R"(
auth_param basic program /usr/lib/squid/basic_ncsa_auth $directory/passwords
auth_param basic children 1 startup=1
acl known proxy_auth REQUIRED
http_access allow known
http_access deny all
)";

constexpr std::string_view kDigest = R"(
auth_param digest program /usr/lib/squid/digest_file_auth $directory/passwords
auth_param digest children 1 startup=1
auth_param digest realm the gate
acl known proxy_auth REQUIRED
http_access allow known
http_access deny all
)";

constexpr std::string_view kMarked = R"(
acl marked req_header X-Test ^gate$
http_access allow marked
http_access deny all
)";

/// "secret" as crypt(3) has it.
constexpr std::string_view kBasicPasswords = "user:$1$rondotst$pKhPf4WJft39BBA0tPvaC0\n";
constexpr std::string_view kDigestPasswords = "user:secret\n";

}  // namespace

Squid::Squid(Access access) : access_(access) {
  std::filesystem::permissions(directory_.path(), std::filesystem::perms(0755));
  const IdentityFiles identity = certificates_.good();
  std::filesystem::copy_file(identity.certificate_file, directory_.path() / "certificate");
  std::filesystem::copy_file(identity.key_file, directory_.path() / "key");
  directory_.write("passwords",
                   std::string(access == Access::digest ? kDigestPasswords : kBasicPasswords));
  constexpr int kAttempts = 3;
  for (int attempt = 1; !process_; ++attempt) {
    try {
      start();
    } catch (const std::runtime_error&) {
      process_.reset();
      if (attempt == kAttempts) throw;
    }
  }
}

void Squid::start() {
  port_ = free_port();
  do {
    tls_port_ = free_port();
  } while (tls_port_ == port_);
  const auto file = directory_.write("squid.conf", configuration());
  // Several squids on one machine are told apart by their service name; one that was killed has
  // left shared memory of that name behind.
  const std::string name = "rondo" + std::to_string(port_) + "p" + std::to_string(::getpid());
  process_ = std::make_unique<ChildProcess>(
      std::vector<std::string>{"squid", "-N", "-d", "1", "-n", name, "-f", file.string()},
      directory_.path() / "log");
  process_->wait_until([this] { return is_listening(port_) && is_listening(tls_port_); });
}

std::string Squid::configuration() const {
  const std::string directory = directory_.path().string();
  std::string text(kCommon);
  text += "coredump_dir " + directory + "\n";
  text += "http_port 127.0.0.1:" + std::to_string(port_) + "\n";
  text += "https_port 127.0.0.1:" + std::to_string(tls_port_) + " tls-cert=" + directory +
          "/certificate tls-key=" + directory + "/key\n";
  std::string rules = "http_access allow all\n";
  if (access_ == Access::basic) rules = kBasic;
  if (access_ == Access::digest) rules = kDigest;
  if (access_ == Access::marked) rules = kMarked;
  const std::string_view placeholder = "$directory";
  if (const auto at = rules.find(placeholder); at != std::string::npos) {
    rules.replace(at, placeholder.size(), directory);
  }
  return text + rules;
}

std::string Squid::url(std::string_view credentials) const {
  return "http://" + std::string(credentials) + "127.0.0.1:" + std::to_string(port_);
}

std::string Squid::tls_url(std::string_view credentials) const {
  return "https://" + std::string(credentials) + "127.0.0.1:" + std::to_string(tls_port_);
}

}  // namespace rondo::test
