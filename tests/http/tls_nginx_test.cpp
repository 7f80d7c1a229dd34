// What is checked of a server's certificate, sessions that are resumed, and how connections end.

#include <gtest/gtest.h>

#include <cstdint>
#include <future>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "rondo/net/tcp.hpp"
#include "rondo/runtime/timeout.hpp"
#include "rondo/tls/tls_error.hpp"
#include "rondo/tls/tls_stream.hpp"

#include "tests/http/nginx_fixture.hpp"
#include "tests/support/test_certificates.hpp"

namespace rondo::http {
namespace {

using ::testing::HasSubstr;
using namespace std::chrono_literals;

class TlsNginxTest : public NginxTest {};
RONDO_ON_EACH_BACKEND(TlsNginxTest);

Task<std::string> certificate_error(SessionOptions options, std::string url) {
  const ClientSession session(std::move(options));
  std::string text = co_await RONDO_FAILURE_OF(ClientConnectorCertificateError, session.get(url));
  EXPECT_EQ(session.active_connections(), 0u);
  EXPECT_EQ(session.idle_connections(), 0u);
  co_return text;
}

TEST_P(TlsNginxTest, RefusesBadCertificatesInWords) {
  EXPECT_THAT(run(certificate_error(trusting(), url(Site::expired, "/small"))),
              HasSubstr("expired"));
  EXPECT_THAT(run(certificate_error(trusting(), url(Site::wrong_host, "/small"))),
              HasSubstr("a.example"));
  EXPECT_THAT(run(certificate_error(trusting(), url(Site::unknown_issuer, "/small"))),
              HasSubstr("issuer"));
}

TEST_P(TlsNginxTest, TrustsTheSystemsRootsAlone) {
  EXPECT_THAT(run(certificate_error({}, url(Site::tls_1_3, "/small"))), HasSubstr("issuer"));
}

Task<> get_insecurely(std::vector<std::string> urls) {
  SessionOptions options;
  options.connector.tls.insecure = true;
  const ClientSession session(std::move(options));
  for (const std::string& url : urls) EXPECT_EQ(co_await text_of(session, url), "small");
}

TEST_P(TlsNginxTest, AcceptsAnyCertificateWhenToldTo) {
  run(get_insecurely({url(Site::expired, "/small"), url(Site::wrong_host, "/small"),
                      url(Site::unknown_issuer, "/small")}));
}

Task<> connect_beside(SessionOptions options, std::string base, std::string version) {
  const ClientSession session(std::move(options));
  EXPECT_EQ(co_await text_of(session, base + "/tls"), version + " .");
  auto unread = co_await session.get(base + "/files/1048576.txt");
  EXPECT_EQ(co_await text_of(session, base + "/tls"), version + " r") << "on a second connection";
  EXPECT_TRUE(co_await unread.read() == Nginx::file(1048576));
}

TEST_P(TlsNginxTest, ResumesSessions) {
  run(connect_beside(trusting(), url(Site::tls_1_2, ""), "TLSv1.2"));
  run(connect_beside(trusting(), url(Site::tls_1_3, ""), "TLSv1.3"));
}

Task<> speak_tls_to_plain(std::string address) {
  const ClientSession session;
  EXPECT_NE(co_await RONDO_FAILURE_OF(ClientConnectorSSLError,
                                      session.get("https://" + address + "/small")),
            "");
}

TEST_P(TlsNginxTest, SaysThatAPlainServerSpeaksNoTls) {
  run(speak_tls_to_plain("127.0.0.1:" + std::to_string(nginx().port(Site::plain))));
}

/// Reads up to an empty line.
Task<> read_request(net::ByteStream& stream) {
  std::string text;
  while (!text.ends_with("\r\n\r\n")) {
    std::string piece(4096, '\0');
    const std::size_t count = co_await stream.read(piece);
    if (count == 0) throw std::runtime_error("the client went before its request was complete");
    text.append(piece, 0, count);
  }
}

/// Answers one request over TLS and tells how the connection ended.
Task<std::string> serve_one(const tls::TlsOptions& options, std::promise<std::uint16_t>& port) {
  const auto context = tls::TlsContext::server(options);
  net::TcpListener listener(net::SocketAddress::loopback(0));
  port.set_value(listener.local_address().port());
  auto lower = co_await timeout(20s, listener.accept());
  const auto stream = co_await tls::TlsStream::accept(std::move(lower), context);
  co_await timeout(20s, read_request(*stream));
  co_await stream->write("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nsmall");
  try {
    std::string rest(100, '\0');
    const std::size_t count = co_await stream->read(rest);
    co_return count == 0 ? "close_notify" : "more than one request";
  } catch (const tls::TlsError& error) {
    co_return error.what();
  }
}

/// A server in a thread and loop of its own, which go on when the client's have ended.
class TlsServerThread {
 public:
  TlsServerThread(const test::TestCertificates& certificates, tls::TlsVersion version) {
    const test::IdentityFiles identity = certificates.good();
    options_ = {.certificate_file = identity.certificate_file,
                .key_file = identity.key_file,
                .min_version = version,
                .max_version = version};
    auto listening = port_.get_future();
    ending_ =
        std::async(std::launch::async, [this] { return rondo::run(serve_one(options_, port_)); });
    url_ = "https://127.0.0.1:" + std::to_string(listening.get()) + "/";
  }

  [[nodiscard]] const std::string& url() const noexcept { return url_; }
  [[nodiscard]] std::string ending() { return ending_.get(); }

 private:
  tls::TlsOptions options_;
  std::promise<std::uint16_t> port_;
  std::future<std::string> ending_;
  std::string url_;
};

Task<> get_and_end(SessionOptions options, std::string url) {
  const ClientSession session(std::move(options));
  EXPECT_EQ(co_await text_of(session, url), "small");
}

/// The session outlives the loop.
Task<> get_and_leave(std::unique_ptr<ClientSession>& session, SessionOptions options,
                     std::string url) {
  session = std::make_unique<ClientSession>(std::move(options));
  EXPECT_EQ(co_await text_of(*session, url), "small");
}

Task<> drop_response(SessionOptions options, std::string url) {
  const ClientSession session(std::move(options));
  const auto response = co_await session.get(url);
  EXPECT_EQ(response.status(), 200);
}

TEST_P(TlsNginxTest, EndsEveryConnectionInGoodOrder) {
  const test::TestCertificates certificates;
  SessionOptions options;
  options.connector.tls.ca_file = certificates.ca_file();
  for (const auto version : {tls::TlsVersion::tls_1_2, tls::TlsVersion::tls_1_3}) {
    TlsServerThread first(certificates, version);
    run(get_and_end(options, first.url()));
    EXPECT_EQ(first.ending(), "close_notify") << "the session went out of scope";

    TlsServerThread second(certificates, version);
    std::unique_ptr<ClientSession> session;
    run(get_and_leave(session, options, second.url()));
    EXPECT_EQ(second.ending(), "close_notify") << "the loop ended before the session";

    TlsServerThread third(certificates, version);
    run(drop_response(options, third.url()));
    EXPECT_EQ(third.ending(), "close_notify") << "nobody read the body";
  }
}

}  // namespace
}  // namespace rondo::http
