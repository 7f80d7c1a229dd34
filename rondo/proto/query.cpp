// Percent-encoding knows nothing of '+', so text is encoded from space to space.

#include "rondo/proto/query.hpp"

#include <string_view>

#include "rondo/proto/percent.hpp"

namespace rondo::proto {
namespace {

void append_component(std::string_view text, std::string& out) {
  while (true) {
    const std::size_t space = text.find(' ');
    percent_encode(text.substr(0, space), PercentSet::form, out);
    if (space == std::string_view::npos) return;
    out.push_back('+');
    text.remove_prefix(space + 1);
  }
}

}  // namespace

void append_form_urlencoded(const Fields& fields, std::string& out) {
  bool first = true;
  for (const Field& field : fields) {
    if (!first) out.push_back('&');
    first = false;
    append_component(field.name, out);
    out.push_back('=');
    append_component(field.value, out);
  }
}

std::string form_urlencoded(const Fields& fields) {
  std::string out;
  append_form_urlencoded(fields, out);
  return out;
}

}  // namespace rondo::proto
