#pragma once
// Suites of middlewares with a policy: what they do is told to a trace.

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "rondo/http/request_trace.hpp"

#include "tests/http/exchange_fixture.hpp"

namespace rondo::http::test {

inline std::string status(int code, std::string_view fields = {}) {
  return "HTTP/1.1 " + std::to_string(code) + " X\r\n" + std::string(fields) +
         "Content-Length: 0\r\n\r\n";
}

class PolicySuite : public ExchangeSuite {
 protected:
  class Trace final : public RequestTrace {
   public:
    void on_policy(std::string_view policy, std::string_view event) override {
      notes.push_back(std::string(policy) + ": " + std::string(event));
    }
    std::vector<std::string> notes;
  };

  /// Answers with `answers` in turn, and with the last one from then on.
  static Behaviour in_turn(std::vector<std::string> answers) {
    return [answers, i = std::size_t{0}](const Received&) mutable {
      const std::string& answer = answers[std::min(i, answers.size() - 1)];
      ++i;
      return Reaction{.bytes = answer};
    };
  }

  static Task<int> status_of(Core core, std::string_view url, RequestOptions options = {},
                             std::string_view method = "GET") {
    Response response = co_await request(core, method, url, options);
    co_return response.status();
  }

  Trace trace_;
};

}  // namespace rondo::http::test
