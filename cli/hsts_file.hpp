#pragma once
// The file of `--hsts`.

#include <memory>
#include <string>

#include "rondo/proto/hsts.hpp"

namespace rondo::cli {

/// A store with the hosts of the file at `path`; see `read_state_file`.
[[nodiscard]] std::shared_ptr<proto::HstsStore> read_hsts_file(const std::string& path);

/// Puts the hosts of `store` into it; see `write_state_file`.
void write_hsts_file(const std::string& path, const proto::HstsStore& store);

}  // namespace rondo::cli
