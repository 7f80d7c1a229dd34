// A path is taken apart from the left. All pages but the late ones are plain functions of what is
// behind their name.

#include "tools/demo/demo_pages.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <map>
#include <string>
#include <utility>

#include "rondo/runtime/sleep.hpp"

#include "tools/demo/content_coding.hpp"
#include "tools/demo/demo_body.hpp"

namespace rondo::demo {
namespace {

using testing::HttpReply;
using testing::ReplyEnding;
using testing::ReplyFraming;

constexpr std::size_t kLargestBody = std::size_t{64} << 20;

/// What is left of a path: segments, each behind a "/".
class Segments {
 public:
  explicit Segments(std::string_view path) noexcept : rest_(path) {}

  std::string_view take() noexcept {
    rest_.remove_prefix(rest_.starts_with('/') ? 1 : 0);
    const std::string_view segment = rest_.substr(0, rest_.find('/'));
    rest_.remove_prefix(segment.size());
    return segment;
  }

  /// 0 for what is no number.
  std::size_t take_number() noexcept {
    const std::string_view digits = take();
    std::size_t number = 0;
    std::from_chars(digits.data(), digits.data() + digits.size(), number);
    return number;
  }

  [[nodiscard]] std::string_view rest() const noexcept { return rest_; }

 private:
  std::string_view rest_;
};

HttpReply sized(Segments path) {
  const std::string_view seed = path.take();
  HttpReply reply;
  reply.headers.add("Content-Type", "application/octet-stream");
  reply.body = bytes_of(seed, std::min(path.take_number(), kLargestBody));
  return reply;
}

HttpReply framed(Segments path, ReplyFraming framing) {
  HttpReply reply = sized(path);
  reply.framing = framing;
  return reply;
}

HttpReply chunked(Segments path) {
  return framed(path, ReplyFraming::chunked);
}

HttpReply until_close(Segments path) {
  return framed(path, ReplyFraming::until_close);
}

HttpReply coded(Segments path, std::string_view coding) {
  const std::string_view seed = path.take();
  const std::string text = text_of(seed, std::min(path.take_number(), kLargestBody));
  HttpReply reply = HttpReply::text(encoder_for(coding)(text));
  reply.headers.add("Content-Encoding", coding);
  return reply;
}

HttpReply redirect(Segments path) {
  static constexpr std::array kStatuses = {301, 302, 303, 307, 308};
  const std::size_t left = path.take_number();
  const std::string further = left > 1 ? "/redirect/" + std::to_string(left - 1) : std::string();
  return HttpReply::redirect(further + std::string(path.rest()),
                             kStatuses[left % kStatuses.size()]);
}

HttpReply status(Segments path) {
  const auto code = static_cast<int>(path.take_number());
  HttpReply reply = HttpReply::text(std::to_string(code));
  reply.status = code;
  return reply;
}

HttpReply loop(Segments path) {
  return HttpReply::redirect("/loop" + std::string(path.rest()));
}

HttpReply disconnect(Segments /*path*/) {
  return HttpReply::bytes("");
}

HttpReply garbage(Segments /*path*/) {
  return HttpReply::bytes("220 mail.example ESMTP\r\n\r\n");
}

HttpReply two_lengths(Segments /*path*/) {
  HttpReply reply = HttpReply::text("hello");
  reply.headers.add("Content-Length", "5");
  reply.headers.add("Content-Length", "6");
  return reply;
}

HttpReply silence(Segments /*path*/) {
  return HttpReply::bytes("", ReplyEnding::silence);
}

/// Sends the head and half of the body.
HttpReply halved(HttpReply reply, ReplyEnding ending) {
  const auto whole = testing::write_reply(reply, "GET", true);
  reply.cut_at = whole.head.size() + whole.body.size() / 2;
  reply.ending = ending;
  return reply;
}

HttpReply cut(Segments path) {
  return halved(sized(path), ReplyEnding::close);
}

HttpReply cut_chunks(Segments path) {
  return halved(chunked(path), ReplyEnding::close);
}

HttpReply reset(Segments path) {
  return halved(sized(path), ReplyEnding::reset);
}

HttpReply stall(Segments path) {
  return halved(sized(path), ReplyEnding::silence);
}

HttpReply unsealed(Segments path) {
  HttpReply reply = until_close(path);
  reply.ending = ReplyEnding::cut;
  return reply;
}

HttpReply damaged(Segments path) {
  HttpReply reply = coded(path, "gzip");
  char& victim = reply.body[reply.body.size() / 2];
  victim = static_cast<char>(victim ^ 1);
  return reply;
}

using Page = HttpReply (*)(Segments);

const std::map<std::string_view, Page>& pages() {
  static const std::map<std::string_view, Page> all = {
      {"bytes", sized},       {"chunked", chunked},
      {"cut", cut},           {"cut_chunks", cut_chunks},
      {"damaged", damaged},   {"disconnect", disconnect},
      {"garbage", garbage},   {"loop", loop},
      {"redirect", redirect}, {"reset", reset},
      {"silence", silence},   {"stall", stall},
      {"status", status},     {"two_lengths", two_lengths},
      {"unsealed", unsealed}, {"until_close", until_close},
  };
  return all;
}

HttpReply immediate_page(std::string_view name, Segments path) {
  if (encoder_for(name)) return coded(path, name);
  const auto found = pages().find(name);
  return found == pages().end() ? HttpReply::of_status(404) : found->second(path);
}

}  // namespace

Task<HttpReply> page(std::string_view path) {
  Segments segments(path);
  std::string_view name = segments.take();
  while (name == "delay") {
    co_await sleep(std::chrono::milliseconds(segments.take_number()));
    name = segments.take();
  }
  co_return immediate_page(name, segments);
}

}  // namespace rondo::demo
