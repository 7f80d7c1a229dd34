#pragma once
// A real DNS server on loopback.

#include <string>
#include <vector>

#include "tests/support/loopback_server.hpp"
#include "tests/support/temporary_directory.hpp"

namespace rondo::test {

/// dnsmasq on a free port of 127.0.0.1, over UDP and TCP. It answers from its configuration alone:
/// no hosts file, no upstream server unless the configuration names one. Names that it does not
/// know under `.test` are NXDOMAIN, any others are REFUSED.
class Dnsmasq {
 public:
  /// `configuration` holds lines of dnsmasq.conf, as in "host-record=a.test,127.0.0.1,60". Returns
  /// when the server answers.
  explicit Dnsmasq(const std::vector<std::string>& configuration);

  [[nodiscard]] int port() const noexcept { return server_.port(); }

  /// "127.0.0.1:5353"
  [[nodiscard]] std::string address() const { return server_.address(); }

  /// What the server has logged: each query is a line like "query[A] a.test from 127.0.0.1".
  [[nodiscard]] std::string log() const { return server_.process().output(); }

  /// How many queries of `type` ("A", "AAAA") for `name` have come in.
  [[nodiscard]] int queries(const std::string& type, const std::string& name) const;

 private:
  TemporaryDirectory directory_;
  LoopbackServer server_;
};

}  // namespace rondo::test
