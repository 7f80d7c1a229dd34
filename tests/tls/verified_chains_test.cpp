// What is verified again, and what is known.

#include "rondo/tls/verified_chains.hpp"

#include <gtest/gtest.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509_vfy.h>

#include <cstdio>
#include <ctime>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "tests/support/test_certificates.hpp"

namespace rondo::tls::detail {
namespace {

using namespace std::chrono_literals;

template <auto Free>
struct FreeWith {
  template <class T>
  void operator()(T* object) const noexcept {
    Free(object);
  }
};
template <class T, auto Free>
using Owned = std::unique_ptr<T, FreeWith<Free>>;
using Certificate = Owned<X509, X509_free>;
using File = Owned<std::FILE, std::fclose>;

void free_stack(STACK_OF(X509) * certificates) {
  sk_X509_free(certificates);  // a macro
}

std::vector<Certificate> certificates_in(const std::string& pem) {
  const File file(std::fopen(pem.c_str(), "re"));
  EXPECT_NE(file, nullptr) << pem;
  std::vector<Certificate> certificates;
  while (X509* next = PEM_read_X509(file.get(), nullptr, nullptr, nullptr)) {
    certificates.emplace_back(next);
  }
  return certificates;
}

/// How many certificates OpenSSL has looked at, on this thread.
thread_local int looked_at = 0;

int count_look(int is_good, X509_STORE_CTX* /*verification*/) {
  ++looked_at;
  return is_good;
}

class VerifiedChainsTest : public ::testing::Test {
 protected:
  VerifiedChainsTest() : store_(X509_STORE_new()) {
    X509_STORE_load_file(store_.get(), made_.ca_file().c_str());
  }

  /// What verification says of the peer that shows what is in `pem`, at `now`.
  bool is_good(const std::string& pem, const std::string& name, std::time_t now) {
    return verify(certificates_in(pem), name, now);
  }
  bool is_good(const std::string& pem, const std::string& name = "localhost") {
    return is_good(pem, name, now_);
  }

  /// Whether it is good without a look at its certificates.
  bool is_known(const std::string& pem, const std::string& name, std::time_t now) {
    return is_good(pem, name, now) && looked_at == 0;
  }
  bool is_known(const std::string& pem, const std::string& name = "localhost") {
    return is_known(pem, name, now_);
  }

  bool verify(const std::vector<Certificate>& shown, const std::string& name, std::time_t now) {
    const Owned<STACK_OF(X509), free_stack> sent(sk_X509_new_null());
    for (const Certificate& certificate : shown) sk_X509_push(sent.get(), certificate.get());
    const Owned<X509_STORE_CTX, X509_STORE_CTX_free> verification(X509_STORE_CTX_new());
    X509_STORE_CTX_init(verification.get(), store_.get(), shown.front().get(), sent.get());
    X509_VERIFY_PARAM* wanted = X509_STORE_CTX_get0_param(verification.get());
    X509_VERIFY_PARAM_set1_host(wanted, name.data(), name.size());
    X509_STORE_CTX_set_verify_cb(verification.get(), &count_look);
    looked_at = 0;
    const bool result = chains_.verify(*verification, name, now) == 1;
    EXPECT_EQ(result, X509_STORE_CTX_get_error(verification.get()) == X509_V_OK);
    return result;
  }

  const test::TestCertificates made_;
  const std::time_t now_ = std::time(nullptr);
  VerifiedChains chains_;

