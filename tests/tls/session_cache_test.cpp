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

void put_many(SessionCache& cache, std::string_view host, unsigned char count) {
  for (unsigned char mark = 1; mark <= count; ++mark) {
    cache.put(host, *session(TLS1_3_VERSION, mark));
  }
}

TEST(SessionCache, KeepsTheNewestTls13SessionsForManyConnectionsAtOnce) {
  SessionCache cache(32);
  put_many(cache, "a:443", 70);
  for (int mark = 70; mark > 6; --mark) EXPECT_EQ(mark_of(cache.take("a:443")), mark);
  EXPECT_EQ(mark_of(cache.take("a:443")), -1);
}

TEST(SessionCache, KeepsNoMoreInAllThanAFewForEachHost) {
  SessionCache cache(2);
  put_many(cache, "a", 5);
  put_many(cache, "b", 5);
  for (const int mark : {5, 4, 3, -1}) EXPECT_EQ(mark_of(cache.take("a")), mark);
  for (const int mark : {5, 4, 3, 2, 1, -1}) EXPECT_EQ(mark_of(cache.take("b")), mark);
  EXPECT_EQ(cache.size(), 0U);
  put_many(cache, "c", 9);  // what was taken has made room
  for (const int mark : {9, 8, 7, 6, 5, 4, 3, 2, -1}) EXPECT_EQ(mark_of(cache.take("c")), mark);
}

TEST(SessionCache, ForgetsAHostWithItsLastSession) {
  SessionCache cache(2);
  put_many(cache, "a", 1);
  put_many(cache, "b", 8);
  EXPECT_EQ(cache.size(), 1U);
  EXPECT_EQ(mark_of(cache.take("b")), 8);
}

TEST(SessionCache, ATls12SessionReplacesAll) {
  SessionCache cache(1);
  put_many(cache, "a", 4);
  cache.put("a", *session(TLS1_2_VERSION, 9));
  put_many(cache, "a", 3);  // there is room for these beside it
  for (const int mark : {3, 2, 1, 9, 9}) EXPECT_EQ(mark_of(cache.take("a")), mark);
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

/// How many of so many connections to a host that has sessions are given one.
int given(SessionCache& cache, int connections) {
  int count = 0;
  for (int i = 0; i < connections; ++i) {
    cache.put("a", *session(TLS1_3_VERSION, 1));
    if (cache.take("a")) ++count;
  }
  return count;
}

TEST(SessionCache, GivesFewToAHostThatResumesNone) {
  SessionCache cache(8);
  for (int i = 0; i < 4; ++i) {
    EXPECT_EQ(given(cache, 1), 1) << i;
    cache.note_answer("a", false);
  }
  EXPECT_EQ(given(cache, 160), 10);
  cache.put("b", *session(TLS1_3_VERSION, 2));
  EXPECT_EQ(mark_of(cache.take("b")), 2) << "others are not concerned";
  cache.note_answer("a", true);
  EXPECT_EQ(given(cache, 160), 160);
}

TEST(SessionCache, DoesNotMindSingleRefusals) {
  SessionCache cache(8);
  for (int i = 0; i < 100; ++i) {
    EXPECT_EQ(given(cache, 1), 1) << i;
    cache.note_answer("a", i % 4 == 3);
  }
}

TEST(SessionCache, RemembersRefusalsOfAHostWithoutSessions) {
  SessionCache cache(2);
  cache.put("a", *session(TLS1_3_VERSION, 1));
  EXPECT_EQ(mark_of(cache.take("a")), 1);
  for (int i = 0; i < 4; ++i) cache.note_answer("a", false);
  EXPECT_EQ(given(cache, 15), 0);
  put_many(cache, "b", 1);
  put_many(cache, "c", 1);
  cache.note_answer("a", false);
  EXPECT_EQ(given(cache, 1), 1) << "pushed out by the others, it is a stranger";
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
