// One write a line, to a descriptor that appends: lines of several threads and processes do not
// mix.

#include "rondo/tls/key_log.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/uio.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <system_error>

#include "rondo/tls/tls_error.hpp"

namespace rondo::tls::detail {

KeyLog::KeyLog(const std::string& file)
    : descriptor_(::open(file.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600)) {
  if (descriptor_ < 0) {
    throw TlsError(TlsError::Reason::configuration,
                   fmt::format("cannot write the key log {}: {}", file,
                               std::generic_category().message(errno)));
  }
}

KeyLog::~KeyLog() {
  ::close(descriptor_);
}

void KeyLog::append(std::string_view line) noexcept {
  char end_of_line = '\n';
  const std::array<iovec, 2> pieces{
      {{const_cast<char*>(line.data()), line.size()}, {&end_of_line, 1}}};
  // Nothing depends on the log: a full disk must not end a connection.
  [[maybe_unused]] const auto written = ::writev(descriptor_, pieces.data(), pieces.size());
}

}  // namespace rondo::tls::detail
