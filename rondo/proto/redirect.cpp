// A function of its arguments: whether to follow comes first, then where to, then what to send
// there.

#include "rondo/proto/redirect.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "rondo/base/ascii.hpp"
#include "rondo/proto/utf8.hpp"

namespace rondo::proto {
namespace {

constexpr std::string_view kContentPrefix = "content-";
constexpr std::array<std::string_view, 3> kBodyFields = {"Transfer-Encoding", "Trailer", "Expect"};
constexpr std::array<std::string_view, 4> kOriginFields = {"Authorization", "Cookie",
                                                           "Proxy-Authorization", "Host"};

template <std::size_t size>
bool is_one_of(std::string_view name, const std::array<std::string_view, size>& names) {
  return std::any_of(names.begin(), names.end(), [name](std::string_view each) {
    return ascii::equal_ignoring_case(each, name);
  });
}

bool becomes_get(int status, std::string_view method) {
  if (status == 303) return method != "HEAD";
  return (status == 301 || status == 302) && method == "POST";
}

Result<Url, RedirectError> resolve(std::string_view location, const Url& base) {
  // Fields have no charset: browsers take UTF-8 if it is, else Latin-1.
  auto url = Url::parse(utf8_or_latin1(location), &base);
  if (!url) return Failure{RedirectError::invalid_location};
  if (url->scheme() != "http" && url->scheme() != "https") {
    return Failure{RedirectError::unfollowable_scheme};
  }
  const bool has_fragment = url->href().find('#') != std::string_view::npos;
  if (!has_fragment) url->set_hash(base.hash());
  return std::move(url).value();
}

}  // namespace

std::string_view describe(RedirectError error) noexcept {
  switch (error) {
    case RedirectError::too_many:
      return "too many redirects";
    case RedirectError::invalid_location:
      return "the Location of the redirect is no URL";
    case RedirectError::ambiguous_location:
      return "the redirect has several Location fields, and they differ";
    case RedirectError::unfollowable_scheme:
      return "the redirect leads to something else than http or https";
    case RedirectError::body_not_replayable:
      return "the redirect wants the body again, which cannot be sent twice";
  }
  return "";
}

Result<std::optional<NextHop>, RedirectError> next_hop(const RedirectContext& context) {
  const std::string_view location = ascii::trim(context.location.value_or(""));
  if (!is_redirect(context.status) || location.empty() || context.limit == 0) {
    return std::optional<NextHop>();
  }
  if (context.followed >= context.limit) return Failure{RedirectError::too_many};
  if (context.has_other_location) return Failure{RedirectError::ambiguous_location};
  auto url = resolve(location, context.url);
  if (!url) return Failure{url.error()};
  const bool to_get = becomes_get(context.status, context.method);
  const bool drop_body = to_get || context.status == 303;
  if (!drop_body && !context.body_replayable) return Failure{RedirectError::body_not_replayable};
  const bool same_origin = url->same_origin(context.url);
  return std::optional<NextHop>({.url = std::move(url).value(),
                                 .method = std::string(to_get ? "GET" : context.method),
                                 .drop_body = drop_body,
                                 .strip_credentials = !same_origin});
}

bool has_ambiguous_location(const HeaderMap& headers) {
  const auto first = headers.get("Location");
  bool differs = false;
  headers.for_each("Location", [&](std::string_view other) { differs |= other != first; });
  return differs;
}

bool belongs_to_body(std::string_view field_name) noexcept {
  return ascii::equal_ignoring_case(field_name.substr(0, kContentPrefix.size()), kContentPrefix) ||
         is_one_of(field_name, kBodyFields);
}

bool belongs_to_origin(std::string_view field_name) noexcept {
  return is_one_of(field_name, kOriginFields);
}

}  // namespace rondo::proto
