#pragma once
// What TLS connections share: trust, identity, and the sessions that can be resumed.

#include <memory>

#include "rondo/tls/tls_options.hpp"

namespace rondo::tls {

/// Made once, used for many connections: the roots are read once, and a chain of certificates that
/// was found good for a name is verified again after five minutes, or when one of it has expired.
/// Immutable but for what it knows of sessions and chains, which has locks: loops on several
/// threads may share a context.
class TlsContext : public std::enable_shared_from_this<TlsContext> {
 public:
  /// Throws `TlsError` with `Reason::configuration`, naming the file or option at fault.
  [[nodiscard]] static std::shared_ptr<const TlsContext> client(const TlsOptions& options);
  [[nodiscard]] static std::shared_ptr<const TlsContext> server(const TlsOptions& options);

  /// A client's with the default options. (No default argument: inside a `co_await`, GCC 12 would
  /// destroy it twice.)
  [[nodiscard]] static std::shared_ptr<const TlsContext> client() { return client(TlsOptions()); }

  TlsContext(const TlsContext&) = delete;
  TlsContext& operator=(const TlsContext&) = delete;
  ~TlsContext();

  [[nodiscard]] bool is_client() const noexcept;

  // For this layer only.

  struct State;
  explicit TlsContext(std::unique_ptr<State> state) noexcept;
  [[nodiscard]] State& state() const noexcept { return *state_; }

 private:
  std::unique_ptr<State> state_;
};

}  // namespace rondo::tls
