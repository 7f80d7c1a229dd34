// Options that cannot be, and what is said about them.

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <thread>

#include "rondo/testing/scripted_stream.hpp"

#include "tests/tls/tls_fixture.hpp"

namespace rondo::tls {
namespace {

class TlsContextTest : public TlsFixture {
 protected:
  /// What is said of a client's or, with a certificate, of a server's options.
  static std::string complaint(const TlsOptions& options, bool of_server = false) {
    try {
      static_cast<void>(of_server ? TlsContext::server(options) : TlsContext::client(options));
    } catch (const TlsError& error) {
      EXPECT_EQ(static_cast<int>(error.reason()),
                static_cast<int>(TlsError::Reason::configuration));
      return error.what();
    }
    ADD_FAILURE() << "no error";
    return "";
  }

  static std::string in_directory(const char* name) {
    return certificates().directory().path() / name;
  }

  static std::string content(const std::string& file) {
    std::ostringstream text;
    text << std::ifstream(file).rdbuf();
    return text.str();
  }
};

TEST_F(TlsContextTest, NamesACaFileThatIsNotThere) {
  const std::string file = in_directory("missing.pem");
  EXPECT_EQ(complaint({.ca_file = file}),
            "cannot read the CA certificates in " + file + ": No such file or directory");
}

TEST_F(TlsContextTest, NamesACaFileWithoutACertificate) {
  const std::string file = certificates().directory().write("empty.pem", "nothing\n");
  EXPECT_EQ(complaint({.ca_file = file}),
            "cannot read the CA certificates in " + file + ": no certificate or crl found");
}

TEST_F(TlsContextTest, NamesACaDirectoryThatIsNone) {
  const std::string missing = in_directory("missing");
  EXPECT_EQ(complaint({.ca_directory = missing}),
            "cannot read the CA certificates in " + missing + ": No such file or directory");
  const std::string file = certificates().ca_file();
  EXPECT_EQ(complaint({.ca_directory = file}),
            "cannot read the CA certificates in " + file + ": it is no directory");
}

TEST_F(TlsContextTest, NamesACertificateThatIsNotThere) {
  const std::string file = in_directory("missing.pem");
  EXPECT_EQ(complaint({.certificate_file = file}),
            "cannot read the certificate in " + file + ": No such file or directory");
  const std::string key = certificates().good().key_file;
  EXPECT_EQ(complaint({.certificate_file = key}),
            "cannot read the certificate in " + key + ": no start line");
}

TEST_F(TlsContextTest, NamesAKeyThatIsNotThere) {
  const auto identity = certificates().good();
  const std::string file = in_directory("missing.key");
  EXPECT_EQ(complaint({.certificate_file = identity.certificate_file, .key_file = file}),
            "cannot read the private key in " + file + ": No such file or directory");
}

TEST_F(TlsContextTest, LooksForTheKeyBesideTheCertificate) {
  const auto identity = certificates().good();
  const std::string both = certificates().directory().write(
      "both.pem", content(identity.certificate_file) + content(identity.key_file));
  EXPECT_NE(TlsContext::server({.certificate_file = both}), nullptr);
  const std::string& alone = identity.certificate_file;
  EXPECT_EQ(complaint({.certificate_file = alone}),
            "cannot read the private key in " + alone + ": unsupported");
}

TEST_F(TlsContextTest, NoticesAKeyOfAnotherCertificate) {
  const auto one = certificates().good();
  const auto other = certificates().good();
  EXPECT_EQ(complaint({.certificate_file = one.certificate_file, .key_file = other.key_file}),
            "the private key in " + other.key_file + " does not belong to the certificate in " +
                one.certificate_file);
}

TEST_F(TlsContextTest, AsksForThePasswordOfAKeyByItsOption) {
  const auto locked = certificates().issue({.common_name = "locked", .key_password = "sesame"});
  TlsOptions options{.certificate_file = locked.certificate_file, .key_file = locked.key_file};
  const std::string front = "cannot read the private key in " + locked.key_file +
                            ": it is encrypted, and the password is ";
  EXPECT_EQ(complaint(options), front + "missing");
  options.key_password = "wrong";
  EXPECT_EQ(complaint(options), front + "wrong");
  options.key_password = "sesame";
  EXPECT_NE(TlsContext::client(options), nullptr);
}

TEST_F(TlsContextTest, RefusesAServerWithoutACertificate) {
  EXPECT_EQ(complaint({.alpn = {"h2"}}, true), "a server needs a certificate");
}

TEST_F(TlsContextTest, RefusesVersionsInTheWrongOrder) {
  EXPECT_EQ(complaint({.min_version = TlsVersion::tls_1_3, .max_version = TlsVersion::tls_1_2}),
            "the lowest TLS version is above the highest one");
}

TEST_F(TlsContextTest, NamesACipherThereIsNot) {
  EXPECT_EQ(complaint({.ciphers = "ROT13"}), "no TLS 1.2 cipher is called \"ROT13\"");
  EXPECT_EQ(complaint({.ciphersuites = "ROT13"}), "no TLS 1.3 cipher is called \"ROT13\"");
}

TEST_F(TlsContextTest, RefusesProtocolNamesThatDoNotFit) {
  EXPECT_EQ(complaint({.alpn = {"h2", ""}}), "an ALPN protocol has 1 to 255 bytes, not 0");
  EXPECT_EQ(complaint({.alpn = {std::string(256, 'x')}}),
            "an ALPN protocol has 1 to 255 bytes, not 256");
}

TEST_F(TlsContextTest, RefusesTheOtherSidesPart) {
  testing::StreamRecord record;
  const auto silent = [&] {
    return std::make_unique<testing::ScriptedStream>(testing::StreamScript{}, record);
  };
  auto connecting = TlsStream::connect(silent(), server(), "localhost", 443);
  EXPECT_EQ(run(tls_error(TlsError::Reason::configuration, std::move(connecting))),
            "the TLS context is a server's");
  auto accepting = TlsStream::accept(silent(), client());
  EXPECT_EQ(run(tls_error(TlsError::Reason::configuration, std::move(accepting))),
            "the TLS context is a client's");
}

TEST_F(TlsContextTest, SaysWhenTheSystemHasNoRootsAtAll) {
  const std::string nowhere = in_directory("no-roots");
  ::setenv("SSL_CERT_FILE", nowhere.c_str(), 1);
  ::setenv("SSL_CERT_DIR", nowhere.c_str(), 1);
  const auto rootless = TlsContext::client();
  ::unsetenv("SSL_CERT_FILE");
  ::unsetenv("SSL_CERT_DIR");
  const std::string hint =
      "; this system has no CA certificates at all (Debian's package is ca-certificates)";
  const auto without = client_error(TlsError::Reason::unknown_issuer, rootless, server());
  EXPECT_NE(without.find(hint), std::string::npos) << without;
  const auto other = certificates().unknown_issuer();
  const auto with = client_error(TlsError::Reason::unknown_issuer, client(), server(other));
  EXPECT_EQ(with.find(hint), std::string::npos) << with;
}

TEST_F(TlsContextTest, LogsKeysForTheOwnersEyesOnly) {
  const std::string file = in_directory("keys.log");
  run(shake_hands(memory_ends(), client({.key_log_file = file}), server()));
  const std::string keys = content(file);
  EXPECT_NE(keys.find("CLIENT_TRAFFIC_SECRET_0 "), std::string::npos);
  EXPECT_EQ(keys.back(), '\n');
  struct stat status{};
  ASSERT_EQ(::stat(file.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0600U);
  const std::string other = in_directory("nowhere/keys.log");
  EXPECT_EQ(complaint({.key_log_file = other}),
            "cannot write the key log " + other + ": No such file or directory");
}

TEST_F(TlsContextTest, IsSharedByLoopsOnSeveralThreads) {
  const auto connecting = client();
  const auto accepting = server();
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      for (int k = 0; k < 10; ++k) {
        const auto body = [&]() -> Task<> {
          const TlsEnds ends = co_await shake_hands(memory_ends(), connecting, accepting);
          co_await ends.server->write("hello");
          EXPECT_EQ(co_await read_some(*ends.client), "hello");
        };
        run(body(), {.handle_sigint = false});
      }
    });
  }
  for (auto& thread : threads) thread.join();
}

}  // namespace
}  // namespace rondo::tls
