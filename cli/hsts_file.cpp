#include "cli/hsts_file.hpp"

#include <chrono>

#include "rondo/proto/hsts_file.hpp"

#include "cli/state_file.hpp"

namespace rondo::cli {

using std::chrono::system_clock;

std::shared_ptr<proto::HstsStore> read_hsts_file(const std::string& path) {
  auto store = std::make_shared<proto::HstsStore>();
  for (const auto& host : proto::parse_hsts_file(read_state_file("--hsts", path)).hosts) {
    store->add(host, system_clock::now());
  }
  return store;
}

void write_hsts_file(const std::string& path, const proto::HstsStore& store) {
  const auto hosts = store.hosts(system_clock::now());
  write_state_file(path, "the file of HSTS", proto::write_hsts_file(hosts));
}

}  // namespace rondo::cli
