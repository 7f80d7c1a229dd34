#pragma once
// What the server of a program answers, whole or not, in time or not.

#include <array>
#include <chrono>
#include <string>
#include <string_view>

namespace rondo::lifecycle {

struct ServerAnswer {
  std::string_view path;
  std::string bytes;
  std::chrono::milliseconds delay{0};
  bool closes = false;
};

/// All that there are. `/half` and `/silent` are never ended.
inline const std::array<ServerAnswer, 6>& server_answers() {
  static const std::array<ServerAnswer, 6> answers{{
      {"/small", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nsmall", {}, false},
      {"/large",
       "HTTP/1.1 200 OK\r\nContent-Length: 300000\r\n\r\n" + std::string(300000, 'x'),
       {},
       false},
      {"/half", "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf of it", {}, false},
      {"/cut", "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf of it", {}, true},
      {"/slow", "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nslow", std::chrono::milliseconds(30),
       false},
      {"/silent", "", {}, false},
  }};
  return answers;
}

/// The answer to the request that `head` begins with.
inline const ServerAnswer& answer_to(std::string_view head) {
  for (const ServerAnswer& answer : server_answers()) {
    if (head.find(answer.path) != std::string_view::npos) return answer;
  }
  return server_answers().front();
}

}  // namespace rondo::lifecycle
