// They are sent with CONNECT and with requests of any kind, so what belongs to one message only is
// refused where they are given.

#include "rondo/http/proxy_headers.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <string_view>

#include "rondo/base/ascii.hpp"
#include "rondo/proto/http1_request.hpp"

namespace rondo::http {
namespace {

constexpr std::array<std::string_view, 4> kOfTheMessage = {"Host", "Expect", "Content-Length",
                                                           "Transfer-Encoding"};

bool belongs_to_the_message(std::string_view name) {
  return std::any_of(kOfTheMessage.begin(), kOfTheMessage.end(),
                     [&](std::string_view each) { return ascii::equal_ignoring_case(each, name); });
}

}  // namespace

std::optional<std::string> find_proxy_header_fault(const proto::HeaderMap& fields) {
  for (std::size_t i = 0; i < fields.size(); ++i) {
    const proto::Field field = fields[i];
    if (const auto error = proto::check_field_syntax(field, i)) return error->describe();
    if (belongs_to_the_message(field.name)) {
      return "'" + std::string(field.name) + "' is not for the user to say";
    }
  }
  return std::nullopt;
}

}  // namespace rondo::http
