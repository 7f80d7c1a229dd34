// One process without a master: it ends with the signal that ChildProcess sends, and keeps the
// user the test runs as. Ports are found free before nginx takes them; should somebody be faster,
// nginx fails, and all is tried again with other ports.

#include "tests/support/nginx.hpp"

#include <algorithm>
#include <filesystem>
#include <random>
#include <stdexcept>
#include <vector>

#include "tests/support/loopback_port.hpp"

namespace rondo::test {
namespace {

bool speaks_tls(Nginx::Site site) {
  using enum Nginx::Site;
  return site != plain && site != no_keep_alive && site != short_keep_alive;
}

/// What every server offers; $directory and $plain are put in.
constexpr std::string_view kLocations = R"(
location = / { return 200 "small"; }
location = /small { return 200 "small"; }
location = /hsts { add_header Strict-Transport-Security "max-age=1000"; return 200 "small"; }
location /files/ { dav_methods PUT DELETE; }
location /gzip/ { alias $directory/files/; gzip on; gzip_min_length 0; gzip_types *; }
location /chunked/ { alias $directory/files/; sub_filter_types *; sub_filter "\0" "\0"; }
location = /redirect { return 302 /files/1000.txt; }
location = /redirect/307 { return 307 /echo; }
location = /redirect/loop { return 302 /redirect/loop; }
location = /redirect/away { return 302 http://localhost:$plain/seen; }
location = /secret {
  auth_basic "the vault";
  auth_basic_user_file $directory/passwords;
  try_files /secret.txt =500;
}
location = /digest {
  add_header WWW-Authenticate 'Digest realm="r", nonce="n", qop="auth"' always;
  if ($http_authorization ~ "^Digest username=") { return 200 "digest"; }
  return 401;
}
location ~ ^/status/404$ { return 404 "nothing here"; }
location ~ ^/status/500$ { return 500 "out of order"; }
location ~ ^/status/204$ { return 204; }
location = /echo {
  proxy_pass http://unix:$directory/socket:/echoed;
  proxy_set_header X-Body $request_body;
  proxy_pass_request_body off;
  proxy_set_header Content-Length "";
}
location = /echoed { return 200 "$request_method\n$content_type\n$http_x_body"; }
location = /seen {
  return 200 "$http_authorization\n$http_cookie\n$http_user_agent\n$http_x_test";
}
location = /tls { return 200 "$ssl_protocol $ssl_session_reused"; }
location = /connections { stub_status; }
)";

std::string replaced(std::string text, std::string_view name, std::string_view value) {
  for (auto at = text.find(name); at != std::string::npos; at = text.find(name, at)) {
    text.replace(at, name.size(), value);
  }
  return text;
}

}  // namespace

Nginx::Nginx() {
  std::filesystem::create_directory(directory_.path() / "files");
  for (const std::size_t size : kFileSizes) {
    directory_.write("files/" + std::to_string(size) + ".txt", file(size));
  }
  directory_.write("passwords", "user:{PLAIN}pass word\n");
  directory_.write("secret.txt", "secret of user");
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

void Nginx::start() {
  for (auto port = ports_.begin(); port != ports_.end(); ++port) {
    do {
      *port = free_port();
    } while (std::find(ports_.begin(), port, *port) != port);
  }
  const std::string root = directory_.path().string();
  directory_.write("locations.conf", replaced(replaced(std::string(kLocations), "$directory", root),
                                              "$plain", std::to_string(port(Site::plain))));
  const auto file = directory_.write("nginx.conf", configuration());
  process_ = std::make_unique<ChildProcess>(
      std::vector<std::string>{"nginx", "-e", "stderr", "-p", root, "-c", file.string()},
      directory_.path() / "log");
  process_->wait_until([this] { return std::all_of(ports_.begin(), ports_.end(), is_listening); });
}

std::string Nginx::configuration() const {
  std::string text = R"(
daemon off;
master_process off;
error_log stderr warn;
pid $directory/pid;
events { worker_connections 4096; }
http {
  root $directory;
  access_log off;
  client_body_temp_path $directory/bodies;
  proxy_temp_path $directory/proxy;
  fastcgi_temp_path $directory/fastcgi;
  uwsgi_temp_path $directory/uwsgi;
  scgi_temp_path $directory/scgi;
  types { }
  default_type text/plain;
  keepalive_timeout 60s;
  keepalive_requests 1000000;
  client_max_body_size 8m;
  ssl_protocols TLSv1.2 TLSv1.3;
  server { listen unix:$directory/socket; include $directory/locations.conf; }
)";
  for (std::size_t site = 0; site < kSites; ++site) text += server(static_cast<Site>(site));
  return replaced(text + "}\n", "$directory", directory_.path().string());
}

std::string Nginx::server(Site site) const {
  const std::string port_text = std::to_string(port(site));
  std::string text =
      "server {\n  include $directory/locations.conf;\n  listen 127.0.0.1:" + port_text +
      (speaks_tls(site) ? " ssl" : "") + ";\n";
  switch (site) {
    case Site::plain:
      text += "listen [::1]:" + port_text + " ipv6only=on;\n";
      break;
    case Site::no_keep_alive:
      text += "keepalive_timeout 0;\n";
      break;
    case Site::short_keep_alive:
      text += "keepalive_timeout 100ms;\n";
      break;
    case Site::tls_1_2:
      text += identity(certificates_.good()) + "ssl_protocols TLSv1.2;\n";
      break;
    case Site::tls_1_3:
      text += identity(certificates_.good()) + "ssl_protocols TLSv1.3;\n";
      break;
    case Site::expired:
      text += identity(certificates_.expired());
      break;
    case Site::wrong_host:
      text += identity(certificates_.wrong_host());
      break;
    case Site::unknown_issuer:
      text += identity(certificates_.unknown_issuer());
      break;
  }
  return text + "}\n";
}

std::string Nginx::identity(const IdentityFiles& files) const {
  return "ssl_certificate " + files.certificate_file + ";\nssl_certificate_key " + files.key_file +
         ";\n";
}

std::string Nginx::url(Site site, std::string_view path, std::string_view host) const {
  return (speaks_tls(site) ? "https://" : "http://") + std::string(host) + ":" +
         std::to_string(port(site)) + std::string(path);
}

std::string Nginx::file(std::size_t size) {
  std::minstd_rand random(static_cast<unsigned>(size));
  std::string text;
  while (text.size() < size) text += std::to_string(random()) + (random() % 8 == 0 ? "\n" : " ");
  text.resize(size);
  return text;
}

}  // namespace rondo::test
