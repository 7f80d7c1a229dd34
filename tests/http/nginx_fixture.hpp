#pragma once
// Sessions against a real nginx, on each back end.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <utility>

#include "rondo/http/client_session.hpp"

#include "tests/support/each_backend.hpp"
#include "tests/support/nginx.hpp"

namespace rondo::http {

using test::Nginx;
using Site = test::Nginx::Site;

class NginxTest : public test::EachBackend {
 protected:
  /// Started by the first test that needs it, used by all that follow.
  static const Nginx& nginx() {
    static const Nginx instance;
    return instance;
  }

  static std::string url(Site site, std::string_view path) { return nginx().url(site, path); }
  static std::string plain(std::string_view path) { return url(Site::plain, path); }

  /// A session's that trusts the servers whose certificates are in order.
  static SessionOptions trusting() {
    SessionOptions options;
    options.connector.tls.ca_file = nginx().ca_file();
    return options;
  }
};

/// The body of `url`, which must be there.
inline Task<std::string> text_of(const ClientSession& session, std::string url) {
  auto response = co_await session.get(url);
  EXPECT_EQ(response.status(), 200) << url;
  co_return co_await response.text();
}

/// The address of the server that a session with these options asks for `url`, its small page.
inline Task<std::string> remote_of(SessionOptions options, std::string url) {
  const ClientSession session(std::move(options));
  auto response = co_await session.get(url);
  EXPECT_EQ(co_await response.text(), "small");
  std::string remote(response.remote());
  co_return remote;
}

/// What a request says whose failure must be just an `E`, no class below it.
template <class E>
Task<std::string> failure_of(Task<Response> request, std::string name) {
  try {
    const Response response = co_await std::move(request);
    ADD_FAILURE() << "an answer instead of a " << name << ": " << response.status();
  } catch (const E& error) {
    EXPECT_EQ(class_name(error), name) << error.what();
    co_return error.what();
  }
  co_return "";
}

}  // namespace rondo::http

/// `what()` of the failure of `request`, of the class `E` exactly.
#define RONDO_FAILURE_OF(E, request) failure_of<E>(request, #E)
