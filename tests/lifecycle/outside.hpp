#pragma once
// What programs use that is made once for all of them: its descriptors and files belong to none.

#include <memory>
#include <string>

#include "rondo/tls/tls_context.hpp"

namespace rondo::lifecycle {

/// Both ends of the TLS connections to "localhost".
struct TlsEnds {
  std::string ca_file;
  std::shared_ptr<const tls::TlsContext> client;
  std::shared_ptr<const tls::TlsContext> server;
};
const TlsEnds& shared_tls();

/// The address of a name server that never answers.
const std::string& silent_name_server();

}  // namespace rondo::lifecycle