 private:
  Owned<X509_STORE, X509_STORE_free> store_;
};

TEST_F(VerifiedChainsTest, VerifiesAChainOnce) {
  const std::string pem = made_.good().certificate_file;
  EXPECT_TRUE(is_good(pem));
  EXPECT_GT(looked_at, 0);
  EXPECT_TRUE(is_known(pem));
  EXPECT_TRUE(is_known(pem));
}

TEST_F(VerifiedChainsTest, VerifiesItForEachName) {
  const std::string pem =
      made_.issue({.common_name = "two", .names = {"a.x", "b.x"}}).certificate_file;
  EXPECT_TRUE(is_good(pem, "a.x"));
  EXPECT_FALSE(is_good(pem, "c.x"));
  EXPECT_FALSE(is_known(pem, "b.x"));
  EXPECT_TRUE(is_known(pem, "b.x"));
}

TEST_F(VerifiedChainsTest, VerifiesAnotherCertificateForTheSameName) {
  EXPECT_TRUE(is_good(made_.good().certificate_file));
  EXPECT_FALSE(is_good(made_.unknown_issuer().certificate_file));
  EXPECT_FALSE(is_known(made_.good().certificate_file));
}

TEST_F(VerifiedChainsTest, DoesNotFillInWhatAPeerHasSentBefore) {
  std::vector<Certificate> chain = certificates_in(made_.with_intermediate().certificate_file);
  ASSERT_EQ(chain.size(), 2U);
  EXPECT_TRUE(verify(chain, "localhost", now_));
  chain.pop_back();
  EXPECT_FALSE(verify(chain, "localhost", now_));
}

TEST_F(VerifiedChainsTest, KeepsNothingThatIsBad) {
  for (int i = 0; i < 2; ++i) {
    EXPECT_FALSE(is_good(made_.good().certificate_file, "b.example"));
    EXPECT_FALSE(is_good(made_.expired().certificate_file));
    EXPECT_FALSE(is_good(made_.self_signed().certificate_file));
  }
  EXPECT_EQ(chains_.size(), 0U);
}

TEST_F(VerifiedChainsTest, VerifiesAgainAfterFiveMinutes) {
  const std::string pem = made_.good().certificate_file;
  EXPECT_TRUE(is_good(pem));
  EXPECT_TRUE(is_known(pem, "localhost", now_ + 299));
  EXPECT_FALSE(is_known(pem, "localhost", now_ + 300));
  EXPECT_TRUE(is_known(pem, "localhost", now_ + 599));
}

TEST_F(VerifiedChainsTest, VerifiesAgainWhenTheClockWasSetBack) {
  const std::string pem = made_.good().certificate_file;
  EXPECT_TRUE(is_good(pem));
  EXPECT_FALSE(is_known(pem, "localhost", now_ - 1));
}

TEST_F(VerifiedChainsTest, KnowsNothingLongerThanItsCertificatesAreValid) {
  const std::string pem =
      made_.issue({.common_name = "short", .names = {"localhost"}, .valid_until = 100s})
          .certificate_file;
  EXPECT_TRUE(is_good(pem));
  EXPECT_TRUE(is_known(pem, "localhost", now_ + 60));
  EXPECT_FALSE(is_known(pem, "localhost", now_ + 101));
}

TEST_F(VerifiedChainsTest, DropsWhatEndsFirst) {
  const std::string pem = made_.issue({.common_name = "wild", .names = {"*.a.x"}}).certificate_file;
  const auto name = [](std::size_t i) { return std::to_string(i) + ".a.x"; };
  EXPECT_TRUE(is_good(pem, name(0), now_ - 60));
  for (std::size_t i = 1; i <= VerifiedChains::kMostKept; ++i) EXPECT_TRUE(is_good(pem, name(i)));
  EXPECT_EQ(chains_.size(), VerifiedChains::kMostKept);
  EXPECT_TRUE(is_known(pem, name(1)));
  EXPECT_TRUE(is_known(pem, name(VerifiedChains::kMostKept)));
  EXPECT_FALSE(is_known(pem, name(0)));
}

TEST_F(VerifiedChainsTest, SeveralThreadsMayVerify) {
  const std::string pem = made_.issue({.common_name = "wild", .names = {"*.a.x"}}).certificate_file;
  std::vector<std::thread> threads;
  for (int thread = 0; thread < 4; ++thread) {
    threads.emplace_back([&] {
      for (int i = 0; i < 20; ++i) EXPECT_TRUE(is_good(pem, std::to_string(i) + ".a.x"));
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(chains_.size(), 20U);
}

}  // namespace
}  // namespace rondo::tls::detail
