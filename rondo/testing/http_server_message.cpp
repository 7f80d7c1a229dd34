// Nothing that a reply holds is checked: a test may want it wrong.

#include "rondo/testing/http_server_message.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

namespace rondo::testing {
namespace {

bool has_body(int status) noexcept {
  return status >= 200 && status != 204 && status != 304;
}

std::string hexadecimal(std::size_t number) {
  std::array<char, 2 * sizeof number> digits{};
  const auto end = std::to_chars(digits.begin(), digits.end(), number, 16).ptr;
  return {digits.begin(), end};
}

std::string in_chunks(std::string_view body, std::size_t chunk_size) {
  std::string chunked;
  chunk_size = std::max<std::size_t>(chunk_size, 1);
  chunked.reserve(body.size() + body.size() / chunk_size * 16 + 32);
  for (; !body.empty(); body.remove_prefix(std::min(chunk_size, body.size()))) {
    const std::string_view chunk = body.substr(0, chunk_size);
    chunked.append(hexadecimal(chunk.size())).append("\r\n").append(chunk).append("\r\n");
  }
  return chunked += "0\r\n\r\n";
}

void add_unless_there(proto::HeaderMap& headers, std::string_view name, std::string_view value) {
  if (!headers.contains(name)) headers.add(name, value);
}

void add_framing(HttpReply& reply) {
  if (!has_body(reply.status)) return;
  if (reply.framing == ReplyFraming::chunked) {
    add_unless_there(reply.headers, "Transfer-Encoding", "chunked");
  } else if (reply.framing == ReplyFraming::sized) {
    add_unless_there(reply.headers, "Content-Length", std::to_string(reply.body.size()));
  }
}

std::string write_head(const HttpReply& reply) {
  std::string head = "HTTP/1.1 " + std::to_string(reply.status) + " \r\n";
  for (const auto [name, value] : reply.headers) {
    head.append(name).append(": ").append(value).append("\r\n");
  }
  return head += "\r\n";
}

}  // namespace

HttpReply HttpReply::text(std::string body) {
  HttpReply reply;
  reply.headers.add("Content-Type", "text/plain; charset=utf-8");
  reply.body = std::move(body);
  return reply;
}

HttpReply HttpReply::of_status(int status) {
  HttpReply reply;
  reply.status = status;
  return reply;
}

HttpReply HttpReply::redirect(std::string_view location, int status) {
  HttpReply reply = of_status(status);
  reply.headers.add("Location", location);
  return reply;
}

HttpReply HttpReply::bytes(std::string raw, ReplyEnding ending) {
  HttpReply reply;
  reply.raw = std::move(raw);
  reply.ending = ending;
  return reply;
}

ReplyMessage write_reply(HttpReply reply, std::string_view method, bool client_keeps_alive) {
  if (reply.raw) return {std::move(*reply.raw), {}, true};
  add_framing(reply);
  if (!client_keeps_alive || reply.framing == ReplyFraming::until_close) {
    add_unless_there(reply.headers, "Connection", "close");
  }
  ReplyMessage message;
  message.keeps_alive = !reply.headers.contains_token("Connection", "close");
  message.head = write_head(reply);
  if (method != "HEAD" && has_body(reply.status)) {
    message.body = reply.framing == ReplyFraming::chunked ? in_chunks(reply.body, reply.chunk_size)
                                                          : std::move(reply.body);
  }
  return message;
}

}  // namespace rondo::testing
