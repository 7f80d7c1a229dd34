#pragma once
// From the command line to the session that obeys it.

#include "rondo/http/session_options.hpp"

#include "cli/fetch_options.hpp"

namespace rondo::cli {

[[nodiscard]] http::SessionOptions session_options(const FetchOptions& options);

}  // namespace rondo::cli
