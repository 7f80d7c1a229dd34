// Both ends run on one loop, each in a task of its own.

#include "tests/tls/tls_fixture.hpp"

#include <gtest/gtest.h>

#include <tuple>

#include "rondo/runtime/gather.hpp"
#include "rondo/testing/memory_stream.hpp"

namespace rondo::tls {

LowerEnds memory_ends(std::size_t largest_read, std::size_t capacity) {
  auto [client, server] =
      testing::memory_stream_pair({.capacity = capacity, .largest_read = largest_read});
  return {std::move(client), std::move(server)};
}

const test::TestCertificates& TlsFixture::certificates() {
  static const test::TestCertificates made;
  return made;
}

SharedContext TlsFixture::client(TlsOptions options) {
  if (options.ca_file.empty()) options.ca_file = certificates().ca_file();
  return TlsContext::client(options);
}

SharedContext TlsFixture::server(TlsOptions options) {
  static const test::IdentityFiles good = certificates().good();
  return server(good, std::move(options));
}

SharedContext TlsFixture::server(const test::IdentityFiles& identity, TlsOptions options) {
  options.certificate_file = identity.certificate_file;
  options.key_file = identity.key_file;
  return TlsContext::server(options);
}

TlsOptions TlsFixture::only(TlsVersion version) {
  return {.min_version = version, .max_version = version};
}

Task<TlsEnds> shake_hands(LowerEnds lower, SharedContext client, SharedContext server,
                          std::string host) {
  auto connecting =
      TlsStream::connect(std::move(lower.client), std::move(client), std::move(host), 443);
  auto accepting = TlsStream::accept(std::move(lower.server), std::move(server));
  auto ends = co_await gather(std::move(connecting), std::move(accepting));
  co_return TlsEnds{std::move(std::get<0>(ends)), std::move(std::get<1>(ends))};
}

namespace {

Task<std::string> client_error_of(TlsError::Reason reason, SharedContext client,
                                  SharedContext server, std::string host) {
  LowerEnds lower = memory_ends();
  auto connecting = tls_error(
      reason, TlsStream::connect(std::move(lower.client), std::move(client), std::move(host), 443));
  auto accepting = TlsStream::accept(std::move(lower.server), std::move(server));
  auto outcomes = co_await gather(return_exceptions, std::move(connecting), std::move(accepting));
  co_return std::get<0>(outcomes).value();
}

}  // namespace

std::string client_error(TlsError::Reason reason, SharedContext client, SharedContext server,
                         std::string host) {
  return run(client_error_of(reason, std::move(client), std::move(server), std::move(host)));
}

Task<std::string> read_some(net::ByteStream& stream, std::size_t at_most) {
  std::string bytes(at_most, '\0');
  bytes.resize(co_await stream.read(bytes));
  co_return bytes;
}

Task<std::string> read_exactly(net::ByteStream& stream, std::size_t size) {
  std::string bytes(size, '\0');
  std::size_t filled = 0;
  while (filled < size) {
    const std::size_t count = co_await stream.read(std::span(bytes).subspan(filled));
    if (count == 0) break;
    filled += count;
  }
  bytes.resize(filled);
  co_return bytes;
}

Task<std::string> read_to_end(net::ByteStream& stream) {
  std::string all;
  while (true) {
    const std::string more = co_await read_some(stream);
    if (more.empty()) co_return all;
    all += more;
  }
}

std::string sample(std::size_t size) {
  std::string bytes;
  bytes.reserve(size + 8);
  for (std::size_t number = 0; bytes.size() < size; ++number) {
    bytes += std::to_string(number * 2654435761U);
    bytes += '\n';
  }
  bytes.resize(size);
  return bytes;
}

}  // namespace rondo::tls
