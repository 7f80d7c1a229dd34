// Which sessions are kept, for whom, and how often they are given out.

#include "rondo/tls/session_cache.hpp"

#include <gtest/gtest.h>
#include <openssl/ssl.h>

#include <ctime>
#include <string>

namespace rondo::tls::detail {
namespace {

/// A session that a server could have given, told from others by `mark`.
SessionHandle session(int version, unsigned char mark) {
  SessionHandle made(SSL_SESSION_new());
  SSL_SESSION_set_protocol_version(made.get(), version);
  SSL_SESSION_set1_id(made.get(), &mark, 1);
  return made;
}

int mark_of(const SessionHandle& session) {
  if (!session) return -1;
  unsigned size = 0;
  const unsigned char* id = SSL_SESSION_get_id(session.get(), &size);
  return size == 1 ? id[0] : -1;
}

TEST(SessionCache, HasNothingForAStranger) {
  SessionCache cache(8);
  EXPECT_EQ(mark_of(cache.take("a:443")), -1);
  EXPECT_EQ(cache.size(), 0U);
}

TEST(SessionCache, GivesATls12SessionOutAgainAndAgain) {
  SessionCache cache(8);
  cache.put("a:443", *session(TLS1_2_VERSION, 1));
  EXPECT_EQ(mark_of(cache.take("a:443")), 1);
  EXPECT_EQ(mark_of(cache.take("a:443")), 1);
  EXPECT_EQ(mark_of(cache.take("a:80")), -1);
}

TEST(SessionCache, GivesATls13SessionOutOnce) {
  SessionCache cache(8);
  cache.put("a:443", *session(TLS1_3_VERSION, 1));
  cache.put("a:443", *session(TLS1_3_VERSION, 2));
  EXPECT_EQ(mark_of(cache.take("a:443")), 2);
  EXPECT_EQ(mark_of(cache.take("a:443")), 1);
  EXPECT_EQ(mark_of(cache.take("a:443")), -1);
  EXPECT_EQ(cache.size(), 0U);
}

TEST(SessionCache, KeepsTheNewestTls12Session) {
  SessionCache cache(8);
  cache.put("a:443", *session(TLS1_2_VERSION, 1));
  cache.put("a:443", *session(TLS1_2_VERSION, 2));
  EXPECT_EQ(mark_of(cache.take("a:443")), 2);
}

TEST(SessionCache, KeepsAFewTls13Sessions) {
  SessionCache cache(8);
  for (unsigned char mark = 1; mark <= 9; ++mark) {
    cache.put("a:443", *session(TLS1_3_VERSION, mark));
  }
  for (int mark = 9; mark > 5; --mark) EXPECT_EQ(mark_of(cache.take("a:443")), mark);
  EXPECT_EQ(mark_of(cache.take("a:443")), -1);
}

TEST(SessionCache, ForgetsTheHostThatWasLongestOutOfUse) {
  SessionCache cache(3);
  for (const char* host : {"a", "b", "c"}) cache.put(host, *session(TLS1_2_VERSION, 1));
  EXPECT_EQ(mark_of(cache.take("a")), 1);
  cache.put("d", *session(TLS1_2_VERSION, 1));
  EXPECT_EQ(cache.size(), 3U);
  EXPECT_EQ(mark_of(cache.take("b")), -1);
  for (const char* host : {"a", "c", "d"}) EXPECT_EQ(mark_of(cache.take(host)), 1) << host;
}

TEST(SessionCache, ForgetsWhatHasExpired) {
  SessionCache cache(8);
  const SessionHandle old = session(TLS1_3_VERSION, 1);
  SSL_SESSION_set_time(old.get(), std::time(nullptr) - 100);
  SSL_SESSION_set_timeout(old.get(), 99);
  cache.put("a", *old);
  EXPECT_EQ(mark_of(cache.take("a")), -1);
  EXPECT_EQ(cache.size(), 0U);
}

TEST(SessionCache, DoesNotKeepWhatCannotBeResumed) {
  SessionCache cache(8);
  const SessionHandle without_id(SSL_SESSION_new());
  cache.put("a", *without_id);
  EXPECT_EQ(cache.size(), 0U);
}

TEST(SessionCache, OfSizeZeroKeepsNothing) {
  SessionCache cache(0);
  cache.put("a", *session(TLS1_2_VERSION, 1));
  EXPECT_EQ(mark_of(cache.take("a")), -1);
}

}  // namespace
}  // namespace rondo::tls::detail
